import { pipeline, Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import type { ConfigError } from '../errors.ts';
import type { JsonObject } from '../release/json.ts';
import { setOwnValue } from '../release/own-value.ts';
import { type CellType, ColumnType, cellValue } from './csv-types.ts';
import { corrupt, portfolioError } from './portfolio-errors.ts';
import { CHUNK_ROWS, type FileFacts, type NamedFile, type PortfolioReader } from './portfolio-file.ts';
import { textStream, utf8Text } from './text-stream.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

export interface CsvHead {
  readonly delimiter: string;
  readonly header: readonly string[];
}

interface Layout extends CsvHead {
  readonly types: readonly CellType[];
  readonly rows: number;
}

/** Text with a header line, separated by commas, semicolons, tabs or bars (RFC 4180), quotes where needed. */
export class CsvReader implements PortfolioReader {
  readonly #file: NamedFile;
  #layout: Promise<Layout> | undefined;

  constructor(file: NamedFile) {
    this.#file = file;
  }

  async facts(signal: AbortSignal): Promise<FileFacts> {
    const { header, rows } = await this.#layoutOf(signal);
    return { rows, columns: header };
  }

  /** The separator, and the names in the first line; undefined where there is no line. */
  async head(signal: AbortSignal): Promise<CsvHead | undefined> {
    const delimiter = await this.#delimiter(signal);
    for await (const cells of this.#records(delimiter, signal, 1, 1)) {
      return { delimiter, header: this.#checkHeader(cells) };
    }
    return undefined;
  }

  async *rows(signal: AbortSignal): AsyncIterable<readonly JsonObject[]> {
    const { delimiter, header, types } = await this.#layoutOf(signal);
    let chunk: JsonObject[] = [];
    for await (const cells of this.#records(delimiter, signal, 2)) {
      const row: Record<string, JsonObject[string]> = {};
      for (const [index, name] of header.entries()) {
        setOwnValue(row, name, cellValue(cells[index] ?? '', types[index] ?? 'text'));
      }
      chunk.push(row);
      if (chunk.length < CHUNK_ROWS) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  /** One pass over the file: a column's type is known only when all its cells are. */
  #layoutOf(signal: AbortSignal): Promise<Layout> {
    this.#layout ??= this.#scan(signal);
    return this.#layout;
  }

  async #scan(signal: AbortSignal): Promise<Layout> {
    const delimiter = await this.#delimiter(signal);
    let header: readonly string[] | undefined;
    let types: readonly ColumnType[] = [];
    let rows = 0;
    for await (const cells of this.#records(delimiter, signal, 1)) {
      if (header === undefined) {
        header = this.#checkHeader(cells);
        types = header.map(() => new ColumnType());
      } else {
        for (let index = 0; index < types.length; index++) types[index]?.add(cells[index] ?? '');
        rows += 1;
      }
    }
    return { delimiter, header: header ?? [], types: types.map(({ type }) => type), rows };
  }

  #checkHeader(cells: readonly string[]): readonly string[] {
    const names = cells.map((cell) => cell.trim());
    const problem = (what: string): ConfigError =>
      portfolioError('PORTFOLIO-HEADER', what, 'Name every column in the first line, each by another name', {
        file: this.#file.name,
        line: 1,
      });
    const nameless = names.indexOf('');
    if (nameless >= 0) throw problem(`column ${nameless + 1} has no name`);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw problem(`two columns are called ${twice}`);
    return names;
  }

  /** The separator that cuts the first line into most cells. */
  async #delimiter(signal: AbortSignal): Promise<string> {
    const counts = new Map<string, number>();
    for (const delimiter of DELIMITERS) {
      for await (const cells of this.#records(delimiter, signal, 1, 1)) counts.set(delimiter, cells.length);
    }
    return DELIMITERS.reduce((best, next) => ((counts.get(next) ?? 0) > (counts.get(best) ?? 0) ? next : best));
  }

  async *#records(
    delimiter: string,
    signal: AbortSignal,
    fromLine: number,
    most?: number,
  ): AsyncIterable<readonly string[]> {
    const options: Options = {
      delimiter,
      skip_empty_lines: true,
      from: fromLine,
      relax_column_count: most !== undefined,
      relax_quotes: most !== undefined,
      ...(most !== undefined && { to: most }),
    };
    const source = Readable.from(utf8Text(textStream(this.#file, signal), this.#file.name));
    const parser = pipeline(source, parse(options), () => undefined);
    try {
      for await (const cells of parser) yield cells as string[];
    } catch (error) {
      throw this.#explain(error);
    } finally {
      source.destroy();
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof CsvError))
      return error instanceof Error && 'code' in error ? corrupt(this.#file.name, error) : error;
    const { lines } = error as CsvError & { readonly lines?: number };
    const fix = 'Check the quotes and the number of cells of this line';
    const place = { file: this.#file.name, ...(lines !== undefined && { line: lines }) };
    return portfolioError('PORTFOLIO-ROW', `the CSV cannot be read: ${error.message}`, fix, place);
  }
}
