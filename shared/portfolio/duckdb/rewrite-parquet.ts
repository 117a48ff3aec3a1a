import { closeSync, createWriteStream, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type OpenedFile, streamFile } from '../file-source.ts';
import { randomAccess } from '../parquet/random-access.ts';
import type { NamedFile } from '../portfolio-file.ts';
import { type DuckDb, runDuckDb, sqlText } from './duckdb.ts';

/** A Parquet file that other programs do not see. */
export interface RewrittenFile {
  open(): Promise<OpenedFile>;
  /** Removes it. */
  close(): Promise<void>;
}

/**
 * Few rows in a group, so that they need little memory; and a list of the different values of each column where that is
 * at all shorter than the column.
 */
const FORMAT = "FORMAT parquet, CODEC 'uncompressed', ROW_GROUP_SIZE 30720, DICTIONARY_SIZE_LIMIT 16000";
/** Or folders like `year=2024` anywhere above the file would be columns. */
const AS_IT_IS = 'hive_partitioning = false, binary_as_string = false, file_row_number = false';

/** The same rows. A file in a store is brought to the disk first: DuckDB has no credentials. @throws what DuckDB throws where it cannot */
export async function rewriteParquet(duckdb: DuckDb, file: NamedFile, signal: AbortSignal): Promise<RewrittenFile> {
  const folder = await mkdtemp(join(tmpdir(), 'haute-parquet-'));
  try {
    const path = file.remote === undefined ? file.path : await broughtTo(join(folder, 'book.parquet'), file, signal);
    const written = join(folder, 'rewritten.parquet');
    const rows = `SELECT * FROM read_parquet(${sqlText(path)}, ${AS_IT_IS})`;
    await runDuckDb(duckdb, `COPY (${rows}) TO ${sqlText(written)} (${FORMAT})`, folder, signal);
    if (path !== file.path) await rm(path);
    return await fileIn(folder, written);
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

async function broughtTo(path: string, file: NamedFile, signal: AbortSignal): Promise<string> {
  await pipeline(streamFile(file, signal), createWriteStream(path, { mode: 0o600 }), { signal });
  return path;
}

/** Where the system lets an open file lose its name it does so at once: then not even a killed run leaves it behind. */
async function fileIn(folder: string, path: string): Promise<RewrittenFile> {
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
