import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { SparseProgress } from '../sparse-progress.ts';
import { paint, type Terminal } from './terminal.ts';

const BAR_WIDTH = 30;

export interface TerminalLogOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  /** Show debug lines. */
  readonly verbose: boolean;
}

/** Lines on standard error; bars that redraw themselves on a terminal, sparse plain lines elsewhere. */
export class TerminalLog implements Log {
  readonly #options: TerminalLogOptions;
  #depth = 0;
  #barOpen = false;
  readonly #sparse = new SparseProgress();

  constructor(options: TerminalLogOptions) {
    this.#options = options;
  }

  info(line: string): void {
    this.#print(line);
  }

  warn(line: string): void {
    this.#print(`${this.#paint('yellow', 'warning:')} ${line}`);
  }

  error(line: string): void {
    this.#print(`${this.#paint('red', 'error:')} ${line}`);
  }

  debug(line: string): void {
    if (this.#options.verbose) this.#print(this.#paint('dim', line));
  }

  progress(task: string, done: number, total: number, note = ''): void {
    if (this.#options.terminal.stderr.isTTY) {
      this.#drawBar(task, total === 0 ? 1 : done / total, note);
      return;
    }
    const line = this.#sparse.line(task, done, total, note);
    if (line !== undefined) this.#print(line);
  }

  async group<T>(title: string, body: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    this.#print(this.#paint('bold', title));
    this.#depth += 1;
    try {
      return await body();
    } finally {
      this.#print(this.#paint('dim', `${((clock.now() - startedAt) / 1000).toFixed(1)} s`));
      this.#depth -= 1;
    }
  }

  #drawBar(task: string, share: number, note: string): void {
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const line = `${'  '.repeat(this.#depth)}${bar} ${percent(share)} ${task}${plainNote(note)}`;
    const width = this.#options.terminal.stderr.columns ?? 80;
    this.#write(`\r\u001b[K${this.#options.redact(line).slice(0, width - 1)}`);
    this.#barOpen = true;
    if (share >= 1) this.#closeBar();
  }

  #print(text: string): void {
    this.#closeBar();
    const indent = '  '.repeat(this.#depth);
    for (const line of this.#options.redact(text).split('\n')) this.#write(`${indent}${line}\n`);
  }

  #closeBar(): void {
    if (!this.#barOpen) return;
    this.#barOpen = false;
    this.#write('\n');
  }

  #write(text: string): void {
    this.#options.terminal.stderr.write(text);
  }

  #paint(code: Parameters<typeof paint>[1], text: string): string {
    return paint(this.#options.terminal, code, text);
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** The note after a task; `%` only says that done is a percentage, which the bar shows already. */
function plainNote(note: string): string {
  return note === '' || note === '%' ? '' : `, ${note}`;
}
