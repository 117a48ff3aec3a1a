/** Time, handed in so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with Interrupted when the signal fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
