import type { Problem } from './errors.ts';
import { describeProblem, whereToRead } from './errors.ts';
import { type CommandLine, readCommandLine } from './hosts/terminal/arguments.ts';
import { overview, stepHelp } from './hosts/terminal/help.ts';
import { nearest } from './project/nearest.ts';
import type { AnyStep } from './steps/define.ts';
import { EXIT, failureOf } from './steps/run-step.ts';
import { VERSION } from './version.ts';

/** Flags that every command knows beside its inputs. */
const COMMON_SWITCHES = ['json', 'verbose', 'help', 'version', 'purge', 'follow'];

/** A command beside the seven steps: its words, the flags it takes, and what it does. */
export interface Command {
  /** `local status`. */
  readonly words: string;
  readonly flags: readonly string[];
  run(line: CommandLine): Promise<number>;
}

export interface CliOptions {
  readonly steps: readonly AnyStep[];
  readonly commands: readonly Command[];
  /** @param found what is wrong with the command line already: the step reports it with its own */
  readonly runStep: (step: AnyStep, line: CommandLine, found: readonly Problem[]) => Promise<number>;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * The command line: finds the step or command that argv names and runs it.
 * @param argv arguments after the program's name
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<number> {
  const { line, problems } = readCommandLine(argv, switchesOf(options.steps));
  if (line.flags.has('version')) return say(options, `${VERSION}\n`);
  const step = options.steps.find(({ id }) => id === line.words[0]);
  if (line.flags.has('help') && step) return say(options, stepHelp(step));
  if (line.flags.has('help') || line.words.length === 0 || line.words[0] === 'help') {
    options.print(overview(options.steps, VERSION));
    return line.words.length === 0 && !line.flags.has('help') ? EXIT.config : EXIT.pass;
  }
  const command = options.commands.find(({ words }) => words === line.words.join(' '));
  if (!step && !command) return refuse(options, [unknownCommand(line, options)]);
  const known = step ? Object.keys(step.inputs) : (command?.flags ?? []);
  const extra = step && line.words.length > 1 ? [straysWord(line.words[1] ?? '')] : [];
  const wrong = [...problems, ...extra, ...unknownFlags(line, known)];
  if (step) return options.runStep(step, line, wrong);
  if (wrong.length > 0) return refuse(options, wrong);
  return command ? runCommand(command, line, options) : EXIT.config;
}

async function runCommand(command: Command, line: CommandLine, options: CliOptions): Promise<number> {
  try {
    return await command.run(line);
  } catch (error) {
    const { problems, exitCode } = failureOf(error);
    refuse(options, problems);
    return exitCode;
  }
}

function switchesOf(steps: readonly AnyStep[]): ReadonlySet<string> {
  const booleans = steps.flatMap((step) => Object.entries(step.inputs).filter(([, spec]) => spec.type === 'boolean'));
  return new Set([...COMMON_SWITCHES, ...booleans.map(([name]) => name)]);
}

function unknownFlags(line: CommandLine, known: readonly string[]): readonly Problem[] {
  const all = [...known, ...COMMON_SWITCHES];
  return [...line.flags.keys()]
    .filter((flag) => !all.includes(flag))
    .map((flag) => ({
      code: 'INPUT-UNKNOWN',
      what: `--${flag} is not known here`,
      fix: suggestion(nearest(flag, all), '--'),
    }));
}

function unknownCommand(line: CommandLine, { steps, commands }: CliOptions): Problem {
  const typed = line.words.join(' ');
  const known = [...steps.map(({ id }) => id), ...commands.map(({ words }) => words)];
  return {
    code: 'STEP-UNKNOWN',
    what: `${typed} is neither a step nor a command`,
    fix: suggestion(nearest(typed, known), ''),
  };
}

function suggestion(near: string | undefined, prefix: string): string {
  return near ? `Did you mean ${prefix}${near}?` : 'haute-ci --help lists what there is';
}

function straysWord(word: string): Problem {
  return { code: 'INPUT-UNKNOWN', what: `${word} belongs to no input`, fix: 'Inputs are flags: --name VALUE' };
}

function refuse({ complain }: CliOptions, problems: readonly Problem[]): number {
  for (const problem of problems) complain(`error: ${describeProblem(problem)}\n`);
  complain(`${whereToRead(problems)}\n`);
  return EXIT.config;
}

function say({ print }: CliOptions, text: string): number {
  print(text);
  return EXIT.pass;
}
