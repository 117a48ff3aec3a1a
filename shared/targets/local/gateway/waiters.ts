export type Outcome = 'ready' | 'off' | 'failed';

/** Requests that wait for a deployment. */
export class Waiters {
  readonly #waiting = new Set<(outcome: Outcome) => void>();

  wait(signal: AbortSignal): Promise<Outcome | 'aborted'> {
    return new Promise((resolve) => {
      const done = (outcome: Outcome | 'aborted') => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', abort);
        resolve(outcome);
      };
      const abort = () => done('aborted');
      if (signal.aborted) return resolve('aborted');
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(done);
    });
  }

  settle(outcome: Outcome): void {
    for (const done of [...this.#waiting]) done(outcome);
  }
}
