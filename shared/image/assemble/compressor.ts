import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Pieces that are compressed before threads are started: a layer of rates is done by then. */
const HERE = 8;
const MAX_THREADS = 8;
/** Pieces of each thread: one that it works on, and the next. */
const EACH = 2;

interface Waiting {
  readonly resolve: (member: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, and whoever waits for what it compresses, in order. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: Waiting[];
}

/** Compresses pieces: a few of them here, and many of them in threads, of which there is one for each processor. */
export class Compressor {
  readonly #most: number;
  readonly #threads: Thread[] = [];
  #given = 0;

  constructor(threads = Math.min(availableParallelism(), MAX_THREADS)) {
    this.#most = threads;
  }

  /** Pieces that keep every thread at work. */
  get atOnce(): number {
    return this.#most * EACH;
  }

  /** @param piece given away: it is memory of its own, and nobody looks at it again */
  async compress(piece: Uint8Array): Promise<Uint8Array> {
    if (this.#given++ < HERE) {
      const { gzipMember } = await import('./gzip-member.ts');
      return gzipMember(piece);
    }
    const thread = this.#leastBusy();
    return new Promise((resolve, reject) => {
      thread.waiting.push({ resolve, reject });
      thread.worker.postMessage(piece, [piece.buffer as ArrayBuffer]);
    });
  }

  /** Ends every thread, whatever it does. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    const [least] = this.#threads.toSorted((a, b) => a.waiting.length - b.waiting.length);
    if (least && (least.waiting.length === 0 || this.#threads.length >= this.#most)) return least;
    const thread = started();
    this.#threads.push(thread);
    return thread;
  }
}

function started(): Thread {
  // Beside this file, as it is or compiled.
  const name = import.meta.url.endsWith('.ts') ? 'compress-worker.ts' : 'compress-worker.js';
  const worker = new Worker(new URL(name, import.meta.url));
  const waiting: Waiting[] = [];
  worker.on('message', (member: Uint8Array) => waiting.shift()?.resolve(member));
  const failed = (error: Error): void => {
    for (const each of waiting.splice(0)) each.reject(error);
  };
  worker.on('error', failed);
  worker.on('exit', () => failed(new Error('the thread that compresses has ended')));
  return { worker, waiting };
}
