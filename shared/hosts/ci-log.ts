import type { Log } from '../ports/log.ts';
import { plainLine } from './plain-text.ts';
import { SparseProgress } from './sparse-progress.ts';

/** How a CI system wants the lines of a log. Every line that comes in is redacted and free of control characters. */
export interface LogDialect {
  /** Text for people: must come out such that the system reads no command in it. */
  text(line: string): string;
  warn(line: string): string;
  error(line: string): string;
  /** Undefined drops the line. */
  debug(line: string): string | undefined;
  /** Lines that open and close a fold. */
  open(title: string): { readonly opening: string; readonly closing: () => string };
  /** Folds may hold folds. */
  readonly nests: boolean;
}

export interface CiLogOptions {
  readonly stdout: { write(text: string): unknown };
  readonly redact: (text: string) => string;
  readonly dialect: LogDialect;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The log of a CI job: lines on standard output, folds for groups, sparse lines for progress. */
export class CiLog implements Log {
  readonly #options: CiLogOptions;
  readonly #progress = new SparseProgress();
  #depth = 0;

  constructor(options: CiLogOptions) {
    this.#options = options;
  }

  info(text: string): void {
    this.#print(text, this.#options.dialect.text);
  }

  warn(text: string): void {
    this.#print(text, this.#options.dialect.warn);
  }

  error(text: string): void {
    this.#print(text, this.#options.dialect.error);
  }

  debug(text: string): void {
    this.#print(text, this.#options.dialect.debug);
  }

  progress(task: string, done: number, total: number, note = ''): void {
    const line = this.#progress.line(task, done, total, note);
    if (line !== undefined) this.info(line);
  }

  async group<T>(title: string, body: () => Promise<T>): Promise<T> {
    const { dialect, now } = this.#options;
    const startedAt = now();
    const folds = this.#depth === 0 || dialect.nests;
    const fold = dialect.open(this.safe(title).join(' '));
    if (folds) this.command(fold.opening);
    else this.info(title);
    this.#depth += 1;
    try {
      return await body();
    } finally {
      this.#depth -= 1;
      this.info(`${((now() - startedAt) / 1000).toFixed(1)} s`);
      if (folds) this.command(fold.closing());
    }
  }

  /** Writes a line that the system is to act on. Whoever calls this has escaped what is not ours in it. */
  command(line: string): void {
    this.#options.stdout.write(`${line}\n`);
  }

  /** Text as lines without secrets and without characters that act. */
  safe(text: string): readonly string[] {
    const { redact } = this.#options;
    // Secrets of several lines are found in the whole text; one that hides behind unseen characters, without them.
    return redact(text)
      .split(/\r\n|\n|\r/)
      .map((line) => redact(plainLine(line)));
  }

  #print(text: string, form: (line: string) => string | undefined): void {
    for (const line of this.safe(text)) {
      const shown = form(line);
      if (shown !== undefined) this.command(shown);
    }
  }
}
