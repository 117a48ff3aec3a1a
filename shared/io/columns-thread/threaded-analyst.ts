import { Worker } from 'node:worker_threads';
import { Interrupted } from '../../errors.ts';
import { type ColumnFindings, type ColumnsTask, studyColumns } from '../../impact/columns/study-columns.ts';
import { snapshotOf, type TaskSnapshot } from '../../impact/columns/task-snapshot.ts';
import type { ColumnAnalyst } from '../../ports/column-analyst.ts';
import type { ScratchFile } from '../../ports/scratch.ts';

/** What the thread is sent. It answers with the findings. */
export interface SentTask {
  readonly task: TaskSnapshot;
  /** Of the file with the pages that are not in memory, for all threads of the process; undefined where it has none. */
  readonly descriptor: number | undefined;
}

export interface ThreadedAnalystOptions {
  /** Where pages are that are not in memory. */
  readonly scratch: Pick<ScratchFile, 'descriptor'>;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
  /** Rows of a book that is worth a thread, which takes as long to start as the columns of 50,000 rows to study. */
  readonly leastRows?: number;
  readonly start?: () => Worker;
}

const LEAST_ROWS = 100_000;

/**
 * Studies the columns of large books in a thread of its own, beside the caller, and those of small ones at once. A thread
 * that does not start, or that ends too early, is done without: the same is then found here, which takes longer.
 */
export class ThreadedAnalyst implements ColumnAnalyst {
  readonly #options: ThreadedAnalystOptions;
  #thread: Worker | undefined;
  /** Why there is no thread any more. */
  #failure: Error | undefined;
  /** Whoever waits for an answer of the thread. */
  #waiting: ((found: ColumnFindings | Error) => void) | undefined;
  /** The pages of a task are gone. */
  #closed = false;

  constructor(options: ThreadedAnalystOptions) {
    this.#options = options;
  }

  prepare(rows: number): void {
    const { leastRows = LEAST_ROWS, start = startThread, signal } = this.#options;
    if (rows < leastRows || signal.aborted || this.#thread !== undefined || this.#failure !== undefined) return;
    try {
      this.#thread = start();
    } catch (error) {
      this.#failure = asError(error);
    }
    const failed = (error: Error): void => {
      // Of what follows each other the first tells why.
      this.#failure ??= error;
      this.#waiting?.(this.#failure);
    };
    this.#thread
      ?.on('message', (findings: ColumnFindings) => this.#waiting?.(findings))
      .on('messageerror', failed)
      .on('error', failed)
      .on('exit', (code) => failed(new Error(`the thread ended with ${code}`)));
  }

  async study(task: ColumnsTask): Promise<ColumnFindings> {
    this.#checkWanted();
    this.prepare(task.rows);
    const found = this.#failure ?? (this.#thread && (await this.#ask(this.#thread, task)));
    this.#checkWanted();
    if (found !== undefined && !(found instanceof Error)) return found;
    if (found) this.#options.warn(`segments are searched without a thread of their own: ${found.message}`);
    return studyColumns(task);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  #checkWanted(): void {
    if (this.#options.signal.aborted || this.#closed) throw new Interrupted();
  }

  /** @returns an error where there is no answer, for whatever reason */
  async #ask(thread: Worker, task: ColumnsTask): Promise<ColumnFindings | Error> {
    const { signal, scratch } = this.#options;
    const stop = (): void => void thread.terminate();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise((resolve) => {
        this.#waiting = resolve;
        thread.postMessage({ task: snapshotOf(task), descriptor: scratch.descriptor } satisfies SentTask);
      });
    } catch (error) {
      return asError(error);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function startThread(): Worker {
  // Beside this file, as it is or compiled.
  const name = import.meta.url.endsWith('.ts') ? 'columns-worker.ts' : 'columns-worker.js';
  return new Worker(new URL(name, import.meta.url));
}
