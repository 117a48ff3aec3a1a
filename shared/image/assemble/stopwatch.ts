import type { Clock } from '../../ports/clock.ts';

/** Says how long each part of the work took. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #progress: (line: string) => void;
  #since: number;

  constructor(clock: Clock, progress: (line: string) => void) {
    this.#clock = clock;
    this.#progress = progress;
    this.#since = clock.now();
  }

  /** `base image python:3.11.9-slim (0.21 s)`: what was done since the last call. */
  lap(what: string): void {
    const now = this.#clock.now();
    this.#progress(`${what} (${((now - this.#since) / 1000).toFixed(2)} s)`);
    this.#since = now;
  }
}

/** `812 B`, `14.2 kB`, `138 MB`: for people. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
