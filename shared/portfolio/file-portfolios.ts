import { Interrupted } from '../errors.ts';
import type { Portfolio, PortfolioReadOptions, PortfolioRequest, Portfolios } from '../ports/portfolio.ts';
import { filterRows, type QuoteRows } from '../release/quote-rows.ts';
import { CsvReaders, type DuckDbSource } from './duckdb/csv-readers.ts';
import type { RemoteFiles } from './file-source.ts';
import { checkUnchanged, type FileState, stateOf } from './file-state.ts';
import { findFiles, isAddress } from './find-files.ts';
import { isKnownFormat, readerOf } from './formats.ts';
import { portfolioError } from './portfolio-errors.ts';
import type { NamedFile, PortfolioReader } from './portfolio-file.ts';

interface OpenFile {
  readonly file: NamedFile;
  readonly state: FileState;
  readonly reader: PortfolioReader;
  readonly rows: number;
}

/** Portfolios in files: Parquet, CSV, JSON lines, and JSON files of test quotes. */
export class FilePortfolios implements Portfolios {
  readonly #remote: RemoteFiles | undefined;
  readonly #csv: CsvReaders;

  /**
   * @param remote where files of addresses come from; without it there are none
   * @param duckdb where DuckDB comes from; without it the built-in reader reads everything
   */
  constructor(remote?: RemoteFiles, duckdb?: DuckDbSource) {
    this.#remote = remote;
    this.#csv = new CsvReaders(duckdb);
  }

  async open(request: PortfolioRequest, signal: AbortSignal): Promise<Portfolio> {
    return await interruptible(signal, async () => {
      const { root, dataset } = request;
      const files =
        this.#remote !== undefined && isAddress(dataset)
          ? await this.#remote.find(dataset, { root, isKnown: isKnownFormat, signal })
          : await findFiles(root, dataset, isKnownFormat);
      const readers: PortfolioReader[] = [];
      try {
        const open: OpenFile[] = [];
        for (const file of files) {
          const reader = await readerOf(file, () => this.#csv.readerOf(file, request, signal));
          readers.push(reader);
          const state = await stateOf(file, signal);
          const { rows, columns } = await reader.facts(signal);
          if (rows > 0) checkKey(request.key, columns, file);
          open.push({ file, state, reader, rows });
        }
        if (open.every(({ rows }) => rows === 0)) throw empty(request.dataset);
        return new FilePortfolio(open);
      } catch (error) {
        await closeAll(readers);
        throw error;
      }
    });
  }
}

class FilePortfolio implements Portfolio {
  readonly files;
  readonly #open: readonly OpenFile[];

  constructor(open: readonly OpenFile[]) {
    this.#open = open;
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
      await closeAll(this.#open.map(({ reader }) => reader));
    }
  }
}

async function closeAll(readers: readonly PortfolioReader[]): Promise<void> {
  for (const reader of readers) await reader.close?.();
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
