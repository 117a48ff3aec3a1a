import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { type Command, runCli } from './cli.ts';
import { compose, GATEWAY_COMMAND, type Parts } from './compose.ts';
import { Interrupted, type Problem } from './errors.ts';
import { type CiHostId, ciHostIds } from './hosts/index.ts';
import type { CommandLine } from './hosts/terminal/arguments.ts';
import { TerminalHost } from './hosts/terminal/host.ts';
import type { Terminal } from './hosts/terminal/terminal.ts';
import { TerminalLog } from './hosts/terminal/terminal-log.ts';
import { keepYoungGenerationSmall } from './io/young-generation.ts';
import { localCommands } from './local-commands.ts';
import { releaseCommands } from './release-commands.ts';
import type { AnyStep } from './steps/define.ts';
import { steps } from './steps/index.ts';
import { runJob } from './steps/run-job.ts';
import { runStep } from './steps/run-step.ts';

/** A second signal of the same kind ends the process at once; before that it may be reverting. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The command line of this process: runs it to its end. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const parts = composeHere();
  const print = (text: string): void => void process.stdout.write(text);
  const [first, stateDir] = argv;
  if (first === GATEWAY_COMMAND && stateDir !== undefined) return parts.gateway(stateDir, untilSignalled(), note);
  const job = jobOf(argv);
  if (job) return runOnCi(parts, job.host, job.step);
  const commands: readonly Command[] = [...localCommands(parts, print), ...releaseCommands(parts, print)];
  return runCli(argv, {
    steps,
    commands,
    runStep: (step, line, found) => runOnTerminal(parts, step, line, found),
    print,
    complain: (text) => void process.stderr.write(text),
  });
}

/**
 * What a host's stub calls: runs a job's step and sets the exit code of this process.
 * @param hostId the CI system that runs the job
 * @param step id of a step, or `auto` for what the event calls for
 */
export async function run(hostId: CiHostId, step: string): Promise<void> {
  process.exitCode = await runOnCi(composeHere(), hostId, step);
}

/** `haute-ci STEP --host gitlab`: a job of a CI system that has no stub. */
function jobOf(argv: readonly string[]): { readonly host: CiHostId; readonly step: string } | undefined {
  const [step, flag, name, ...rest] = argv;
  const host = ciHostIds.find((id) => id === name);
  return step !== undefined && flag === '--host' && host !== undefined && rest.length === 0
    ? { host, step }
    : undefined;
}

async function runOnCi(parts: Parts, hostId: CiHostId, step: string): Promise<number> {
  const host = await parts.ciHost(hostId, process.stdout);
  const note = (line: string): void => host.log.info(line);
  const signal = untilSignalled((text) => host.log.warn(text));
  return runJob({
    host,
    asked: step,
    steps,
    signal,
    makeContext: (own) => parts.context(host, own, () => parts.forge(hostId, note)),
  });
}

/**
 * A reader that goes away (a closed pipe, a log that is cut off) must not end the process in the middle of a promotion:
 * what cannot be written is lost, and nothing else.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** The only place where the suite reads its process: environment, folder, streams. */
function composeHere(): Parts {
  outliveReaders();
  keepYoungGenerationSmall();
  const self = fileURLToPath(import.meta.url);
  const here = dirname(self);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  // In the bundle this module is the program; among the sources bin.ts starts it.
  const entry = self.endsWith('.ts') ? join(here, 'bin.ts') : self;
  return compose({ env, cwd: process.cwd(), here, node: process.execPath, entry });
}

function runOnTerminal(parts: Parts, step: AnyStep, line: CommandLine, found: readonly Problem[]): Promise<number> {
  const { env, redactor, clock } = parts;
  const color = env.NO_COLOR === undefined && process.stderr.isTTY === true;
  const terminal: Terminal = { stdout: process.stdout, stderr: process.stderr, color };
  const redact = (text: string): string => redactor.text(text);
  const log = new TerminalLog({ terminal, clock, redact, verbose: line.flags.has('verbose') });
  const facts = { run: 'terminal', actor: env.USER, ci: env.CI !== undefined };
  const host = new TerminalHost({ line, terminal, log, facts, redactor });
  const named = line.flags.get('approve') ?? [];
  const ask = process.stdin.isTTY && process.stderr.isTTY ? question : undefined;
  return runStep(
    step,
    host,
    untilSignalled((text) => log.warn(text)),
    (signal) => parts.context(host, signal, (project) => parts.terminalForge(project, named, ask)),
    found,
  );
}

/** Aborted by the first signal; a step then reverts what it has begun, and says so. */
function untilSignalled(say: (text: string) => void = () => undefined): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) say(`${name} again: still ending in good order`);
      else {
        say(`${name}: ending in good order`);
        controller.abort(new Interrupted(name));
      }
    });
  }
  return controller.signal;
}

async function question(text: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(text);
  } finally {
    lines.close();
  }
}

/** A line of the gateway's own log. */
function note(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/** True when this module's bundle is what the process was started with, through whatever link; false when it is imported. */
export function isEntry(moduleUrl: string): boolean {
  const [, started] = process.argv;
  return started !== undefined && realpathSync(resolve(started)) === realpathSync(fileURLToPath(moduleUrl));
}
