import type { IncomingMessage } from 'node:http';

/** Bytes that all requests together may hold for being sent again. */
export class ReplayBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False when there is no room. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.#maxBytes) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

/**
 * The body of a request, read once from the client and, as long as it fits, kept so that it can be sent again. A body
 * that does not fit streams through and cannot be. Nothing is read before somebody asks for it, so a slow server slows
 * the client down and nothing piles up here.
 */
export class ReplayBody {
  readonly #source: AsyncIterator<Buffer>;
  readonly #budget: ReplayBudget;
  #maxBytes: number;
  #kept: Buffer[] = [];
  /** Chunks that came before the first kept one. */
  #dropped = 0;
  #keptBytes = 0;
  #isWhole = false;
  #replayable = true;
  #pulling: Promise<void> | undefined;

  constructor(request: IncomingMessage, maxBytes: number, budget: ReplayBudget) {
    this.#source = request.iterator({ destroyOnReturn: false });
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  /** True while all that was read is still here. */
  get replayable(): boolean {
    return this.#replayable;
  }

  /** The chunk with this number, from 0; undefined after the last. Rejects when the client went away. */
  async chunk(index: number): Promise<Buffer | undefined> {
    if (index < this.#dropped) throw new Error('this part of the request was not kept');
    while (index >= this.#dropped + this.#kept.length && !this.#isWhole) await this.#pull();
    return this.#kept[index - this.#dropped];
  }

  /** Reads what is left and forgets it, so that the connection can carry the next request. */
  async discard(): Promise<void> {
    this.#forget();
    while (!this.#isWhole) {
      await this.#pull();
      this.#forget();
    }
  }

  /** Gives back the room that it took. */
  release(): void {
    this.#maxBytes = 0;
    this.#forget();
  }

  /** One pull at a time, whoever asks: a chunk that an attempt asked for before it failed is there for the next. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#source
      .next()
      .then(({ done, value }) => {
        if (done) this.#isWhole = true;
        else this.#keep(value);
      })
      .finally(() => {
        this.#pulling = undefined;
      });
    return this.#pulling;
  }

  #keep(chunk: Buffer): void {
    const fits =
      this.#replayable && this.#keptBytes + chunk.length <= this.#maxBytes && this.#budget.take(chunk.length);
    if (fits) this.#keptBytes += chunk.length;
    else this.#forget();
    this.#kept.push(chunk);
    this.#replayable = fits;
  }

  #forget(): void {
    if (this.#kept.length > 0) this.#replayable = false;
    this.#dropped += this.#kept.length;
    this.#kept = [];
    this.#budget.give(this.#keptBytes);
    this.#keptBytes = 0;
  }
}
