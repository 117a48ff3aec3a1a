import type { JsonObject } from '../release/json.ts';

/** Takes rows from a stream in batches of whatever size is asked for, and reads on only when it must. */
export class RowSource {
  readonly #chunks: AsyncIterator<readonly JsonObject[]>;
  #chunk: readonly JsonObject[] = [];
  #used = 0;
  #ended = false;

  constructor(rows: AsyncIterable<readonly JsonObject[]>) {
    this.#chunks = rows[Symbol.asyncIterator]();
  }

  /** The next rows, fewer than asked only at the end of the stream, none after it. */
  async take(count: number): Promise<readonly JsonObject[]> {
    const batch: JsonObject[] = [];
    while (batch.length < count && (await this.#fill())) {
      const end = Math.min(this.#used + count - batch.length, this.#chunk.length);
      for (let i = this.#used; i < end; i++) batch.push(this.#chunk[i] as JsonObject);
      this.#used = end;
    }
    return batch;
  }

  /** Tells the stream that nobody reads on. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.();
    this.#ended = true;
  }

  async #fill(): Promise<boolean> {
    while (!this.#ended && this.#used >= this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else [this.#chunk, this.#used] = [next.value, 0];
    }
    return this.#used < this.#chunk.length;
  }
}
