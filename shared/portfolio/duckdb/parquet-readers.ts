import type { FileMetaData } from 'hyparquet';
import { ProviderError } from '../../errors.ts';
import type { PortfolioRequest } from '../../ports/portfolio.ts';
import { ParquetReader } from '../parquet/parquet-reader.ts';
import type { NamedFile, PortfolioReader } from '../portfolio-file.ts';
import { DUCKDB_PACKAGE, DUCKDB_VERSION, type DuckDb } from './duckdb.ts';
import { DuckDbParquetReader } from './duckdb-parquet-reader.ts';
import type { DuckDbSource } from './duckdb-source.ts';
import { whyNotRewritten } from './why-not-rewritten.ts';

/** Files as small as this, unpacked, are read before DuckDB is loaded. */
const SMALL_BYTES = 8 * 1024 * 1024;

/** Chooses who reads Parquet: the built-in reader, with DuckDB before it where that makes it faster and DuckDB is at hand. */
export class ParquetReaders {
  readonly #source: DuckDbSource | undefined;
  #found: Promise<DuckDb | undefined> | undefined;

  constructor(source: DuckDbSource | undefined) {
    this.#source = source;
  }

  /** @throws ProviderError where DuckDB is asked for and cannot be had */
  async readerOf(file: NamedFile, { reader }: PortfolioRequest, signal: AbortSignal): Promise<PortfolioReader> {
    const [builtIn, source] = [new ParquetReader(file), this.#source];
    if (source === undefined || reader === 'built-in') return builtIn;
    // What is wrong with the file is said when it is read.
    const metadata = await builtIn.metadata().catch(() => undefined);
    if (metadata === undefined) return builtIn;
    const why = sizeOf(metadata) < (source.smallBytes ?? SMALL_BYTES) ? 'it is small' : whyNotRewritten(file, metadata);
    if (why !== undefined) {
      if (reader === 'duckdb') source.say(`DuckDB does not read ${file.name}, the built-in reader does: ${why}`);
      return builtIn;
    }
    this.#found ??= source.find();
    const duckdb = (await this.#found) ?? (reader === 'duckdb' ? await this.#installed(source, signal) : undefined);
    return duckdb ? new DuckDbParquetReader(file, metadata, duckdb, source.say) : builtIn;
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

function sizeOf({ row_groups: groups }: FileMetaData): number {
  return groups.reduce((sum, { total_byte_size: bytes }) => sum + Number(bytes), 0);
}
