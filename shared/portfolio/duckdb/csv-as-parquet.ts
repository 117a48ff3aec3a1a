import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedFile } from '../file-source.ts';
import { randomAccess } from '../parquet/random-access.ts';
import type { NamedFile } from '../portfolio-file.ts';
import { type DuckDb, runDuckDb, sqlText } from './duckdb.ts';

/** A text as a Parquet file of texts, which other programs do not see. */
export interface TextTable {
  open(): Promise<OpenedFile>;
  /** Removes it. */
  close(): Promise<void>;
}

/**
 * Few rows in a group, so that they need little memory; and a list of the different values of each column where that is
 * at all shorter than the column, since each of them is looked at once.
 */
const FORMAT = "FORMAT parquet, CODEC 'uncompressed', ROW_GROUP_SIZE 30720, DICTIONARY_SIZE_LIMIT 16000";

/** What is read at once; no line may be longer. */
const BUFFER_BYTES = 8 * 1024 * 1024;

/** All columns as text, called by their numbers. @throws what DuckDB throws where it cannot read the file */
export async function csvAsParquet(
  duckdb: DuckDb,
  { path }: NamedFile,
  { delimiter, columns }: { readonly delimiter: string; readonly columns: number },
  signal: AbortSignal,
): Promise<TextTable> {
  const folder = await mkdtemp(join(tmpdir(), 'haute-csv-'));
  try {
    const texts = join(folder, 'texts.parquet');
    const options = [
      "auto_detect = false, header = true, strict_mode = true, null_padding = false, ignore_errors = false, nullstr = ''",
      `quote = '"', escape = '"', delim = ${sqlText(delimiter)}, compression = '${/\.gz$/i.test(path) ? 'gzip' : 'none'}'`,
      // Or folders like `year=2024` anywhere above the file would be columns.
      'hive_partitioning = false',
      `buffer_size = ${BUFFER_BYTES}`,
      `columns = {${Array.from({ length: columns }, (_, index) => `'${index}': 'VARCHAR'`).join(', ')}}`,
    ];
    const rows = `SELECT * FROM read_csv(${sqlText(path)}, ${options.join(', ')})`;
    await runDuckDb(duckdb, `COPY (${rows}) TO ${sqlText(texts)} (${FORMAT})`, folder, signal);
    return await tableIn(folder, texts);
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/** Where the system lets an open file lose its name it does so at once: then not even a killed run leaves it behind. */
async function tableIn(folder: string, path: string): Promise<TextTable> {
  const file = openSync(path, 'r');
  const bytes = randomAccess(file);
  if (process.platform !== 'win32') await remove(folder);
  return {
    open: async () => ({ bytes, close: async () => undefined }),
    async close() {
      closeSync(file);
      await remove(folder);
    },
  };
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
