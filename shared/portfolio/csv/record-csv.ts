import { pipeline, Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import type { ConfigError } from '../../errors.ts';
import type { JsonObject } from '../../release/json.ts';
import { setOwnValue } from '../../release/own-value.ts';
import { corrupt, portfolioError } from '../portfolio-errors.ts';
import { CHUNK_ROWS, type NamedFile } from '../portfolio-file.ts';
import { textStream, utf8Text } from '../text-stream.ts';
import { type CellType, ColumnType, cellValue } from './csv-types.ts';

/** Each piece of a text is waited for: the parser takes those that follow the last record that it wants for an error. */
const PIECE_BY_PIECE = { writableHighWaterMark: 1 };
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The separator, and the names in the first line. */
export interface CsvHead {
  readonly delimiter: string;
  readonly header: readonly string[];
}

/** What is found out of any text before its rows can be read. */
export interface RecordColumns extends CsvHead {
  readonly types: readonly CellType[];
  readonly rows: number;
}

/** Text with a header line, record by record: what is allowed at all, and what is wrong with the rest. */
export class RecordCsv {
  readonly #file: NamedFile;

  constructor(file: NamedFile) {
    this.#file = file;
  }

  /** @returns undefined where there is no line */
  async head(signal: AbortSignal): Promise<CsvHead | undefined> {
    const delimiter = await this.#delimiter(signal);
    for await (const cells of this.#records(delimiter, signal, 1, 1)) {
      return { delimiter, header: this.#checkHeader(cells) };
    }
    return undefined;
  }

  /** One pass over the file: a column's type is known only when all its cells are. */
  async lookAt(head: CsvHead, signal: AbortSignal): Promise<RecordColumns> {
    const types = head.header.map(() => new ColumnType());
    let rows = 0;
    for await (const cells of this.#records(head.delimiter, signal, 2)) {
      for (let index = 0; index < types.length; index++) types[index]?.add(cells[index] ?? '');
      rows += 1;
    }
    return { ...head, types: types.map(({ type }) => type), rows };
  }

  async *read({ delimiter, header, types }: RecordColumns, signal: AbortSignal): AsyncGenerator<readonly JsonObject[]> {
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
      ...(most !== undefined && { to: most, ...PIECE_BY_PIECE }),
    };
    const source = Readable.from(utf8Text(textStream(this.#file, signal), this.#file.name));
    const parser = pipeline(source, parse(options), () => undefined);
    try {
      for await (const cells of parser) yield cells as string[];
    } catch (error) {
      throw this.explain(error);
    } finally {
      source.destroy();
    }
  }

  /** What is wrong with the file where reading it threw this. */
  explain(error: unknown): unknown {
    if (!(error instanceof CsvError))
      return error instanceof Error && 'code' in error ? corrupt(this.#file.name, error) : error;
    const { lines } = error as CsvError & { readonly lines?: number };
    const fix = 'Check the quotes and the number of cells of this line';
    const place = { file: this.#file.name, ...(lines !== undefined && { line: lines }) };
    return portfolioError('PORTFOLIO-ROW', `the CSV cannot be read: ${error.message}`, fix, place);
  }
}
