import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';
import { ConfigError, messageOf, ProviderError } from '../../errors.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';
import { ParquetReader } from '../parquet/parquet-reader.ts';
import type { FileFacts, NamedFile, PortfolioReader } from '../portfolio-file.ts';
import type { DuckDb } from './duckdb.ts';
import { type RewrittenFile, rewriteParquet } from './rewrite-parquet.ts';
import { whatChanges } from './why-not-rewritten.ts';

/**
 * Parquet that DuckDB writes anew before it is read, with dictionaries and in small row groups, which are read several times
 * as fast. What a value is in JSON is found by the built-in reader, as of any other file; it also reads what DuckDB does
 * not want, and says what is wrong with it.
 */
export class DuckDbParquetReader implements PortfolioReader {
  readonly #file: NamedFile;
  readonly #metadata: FileMetaData;
  readonly #duckdb: DuckDb;
  readonly #builtIn: ParquetReader;
  readonly #say: (line: string) => void;

  constructor(file: NamedFile, metadata: FileMetaData, duckdb: DuckDb, say: (line: string) => void) {
    this.#file = file;
    this.#metadata = metadata;
    this.#duckdb = duckdb;
    this.#builtIn = new ParquetReader(file);
    this.#say = say;
  }

  facts(): Promise<FileFacts> {
    return this.#builtIn.facts();
  }

  async *rows(signal: AbortSignal): AsyncIterable<QuoteRows> {
    const rewritten = await this.#rewritten(signal);
    if (rewritten === undefined) {
      yield* this.#builtIn.rows(signal);
      return;
    }
    try {
      yield* new ParquetReader(this.#file, rewritten.open).rows(signal);
    } finally {
      await rewritten.close();
    }
  }

  async #rewritten(signal: AbortSignal): Promise<RewrittenFile | undefined> {
    try {
      const file = await rewriteParquet(this.#duckdb, this.#file, signal);
      try {
        checkSame(this.#metadata, await new ParquetReader(this.#file, file.open).metadata());
        return file;
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      // What a store says of a file, it would say again.
      if (signal.aborted || error instanceof ConfigError || error instanceof ProviderError) throw error;
      const why = firstLine(messageOf(error));
      this.#say(`DuckDB does not read ${this.#file.name}, so the built-in reader does: ${why}`);
      return undefined;
    }
  }
}

/** DuckDB gives other names to columns that differ only in capital letters, for one thing. */
function checkSame(one: FileMetaData, other: FileMetaData): void {
  if (one.num_rows !== other.num_rows) throw new Error(`it finds ${other.num_rows} rows of ${one.num_rows}`);
  const [before, after] = [parquetSchema(one), parquetSchema(other)];
  if (shapeOf(before) !== shapeOf(after)) throw new Error('it gives its columns other names or types');
  const changes = whatChanges(after);
  if (changes !== undefined) throw new Error(changes);
}

/** Names and types of all columns, and of what is in them; lists call what is in them as they like. */
function shapeOf({ element, children }: SchemaTree): string {
  if (children.length === 0) return kindOf(element);
  if (element.converted_type === 'LIST') return `[${children.flatMap((list) => list.children).map(shapeOf)}]`;
  return JSON.stringify(children.map((child) => [child.element.name, shapeOf(child)]));
}

/** Whole numbers are of all their bits and have a sign where nothing else is said. */
function kindOf({ type, converted_type: kind, logical_type: logical }: SchemaTree['element']): string {
  if (logical?.type === 'TIMESTAMP') return `timestamp in ${logical.unit}${logical.isAdjustedToUTC ? ' of UTC' : ''}`;
  return `${type} ${kind ?? type?.replace(/^INT/, 'INT_')}`;
}

/** DuckDB says in further lines what stands in the file, which is nothing for a log. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}
