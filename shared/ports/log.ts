/** What a step tells the person who watches it. Every line is redacted by the host before it is shown. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  debug(line: string): void;
  /** A task whose end is known: drawn as a bar on a terminal, as sparse plain lines elsewhere. Ends when done == total. */
  progress(task: string, done: number, total: number, note?: string): void;
  /** Runs the body under a heading that the host can fold. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
}
