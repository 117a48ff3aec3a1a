import { describePlace } from '../../errors.ts';
import type { Annotation, Host, RunFacts, StepEnd } from '../../ports/host.ts';
import type { CommandLine } from './arguments.ts';
import { paint, type Terminal } from './terminal.ts';
import type { TerminalLog } from './terminal-log.ts';

export interface TerminalHostOptions {
  readonly line: CommandLine;
  readonly terminal: Terminal;
  readonly log: TerminalLog;
  readonly facts: RunFacts;
  readonly redactor: { add(secret: string): boolean; text(text: string): string };
}

/** One's own machine: flags in, standard output and error out. */
export class TerminalHost implements Host {
  readonly id = 'terminal';
  readonly facts: RunFacts;
  readonly log: TerminalLog;
  readonly #options: TerminalHostOptions;

  constructor(options: TerminalHostOptions) {
    this.#options = options;
    this.facts = options.facts;
    this.log = options.log;
  }

  input(name: string): readonly string[] | undefined {
    return this.#options.line.flags.get(name);
  }

  spell(name: string): string {
    return `--${name}`;
  }

  annotate(annotation: Annotation): void {
    const place = annotation.place ? `${describePlace(annotation.place)}: ` : '';
    const line = `${place}${annotation.message} [${annotation.title}]`;
    if (annotation.level === 'error') this.log.error(line);
    else if (annotation.level === 'warning') this.log.warn(line);
    else this.log.info(line);
  }

  mask(secret: string): void {
    this.#options.redactor.add(secret);
  }

  async finish(end: StepEnd): Promise<void> {
    const { terminal, redactor, line } = this.#options;
    if (line.flags.has('json')) {
      const { step, result, outputs } = end;
      terminal.stdout.write(`${redactor.text(JSON.stringify({ step, result, outputs }))}\n`);
      return;
    }
    if (end.summary !== '' && end.exitCode <= 1) terminal.stdout.write(`\n${redactor.text(end.summary)}\n`);
    for (const [name, value] of Object.entries(end.outputs))
      terminal.stdout.write(`${name}: ${redactor.text(value)}\n`);
    const ok = end.exitCode === 0;
    terminal.stderr.write(`${paint(terminal, ok ? 'green' : 'red', `${end.step}: ${end.result}`)}\n`);
  }
}
