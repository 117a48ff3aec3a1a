import type { Annotation, Host, RunFacts, StepEnd } from '../../shared/ports/host.ts';
import type { Log } from '../../shared/ports/log.ts';

/** A host that keeps what it was told. */
export class RecordingHost implements Host {
  readonly id = 'recording';
  readonly facts: RunFacts = { run: 'terminal', actor: undefined, ci: true };
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly masked: string[] = [];
  end: StepEnd | undefined;
  readonly log: Log = {
    info: (line) => this.lines.push(line),
    warn: (line) => this.lines.push(`warning: ${line}`),
    debug: (line) => this.lines.push(`debug: ${line}`),
    progress: (task, done, total) => this.lines.push(`${task}: ${done} of ${total}`),
    group: (_title, body) => body(),
  };
  readonly #inputs: Readonly<Record<string, string>>;

  constructor(inputs: Readonly<Record<string, string>> = {}) {
    this.#inputs = inputs;
  }

  input(name: string): readonly string[] | undefined {
    const text = this.#inputs[name];
    return text === undefined ? undefined : [text];
  }
  spell(name: string): string {
    return `--${name}`;
  }
  annotate(annotation: Annotation): void {
    this.annotations.push(annotation);
  }
  readonly mask = (secret: string): void => void this.masked.push(secret);
  async finish(end: StepEnd): Promise<void> {
    this.end = end;
  }
}
