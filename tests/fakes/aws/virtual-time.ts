/** Something that goes on while time passes: it yields how many milliseconds pass until its next step. */
export type Process = Generator<number, void, void>;

export interface Running {
  /** Its next step is now. */
  wake(): void;
  /** It takes no further step. */
  stop(): void;
}

interface Entry {
  readonly process: Process;
  wakeAt: number;
}

/** Time that a test owns. Processes take their steps in the order of their times, as fast as the test lets time pass. */
export class VirtualTime {
  #now: number;
  #entries: Entry[] = [];
  /** Told after every step of a process. */
  onStep: () => void = () => undefined;

  constructor(now: number) {
    this.#now = now;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Starts a process; its first step is taken when time is next looked at. */
  spawn(process: Process): Running {
    const entry = { process, wakeAt: this.#now };
    this.#entries.push(entry);
    return {
      wake: () => {
        entry.wakeAt = this.#now;
      },
      stop: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  /** Lets time pass up to a moment; what is due until then is done. Time does not run back. */
  advanceTo(moment: number): void {
    for (let entry = this.#next(moment); entry; entry = this.#next(moment)) {
      this.#now = Math.max(this.#now, entry.wakeAt);
      const { done, value } = entry.process.next();
      if (done) this.#entries = this.#entries.filter((other) => other !== entry);
      else entry.wakeAt = this.#now + value;
      this.onStep();
    }
    this.#now = Math.max(this.#now, moment);
  }

  pass(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  #next(until: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (entry.wakeAt <= until && (!first || entry.wakeAt < first.wakeAt)) first = entry;
    }
    return first;
  }
}
