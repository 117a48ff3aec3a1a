import { ConfigError, messageOf } from '../../errors.ts';
import type { Json } from '../../release/json.ts';
import { type QuoteColumn, type QuoteRows, rowsOfColumns } from '../../release/quote-rows.ts';
import { type CsvHead, CsvReader } from '../csv-reader.ts';
import { type CellType, ColumnType, cellValue } from '../csv-types.ts';
import { hasMagic } from '../find-files.ts';
import { ParquetReader } from '../parquet/parquet-reader.ts';
import type { FileFacts, NamedFile, PortfolioReader } from '../portfolio-file.ts';
import { textStream } from '../text-stream.ts';
import { csvAsParquet, type TextTable } from './csv-as-parquet.ts';
import type { DuckDb } from './duckdb.ts';
import { plainRecords } from './plain-csv.ts';

interface Table {
  readonly names: readonly string[];
  readonly types: readonly CellType[];
  readonly rows: number;
  readonly reader: ParquetReader;
  close(): Promise<void>;
}

/**
 * CSV that DuckDB cuts into cells, several times as fast. It gives the texts of the cells and nothing else: types and
 * values are found by the same rules as in the built-in reader. What is not plain, or what DuckDB does not want, is left
 * to the built-in reader, which also says what is wrong with it.
 */
export class DuckDbCsvReader implements PortfolioReader {
  readonly #file: NamedFile;
  readonly #duckdb: DuckDb;
  readonly #builtIn: CsvReader;
  readonly #say: (line: string) => void;
  /** Made by whoever asks first, and taken by whoever reads the rows. */
  #made: Promise<Table | undefined> | undefined;

  constructor(file: NamedFile, duckdb: DuckDb, say: (line: string) => void) {
    this.#file = file;
    this.#duckdb = duckdb;
    this.#builtIn = new CsvReader(file);
    this.#say = say;
  }

  async facts(signal: AbortSignal): Promise<FileFacts> {
    this.#made ??= this.#make(signal);
    const table = await this.#made;
    return table ? { rows: table.rows, columns: table.names } : await this.#builtIn.facts(signal);
  }

  async *rows(signal: AbortSignal): AsyncIterable<QuoteRows> {
    const table = await (this.#made ?? this.#make(signal));
    if (table === undefined) {
      yield* this.#builtIn.rows(signal);
      return;
    }
    this.#made = undefined;
    try {
      const typed = new TypedTexts(table);
      for await (const chunk of table.reader.rows(signal)) yield typed.rows(chunk);
    } finally {
      await table.close();
    }
  }

  async close(): Promise<void> {
    const made = this.#made;
    this.#made = undefined;
    const table = await made?.catch(() => undefined);
    await table?.close();
  }

  async #make(signal: AbortSignal): Promise<Table | undefined> {
    const { name, path } = this.#file;
    try {
      const head = await this.#head(signal);
      // A line with nothing in it may be a row of one column, and DuckDB takes some letters of a path for a pattern.
      if (head === undefined || head.header.length < 2 || hasMagic(path)) return undefined;
      const records = await plainRecords(textStream(this.#file, signal), head.delimiter, head.header.length);
      if (records === undefined) return undefined;
      const table = await csvAsParquet(this.#duckdb, this.#file, { ...head, columns: head.header.length }, signal);
      return await tableOf(this.#file, head, table, records, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#say(`DuckDB does not read ${name}, so the built-in reader does: ${firstLine(messageOf(error))}`);
      return undefined;
    }
  }

  /** @returns undefined too where it is broken, which the built-in reader says when it reads the file */
  async #head(signal: AbortSignal): Promise<CsvHead | undefined> {
    try {
      return await this.#builtIn.head(signal);
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  }
}

/** DuckDB says in further lines what stands in the file, which is nothing for a log. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}

/** @throws where the table does not have the columns and the records of the text */
async function tableOf(
  file: NamedFile,
  { header: names }: CsvHead,
  table: TextTable,
  records: number,
  signal: AbortSignal,
): Promise<Table> {
  try {
    const reader = new ParquetReader(file, table.open);
    const { rows, columns } = await reader.facts();
    if (columns.length !== names.length || columns.some((name, at) => name !== String(at)))
      throw new Error(`its columns are ${columns.join(', ')}`);
    if (rows !== records - 1) throw new Error(`there are ${rows} rows of ${records - 1}`);
    const types = await typesOf(reader, names.length, signal);
    return { names, types, rows, reader, close: table.close };
  } catch (error) {
    await table.close();
    throw error;
  }
}

async function typesOf(reader: ParquetReader, columns: number, signal: AbortSignal): Promise<readonly CellType[]> {
  const types = Array.from({ length: columns }, () => new ColumnType());
  const seen = new WeakSet<readonly Json[]>();
  for await (const chunk of reader.rows(signal)) {
    for (const column of columnsOf(chunk)) {
      const { name, values } = column;
      if (seen.has(values)) continue;
      seen.add(values);
      for (const value of values) types[Number(name)]?.add(String(value ?? ''));
    }
  }
  return types.map(({ type }) => type);
}

/** Makes of columns of texts what the built-in reader makes of them; of a list of values that many rows share, once. */
class TypedTexts {
  readonly #table: Pick<Table, 'names' | 'types'>;
  readonly #known = new WeakMap<readonly Json[], readonly Json[]>();

  constructor(table: Pick<Table, 'names' | 'types'>) {
    this.#table = table;
  }

  rows(chunk: QuoteRows): QuoteRows {
    return rowsOfColumns(
      chunk.length,
      columnsOf(chunk).map(({ name, values, places }) => ({
        name: this.#table.names[Number(name)] as string,
        values: places === undefined ? this.#typed(values, name) : this.#typedOnce(values, name),
        places,
      })),
    );
  }

  #typedOnce(values: readonly Json[], name: string): readonly Json[] {
    const known = this.#known.get(values) ?? this.#typed(values, name);
    this.#known.set(values, known);
    return known;
  }

  #typed(values: readonly Json[], name: string): readonly Json[] {
    const type = this.#table.types[Number(name)] as CellType;
    return values.map((value) => cellValue(String(value ?? ''), type));
  }
}

function columnsOf(rows: QuoteRows): readonly QuoteColumn[] {
  return rows.parts?.flatMap(({ columns }) => columns) ?? [];
}
