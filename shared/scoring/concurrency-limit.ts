/** More requests at once must bring this much more rows a second to be kept. */
const WORTH_IT = 1.1;

/**
 * How many requests an address gets at once: one at first where nothing else is said, one more as long as that makes rows come faster, fewer when
 * the server says that it is too much. A Haute container gives all its memory to one batch and refuses a second one.
 */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #limit = 1;
  #inFlight = 0;
  #growing = true;
  #bestRate = 0;
  #since: number | undefined;
  #rows = 0;
  #requests = 0;

  /** @param now milliseconds */
  constructor(most: number, now: () => number) {
    this.#most = Math.max(1, most);
    this.#now = now;
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Runs the body when there is room for one more request. */
  async run<T>(body: () => Promise<T>): Promise<T> {
    while (this.#inFlight >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inFlight += 1;
    try {
      return await body();
    } finally {
      this.#inFlight -= 1;
      this.#wake();
    }
  }

  /** Told that a request of the settled size was answered: the measure that more at once is judged by. */
  answered(rows: number): void {
    if (!this.#growing) return;
    const now = this.#now();
    if (this.#since === undefined) {
      this.#since = now;
      return;
    }
    this.#rows += rows;
    this.#requests += 1;
    if (this.#requests < this.#limit * 2 || now <= this.#since) return;
    this.#judge(this.#rows / (now - this.#since));
    [this.#since, this.#rows, this.#requests] = [now, 0, 0];
  }

  /** Told that so many requests at once are worth beginning with; more are tried after them. */
  startWith(requests: number): void {
    if (!this.#growing) return;
    this.#limit = Math.max(this.#limit, Math.min(requests, this.#most));
    this.#wake();
  }

  /** Told that the server has too much to do. */
  lower(): void {
    this.#growing = false;
    this.#limit = Math.max(1, this.#limit - 1);
  }

  #judge(rate: number): void {
    if (rate < this.#bestRate * WORTH_IT) {
      this.lower();
      return;
    }
    this.#bestRate = rate;
    this.#growing = this.#limit < this.#most;
    if (this.#growing) this.#limit += 1;
    this.#wake();
  }

  #wake(): void {
    for (let room = this.#limit - this.#inFlight; room > 0; room--) this.#waiting.shift()?.();
  }
}
