import { ConfigError } from '../../errors.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';
import { ChunkDecoder, type PartialChunk } from './partial-chunk.ts';
import type { Shard } from './shard.ts';

/** Rows of a shard that follow each other. */
export interface ShardRows {
  readonly chunk: PartialChunk;
  readonly from: number;
}

/** The rows of one shard in their order. */
export class ShardReader {
  readonly #chunks: AsyncIterator<QuoteRows>;
  readonly #shard: Shard;
  readonly #decoder = new ChunkDecoder();
  #chunk: PartialChunk | undefined;
  #at = 0;
  #firstPosition: number | undefined;

  constructor(rows: AsyncIterable<QuoteRows>, shard: Shard) {
    this.#chunks = rows[Symbol.asyncIterator]();
    this.#shard = shard;
  }

  /**
   * Rows at hand, the next of which must be the one at this position.
   * @throws ConfigError MERGE-BROKEN where there is none, or another one
   */
  async ready(position: number): Promise<number> {
    if (!(await this.#fill(position))) throw this.#misplaced(`ends before row ${position}`);
    return (this.#chunk?.length ?? 0) - this.#at;
  }

  /** The next rows. Only as many may be taken as are ready. */
  take(count: number): ShardRows {
    const [chunk, from] = [this.#chunk as PartialChunk, this.#at];
    this.#at += count;
    return { chunk, from };
  }

  async checkEnd(): Promise<void> {
    if (await this.#fill(undefined)) throw this.#misplaced('has more rows than it says');
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** @returns false at the end */
  async #fill(position: number | undefined): Promise<boolean> {
    while (this.#at >= (this.#chunk?.length ?? 0)) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      [this.#chunk, this.#at] = [this.#decoder.decode(next.value), 0];
      this.#checkPosition(this.#chunk, position);
    }
    return true;
  }

  /** Each file says where its first row stands. */
  #checkPosition({ firstPosition }: PartialChunk, position: number | undefined): void {
    const isNext = firstPosition !== this.#firstPosition;
    this.#firstPosition = firstPosition;
    if (!isNext || position === undefined || firstPosition === position) return;
    throw this.#misplaced(`has row ${firstPosition} where row ${position} should be`);
  }

  #misplaced(what: string): ConfigError {
    const fix = 'Run its job again, and hand its files over unchanged';
    return new ConfigError({ code: 'MERGE-BROKEN', what: `the partial of shard ${this.#shard.index} ${what}`, fix });
  }
}
