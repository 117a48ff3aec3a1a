import type { Digest } from '../release/digest.ts';
import type { QuoteRows } from '../release/quote-rows.ts';

export interface PortfolioRequest {
  /** Absolute folder that a relative dataset starts from. */
  readonly root: string;
  /**
   * A file, a folder, or a glob (`*`, `**`, `?`, `{a,b}`) of Parquet, CSV, JSON lines or JSON files; or the address of
   * one in an object store (`s3://`, `gs://`, `abfss://`).
   */
  readonly dataset: string;
  /** Column that every row must have; undefined where rows are paired by position. */
  readonly key: string | undefined;
  /**
   * Whether DuckDB may help to read Parquet where that is faster: where it is found, which is what `auto` means and what is
   * done where nothing is given; also where it has to be installed first; or never. The rows are the same.
   */
  readonly reader?: 'auto' | 'duckdb' | 'built-in' | undefined;
}

/** A file of a portfolio, as it was when it was opened. */
export interface PortfolioFile {
  /** Relative to the root where it is inside, absolute otherwise; with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** sha256 of the content; of `version` where that is given, since the content was not read for it. */
  readonly digest: Digest;
  /** How an object store that keeps no sha256 names exactly this content: its checksum, ETag, generation. */
  readonly version?: string;
}

export interface PortfolioReadOptions {
  readonly signal: AbortSignal;
  /** Which rows to give, by number from 0 over all files. All of them where not given. */
  readonly take?: (row: number) => boolean;
}

/** Quotes to score: rows in the order of the sorted files, each row the JSON object that a client would send. */
export interface Portfolio {
  readonly files: readonly PortfolioFile[];
  /** Rows in all files. Reads the files once where their format does not say. */
  count(signal: AbortSignal): Promise<number>;
  /**
   * The rows in chunks of any size; reads on only when asked for more.
   * @throws ConfigError PORTFOLIO-ROW, PORTFOLIO-NO-KEY, PORTFOLIO-CORRUPT, …; PORTFOLIO-CHANGED when a file is not
   *   what it was when it was opened
   */
  rows(options: PortfolioReadOptions): AsyncIterable<QuoteRows>;
  /**
   * Gives back memory and copies on the disk, which reading the rows does too, however that ends. What is read after it is
   * made anew.
   */
  close(): Promise<void>;
}

/** Opens portfolios. */
export interface Portfolios {
  /** @throws ConfigError PORTFOLIO-MISSING, PORTFOLIO-FORMAT, PORTFOLIO-EMPTY, PORTFOLIO-CORRUPT, PORTFOLIO-NO-KEY */
  open(request: PortfolioRequest, signal: AbortSignal): Promise<Portfolio>;
}
