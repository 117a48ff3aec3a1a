import { stat } from 'node:fs/promises';
import { ProviderError } from '../../errors.ts';
import type { PortfolioRequest } from '../../ports/portfolio.ts';
import { CsvReader } from '../csv-reader.ts';
import type { NamedFile, PortfolioReader } from '../portfolio-file.ts';
import { DUCKDB_PACKAGE, DUCKDB_VERSION, type DuckDb } from './duckdb.ts';
import { DuckDbCsvReader } from './duckdb-csv-reader.ts';

/** Files as small as this are read before DuckDB is loaded. */
const SMALL_BYTES = 8 * 1024 * 1024;

export interface DuckDbSource {
  /** DuckDB where it is installed: with this program, or where `install` put it. */
  find(): Promise<DuckDb | undefined>;
  /** @throws ProviderError when it cannot be installed */
  install(signal: AbortSignal): Promise<void>;
  readonly say: (line: string) => void;
  /** Bytes of a file that it is worth loading for; 8 MiB where not given. */
  readonly smallBytes?: number;
}

/** Chooses who reads CSV: DuckDB, where it is at hand and the file is large and on this machine; else the built-in reader. */
export class CsvReaders {
  readonly #source: DuckDbSource | undefined;
  #found: Promise<DuckDb | undefined> | undefined;

  constructor(source: DuckDbSource | undefined) {
    this.#source = source;
  }

  /** @throws ProviderError where DuckDB is asked for and cannot be had */
  async readerOf(file: NamedFile, { reader }: PortfolioRequest, signal: AbortSignal): Promise<PortfolioReader> {
    const source = this.#source;
    if (source === undefined || reader === 'built-in' || file.remote !== undefined) return new CsvReader(file);
    const isSmall = (await sizeOf(file.path)) < (source.smallBytes ?? SMALL_BYTES);
    if (isSmall) return new CsvReader(file);
    this.#found ??= source.find();
    const duckdb = (await this.#found) ?? (reader === 'duckdb' ? await this.#installed(source, signal) : undefined);
    return duckdb ? new DuckDbCsvReader(file, duckdb, source.say) : new CsvReader(file);
  }

  async #installed(source: DuckDbSource, signal: AbortSignal): Promise<DuckDb> {
    source.say(`installing ${DUCKDB_PACKAGE} ${DUCKDB_VERSION}`);
    await source.install(signal);
    this.#found = source.find();
    const duckdb = await this.#found;
    if (duckdb) return duckdb;
    throw new ProviderError({
      code: 'DUCKDB-NOT-INSTALLED',
      what: `${DUCKDB_PACKAGE} ${DUCKDB_VERSION} was installed and cannot be loaded on this machine`,
      fix: 'Set reader to built-in, or run the job on a machine that DuckDB is made for',
    });
  }
}

/** What cannot be seen is left to the reader, which says why. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
