import type { QuoteRows } from '../release/quote-rows.ts';
import type { RemoteFile } from './file-source.ts';

/** What a file says of itself before its rows are read. */
export interface FileFacts {
  readonly rows: number;
  /** Empty where the file has no rows. */
  readonly columns: readonly string[];
}

/** One file of a portfolio in one of the formats. */
export interface PortfolioReader {
  /** Reads as much as it must. @throws ConfigError when the file is not what its name says */
  facts(signal: AbortSignal): Promise<FileFacts>;
  /** The rows in their order, in chunks; reads on only when asked for more. */
  rows(signal: AbortSignal): AsyncIterable<QuoteRows>;
  /** Gives back what `facts` made for rows that nobody reads; what can be read without it can be read after it. */
  close?(): Promise<void>;
}

/** A file to read, and its name for messages. */
export interface NamedFile {
  /** Absolute; the whole address of one in an object store. */
  readonly path: string;
  /** Relative to the project where it is inside. */
  readonly name: string;
  /** Where its bytes come from, when that is not the disk. */
  readonly remote?: RemoteFile;
}

/** Rows that a reader hands on at once. */
export const CHUNK_ROWS = 8_192;
