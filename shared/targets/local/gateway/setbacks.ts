const FIRST_BACKOFF_MS = 500;
const LONGEST_START_BACKOFF_MS = 30_000;
const LONGEST_CRASH_BACKOFF_MS = 5_000;
/** Servers that ended after they had been ready and are replaced at once, before it looks like a pattern. */
const FREE_CRASHES = 3;
/** Time without a crash after which those before are forgotten. */
const CALM_MS = 10_000;
/** Failed starts in a row after which nobody waits for the deployment any more; it is still tried again. */
const HOPELESS = 3;

/**
 * What went wrong with the servers of one deployment, and how long to wait before the next start. A server that never
 * came up says that none will; one that ended after it was up says little, and is replaced soon.
 */
export class Setbacks {
  #failedStarts = 0;
  #crashes = 0;
  #lastCrashAt = 0;
  #notBefore = 0;

  /** Starts that failed since the last server that came up. */
  get failedStarts(): number {
    return this.#failedStarts;
  }

  get isHopeless(): boolean {
    return this.#failedStarts >= HOPELESS;
  }

  /** True while the last thing that happened is a setback. */
  areRecent(now: number): boolean {
    return this.#failedStarts > 0 || (this.#crashes > 0 && now - this.#lastCrashAt < CALM_MS);
  }

  mayStart(now: number): boolean {
    return now >= this.#notBefore;
  }

  startFailed(now: number): void {
    this.#failedStarts += 1;
    this.#notBefore = now + backoff(this.#failedStarts - 1, LONGEST_START_BACKOFF_MS);
  }

  crashed(now: number): void {
    this.#crashes = now - this.#lastCrashAt < CALM_MS ? this.#crashes + 1 : 1;
    this.#lastCrashAt = now;
    this.#notBefore = now + backoff(this.#crashes - FREE_CRASHES, LONGEST_CRASH_BACKOFF_MS);
  }

  cameUp(): void {
    this.#failedStarts = 0;
  }

  forget(): void {
    this.#failedStarts = 0;
    this.#crashes = 0;
    this.#notBefore = 0;
  }
}

/** None for the first, then doubling. */
function backoff(repetition: number, longestMs: number): number {
  return repetition <= 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (repetition - 1), longestMs);
}
