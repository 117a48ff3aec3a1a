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

/** What a thread answers: the member, and the memory of the piece. */
export interface Compressed {
  readonly member: Uint8Array;
  readonly piece: ArrayBuffer;
}

/** Bytes that are compressed by themselves. The layer of a package is one or two of them. */
export const PIECE_BYTES = 1024 * 1024;

/** Compresses pieces: a few of them here, and many of them in threads, of which there is one for each processor. */
export class Compressor {
  readonly #most: number;
  readonly #threads: Thread[] = [];
  /** Memory of pieces that were compressed, for the next ones: hundreds of them would wait to be collected. */
  readonly #spare: ArrayBuffer[] = [];
  #given = 0;

  constructor(threads = Math.min(availableParallelism(), MAX_THREADS)) {
    this.#most = threads;
  }

  /** Pieces that keep every thread at work. */
  get atOnce(): number {
    return this.#most * EACH;
  }

  /** Memory for a piece, whatever is in it. */
  piece(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(PIECE_BYTES));
  }

  /** @param piece memory from {@link piece} or the first part of it, given away: nobody looks at it again */
  async compress(piece: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    if (this.#given++ < HERE) {
      const { gzipMember } = await import('../../release/gzip-member.ts');
      const member = gzipMember(piece);
      this.#spare.push(piece.buffer);
      return member;
    }
    const thread = this.#leastBusy();
    return new Promise((resolve, reject) => {
      thread.waiting.push({ resolve, reject });
      thread.worker.postMessage(piece, [piece.buffer]);
    });
  }

  /** Ends every thread, whatever it does. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    const [least] = this.#threads.toSorted((a, b) => a.waiting.length - b.waiting.length);
    if (least && (least.waiting.length === 0 || this.#threads.length >= this.#most)) return least;
    const thread = started((spare) => this.#spare.push(spare));
    this.#threads.push(thread);
    return thread;
  }
}

function started(giveBack: (spare: ArrayBuffer) => void): Thread {
  // Beside this file, as it is or compiled.
  const name = import.meta.url.endsWith('.ts') ? 'compress-worker.ts' : 'compress-worker.js';
  const worker = new Worker(new URL(name, import.meta.url));
  const waiting: Waiting[] = [];
  worker.on('message', ({ member, piece }: Compressed) => {
    giveBack(piece);
    waiting.shift()?.resolve(member);
  });
  const failed = (error: Error): void => {
    for (const each of waiting.splice(0)) each.reject(error);
  };
  worker.on('error', failed);
  worker.on('exit', () => failed(new Error('the thread that compresses has ended')));
  return { worker, waiting };
}
