import { joinRows, type QuoteRows } from '../release/quote-rows.ts';

/** Takes rows from a stream in batches of whatever size is asked for, and reads on only when it must. */
export class RowSource {
  readonly #chunks: AsyncIterator<QuoteRows>;
  #chunk: QuoteRows = [];
  #used = 0;
  #ended = false;

  constructor(rows: AsyncIterable<QuoteRows>) {
    this.#chunks = rows[Symbol.asyncIterator]();
  }

  /** The next rows, fewer than asked only at the end of the stream, none after it. */
  async take(count: number): Promise<QuoteRows> {
    const pieces: QuoteRows[] = [];
    let taken = 0;
    while (taken < count && (await this.#fill())) {
      const end = Math.min(this.#used + count - taken, this.#chunk.length);
      pieces.push(this.#chunk.slice(this.#used, end));
      taken += end - this.#used;
      this.#used = end;
    }
    return pieces.length === 0 ? [] : joinRows(pieces);
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
