interface Stretch {
  readonly from: number;
  readonly until: number;
  /** Requests in flight times milliseconds. */
  readonly area: number;
}

/** Counts requests in flight and averages them over a window of time. Knows no clock: it is told the time. */
export class LoadMeter {
  #inFlight = 0;
  #lastEnd: number;
  /** The stretch that is not over: since the last look. */
  #from: number;
  #at: number;
  #area = 0;
  #past: Stretch[] = [];

  constructor(now: number) {
    this.#lastEnd = now;
    this.#from = now;
    this.#at = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  enter(now: number): void {
    this.#pass(now);
    this.#inFlight += 1;
  }

  leave(now: number): void {
    this.#pass(now);
    this.#inFlight -= 1;
    this.#lastEnd = now;
  }

  /** Starts the idle time anew, as a request would. */
  touch(now: number): void {
    this.#lastEnd = now;
  }

  /** Milliseconds since the last request ended; 0 while there is one. */
  idleMs(now: number): number {
    return this.#inFlight > 0 ? 0 : now - this.#lastEnd;
  }

  /**
   * Requests in flight, averaged over the last `windowMs`; what was before this meter counts as none. Memory is one
   * entry for each look within the window, however many requests there were.
   */
  average(now: number, windowMs: number): number {
    if (windowMs <= 0) return this.#inFlight;
    this.#pass(now);
    if (now > this.#from) this.#past.push({ from: this.#from, until: now, area: this.#area });
    this.#from = now;
    this.#area = 0;
    const start = now - windowMs;
    this.#past = this.#past.filter(({ until }) => until > start);
    const inside = this.#past.map(({ from, until, area }) => (area * (until - Math.max(from, start))) / (until - from));
    return inside.reduce((sum, area) => sum + area, 0) / windowMs;
  }

  #pass(now: number): void {
    // A clock that was set back passes no time.
    this.#area += Math.max(0, now - this.#at) * this.#inFlight;
    this.#at = Math.max(this.#at, now);
  }
}
