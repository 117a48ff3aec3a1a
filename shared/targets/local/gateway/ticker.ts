/** A beat that can be called early. */
export class Ticker {
  readonly #everyMs: number;
  #isPoked = false;
  #wake: () => void = () => {};

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** The next beat comes now. */
  poke = (): void => {
    this.#isPoked = true;
    this.#wake();
  };

  /** Resolves at the next beat, or when the signal fires. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#isPoked && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, this.#everyMs);
        this.#wake = done;
        signal.addEventListener('abort', done, { once: true });
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        }
      });
    }
    this.#isPoked = false;
  }
}
