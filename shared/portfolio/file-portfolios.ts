import { Interrupted, ProviderError } from '../errors.ts';
import type { Portfolio, PortfolioReadOptions, PortfolioRequest, Portfolios } from '../ports/portfolio.ts';
import { filterRows, type QuoteRows } from '../release/quote-rows.ts';
import { CsvReader } from './csv/csv-reader.ts';
import type { DuckDbSource } from './duckdb/duckdb-source.ts';
import { ParquetReaders } from './duckdb/parquet-readers.ts';
import type { RemoteFiles } from './file-source.ts';
import { checkUnchanged, type FileState, stateOf } from './file-state.ts';
import { findFiles, isAddress } from './find-files.ts';
import { isKnownFormat, isStreamed, readerOf } from './formats.ts';
import { type CopyTools, LocalCopy } from './local-copy.ts';
import { portfolioError } from './portfolio-errors.ts';
import type { NamedFile, PortfolioReader } from './portfolio-file.ts';

interface OpenFile {
  readonly file: NamedFile;
  readonly state: FileState;
  readonly reader: PortfolioReader;
  readonly rows: number;
}

/** What is kept of all CSV files that are open until their rows are read. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** Portfolios in files: Parquet, CSV, JSON lines, and JSON files of test quotes. */
export class FilePortfolios implements Portfolios {
  readonly #remote: RemoteFiles | undefined;
  readonly #parquet: ParquetReaders;
  readonly #duckdb: DuckDbSource | undefined;
  readonly #copies: CopyTools | undefined;

  /**
   * @param remote where files of addresses come from; without it there are none
   * @param duckdb where DuckDB comes from; without it the built-in reader reads everything
   * @param copies where files of addresses are kept that are read several times; without it they are fetched each time
   */
  constructor(remote?: RemoteFiles, duckdb?: DuckDbSource, copies?: CopyTools) {
    this.#remote = remote;
    this.#parquet = new ParquetReaders(duckdb);
    this.#duckdb = duckdb;
    this.#copies = copies;
  }

  async open(request: PortfolioRequest, signal: AbortSignal): Promise<Portfolio> {
    return await interruptible(signal, async () => {
      const { root, dataset } = request;
      const found =
        this.#remote !== undefined && isAddress(dataset)
          ? await this.#remote.find(dataset, { root, isKnown: isKnownFormat, signal })
          : await findFiles(root, dataset, isKnownFormat);
      const allowance = { bytes: KEPT_BYTES };
      const readers = {
        csv: (file: NamedFile) => new CsvReader(file, allowance),
        parquet: (file: NamedFile) => this.#parquet.readerOf(file, request, signal),
      };
      const closing: Closing[] = [];
      try {
        const open: OpenFile[] = [];
        for (const each of found) {
          if (request.reader === 'duckdb' && isStreamed(each.path)) this.#tellNotUsed(each);
          const file = await this.#atHand(each, closing, signal);
          const reader = await readerOf(file, readers);
          closing.push(reader);
          const state = await stateOf(file, signal);
          const { rows, columns } = await reader.facts(signal);
          if (rows > 0) checkKey(request.key, columns, file);
          open.push({ file, state, reader, rows });
        }
        if (open.every(({ rows }) => rows === 0)) throw empty(request.dataset);
        return new FilePortfolio(open, closing);
      } catch (error) {
        await closeAll(closing);
        throw error;
      }
    });
  }

  #tellNotUsed({ name }: NamedFile): void {
    this.#duckdb?.say(`DuckDB does not read ${name}, the built-in reader does: it is faster at text`);
  }

  /** A file that is read several times is fetched only once, where there is room for it. */
  async #atHand(file: NamedFile, closing: Closing[], signal: AbortSignal): Promise<NamedFile> {
    if (file.remote === undefined || this.#copies === undefined || !isStreamed(file.path)) return file;
    const { scratch, say } = this.#copies;
    try {
      const copy = await LocalCopy.of(file.remote, scratch(), signal);
      closing.push(copy);
      return { ...file, remote: copy };
    } catch (error) {
      if (!(error instanceof ProviderError && error.problem.code.startsWith('DISK-'))) throw error;
      say(`${file.name} is fetched each time that it is read, as there can be no copy of it: ${error.problem.what}`);
      return file;
    }
  }
}

class FilePortfolio implements Portfolio {
  readonly files;
  readonly #open: readonly OpenFile[];
  readonly #closing: readonly Closing[];

  constructor(open: readonly OpenFile[], closing: readonly Closing[]) {
    this.#open = open;
    this.#closing = closing;
    this.files = open.map(({ file, state }) => ({
      path: file.name,
      bytes: state.bytes,
      digest: state.digest,
      ...(state.version !== undefined && { version: state.version }),
    }));
  }

  async count(): Promise<number> {
    return this.#open.reduce((sum, { rows }) => sum + rows, 0);
  }

  async *rows({ signal, take }: PortfolioReadOptions): AsyncIterable<QuoteRows> {
    let row = 0;
    try {
      for (const { file, state, reader } of this.#open) {
        await checkUnchanged(file, state);
        for await (const chunk of reader.rows(signal)) {
          const first = row;
          row += chunk.length;
          const taken = take === undefined ? chunk : filterRows(chunk, (index) => take(first + index));
          await checkUnchanged(file, state);
          if (taken.length > 0) yield taken;
        }
      }
    } catch (error) {
      throw signal.aborted ? new Interrupted() : error;
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    return closeAll(this.#closing);
  }
}

/** What may hold memory or a place on the disk until it is closed. */
interface Closing {
  close?(): Promise<void> | void;
}

async function closeAll(closing: readonly Closing[]): Promise<void> {
  for (const each of closing) await each.close?.();
}

async function interruptible<T>(signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
}

function checkKey(key: string | undefined, columns: readonly string[], { name }: NamedFile): void {
  if (key === undefined || columns.includes(key)) return;
  const what = `there is no column ${key} to pair rows by; the columns are ${columns.join(', ')}`;
  throw portfolioError(
    'PORTFOLIO-NO-KEY',
    what,
    'Name a column that is there as the key, or leave the key out to pair by position',
    { file: name },
  );
}

function empty(dataset: string): Error {
  return portfolioError('PORTFOLIO-EMPTY', `${dataset} holds no rows`, 'Name a portfolio with at least one quote');
}
