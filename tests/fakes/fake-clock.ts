import { Interrupted } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** A clock that a test owns: sleeping moves it on at once. */
export class FakeClock implements Clock {
  #now: number;
  /** Told before each sleep, with the time at its start and its length in milliseconds. */
  onSleep: (now: number, ms: number) => void = () => undefined;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Time goes by without anybody sleeping. */
  pass(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.onSleep(this.#now, ms);
    if (signal.aborted) throw new Interrupted();
    this.#now += ms;
  }
}
