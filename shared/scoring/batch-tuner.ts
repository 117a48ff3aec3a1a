/** A batch must make a row this much cheaper than the one before for the next one to be larger still. */
const WORTH_IT = 0.9;
/** The share of a request's time that a batch may take and still be made larger. */
const TIME_SHARE = 0.25;
/** A batch is at most so many times the one before. */
const STEEPEST = 8;
/** A batch that is done in so few milliseconds came from a server without the fixed cost that large batches are for. */
const QUICK_MS = 900;
/** Rows that a smaller batch is tried with then, as it needs less memory here and there. */
const QUICK_ROWS = 2_500;
/** What a row may cost more in the smaller batch. */
const BEARABLE = 1.2;
/** Smaller batches that are tried before the large one is kept: some of them may have met a busy moment. */
const QUICK_TRIES = 3;
/** Room left below the server's body limit, as rows differ in size. */
const BODY_SHARE = 0.9;

export interface BatchTunerOptions {
  /** Rows of the first batch. */
  readonly start: number;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest request body of the servers, in bytes. */
  readonly maxBodyBytes: number;
}

/**
 * Finds the batch size while running: every request has a fixed cost (about a second for a Haute container), so a row
 * becomes cheaper the more rows travel together, until the server's own work is all that is left. Grows while that
 * pays, and stays below the limits of body size and time. A server that is quick even with the first large batch is
 * tried with smaller ones instead.
 */
export class BatchTuner {
  readonly #options: BatchTunerOptions;
  #size: number;
  #most = Number.POSITIVE_INFINITY;
  #settled = false;
  #found = false;
  #quick = false;
  #quickTries = 0;
  #before: { readonly rows: number; readonly msPerRow: number } | undefined;

  constructor(options: BatchTunerOptions) {
    this.#options = options;
    this.#size = options.start;
  }

  /** Rows that the next batch should have. */
  get size(): number {
    return Math.max(1, Math.min(this.#size, this.#most));
  }

  /** True once the size will not grow any more, and several batches may go at once. */
  get settled(): boolean {
    return this.#settled;
  }

  /** True where the size was found and its batches are done so soon that the time between them counts. */
  get quick(): boolean {
    return this.#quick;
  }

  /** Told the size of some rows as JSON, before the first batch. */
  rowsAreAbout(bytesPerRow: number): void {
    this.#most = Math.max(1, Math.floor((this.#options.maxBodyBytes * BODY_SHARE) / Math.max(1, bytesPerRow)));
  }

  /** Told how long a batch took, from sending it to having all its answers. Smaller ones than asked for say nothing. */
  took(rows: number, ms: number): void {
    if (this.#settled || rows < this.size) return;
    if (this.#found) {
      this.#settled = true;
      return;
    }
    const before = this.#before;
    const msPerRow = ms / rows;
    if (before !== undefined && rows < before.rows) {
      this.#quickTries += 1;
      if (msPerRow <= before.msPerRow * BEARABLE) this.#settle(rows, ms);
      else if (this.#quickTries === QUICK_TRIES) this.#settle(before.rows, ms);
      return;
    }
    this.#before = { rows, msPerRow };
    if (before === undefined) {
      if (ms < QUICK_MS && rows > QUICK_ROWS) this.#size = QUICK_ROWS;
      else this.#grow(rows, ms);
    } else if (msPerRow <= before.msPerRow * WORTH_IT) {
      this.#grow(rows, ms);
    } else {
      this.#settle(before.rows, ms);
    }
  }

  /** As far as the time limit allows even if the time of a batch were all rows' own; at least twofold. */
  #grow(rows: number, ms: number): void {
    const room = (this.#options.timeoutMs * TIME_SHARE) / Math.max(ms, 1);
    if (room < 1 || rows >= this.#most) this.#settle(rows, ms);
    else this.#size = rows * Math.min(STEEPEST, Math.max(2, Math.floor(room)));
  }

  /**
   * The size is found. Of a server that is busy with a batch for seconds one more is sent alone before several go at
   * once: whether it does more with two of them is not worth finding out at the end of a portfolio.
   */
  #settle(rows: number, ms: number): void {
    this.#size = rows;
    this.#found = true;
    this.#quick = ms < QUICK_MS;
    this.#settled = this.#quick;
  }

  /** Told that so many rows were too many for one request: no batch will have more than half of them. */
  tooMany(rows: number): void {
    this.#most = Math.min(this.#most, Math.max(1, Math.floor(rows / 2)));
    this.#settled = true;
  }
}
