import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Interrupted } from '../errors.ts';
import type { Command, CommandResult, Exec } from '../ports/exec.ts';
import { diskError } from './disk-error.ts';
import { startError } from './exec-errors.ts';
import { BoundedOutput, LineSplitter } from './output.ts';
import { ProcessGroup } from './process-group.ts';
import type { Redactor } from './redact.ts';
import { MAX_TIMER_MS } from './system-clock.ts';

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_LINE_CHARS = 64 * 1024;

export interface NodeExecOptions {
  /** Milliseconds between SIGTERM and SIGKILL, and between SIGKILL and giving up. */
  readonly graceMs: number;
}

/** Runs programs on this machine: argv only, never a shell, each in a process group of its own that ends with it. */
export class NodeExec implements Exec {
  readonly #redactor: Redactor;
  readonly #graceMs: number;
  readonly #live = new Set<ProcessGroup>();
  readonly #killAll = () => {
    for (const group of this.#live) group.kill();
  };

  constructor(redactor: Redactor, options: NodeExecOptions = { graceMs: 5_000 }) {
    this.#redactor = redactor;
    this.#graceMs = options.graceMs;
  }

  async run(command: Command): Promise<CommandResult> {
    if (command.signal.aborted) throw new Interrupted();
    const { argv, cwd, env, stdin, onLine } = command;
    const [program, ...args] = argv;
    const maxBytes = command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
    const stdout = new BoundedOutput(maxBytes);
    const stderr = new BoundedOutput(maxBytes);
    const stdio = [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const;

    let group: ProcessGroup;
    try {
      const child = spawn(program, args, { cwd, env, stdio: [...stdio], detached: true, shell: false });
      group = new ProcessGroup(child, this.#graceMs);
      this.#listen(child.stdout, stdout, onLine && ((line) => onLine(line, 'stdout')));
      this.#listen(child.stderr, stderr, onLine && ((line) => onLine(line, 'stderr')));
      // A program may end without reading all of its input: its exit code tells, not the broken pipe.
      child.stdin?.on('error', () => {});
      child.stdin?.end(stdin);
    } catch (error) {
      throw await startError(error, program, cwd);
    }

    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        group.end();
      },
      Math.min(command.timeoutMs, MAX_TIMER_MS),
    );
    const cancel = () => group.end();
    this.#enter(group);
    command.signal.addEventListener('abort', cancel, { once: true });
    try {
      const code = await group.ended;
      if (command.signal.aborted) throw new Interrupted();
      return {
        code: timedOut ? null : code,
        stdout: stdout.text(),
        stderr: stderr.text(),
        timedOut,
        ...(stdout.omittedBytes > 0 && { stdoutOmittedBytes: stdout.omittedBytes }),
      };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      throw await startError(error, program, cwd);
    } finally {
      clearTimeout(timer);
      command.signal.removeEventListener('abort', cancel);
      this.#leave(group);
    }
  }

  async detach(
    command: Pick<Command, 'argv' | 'cwd' | 'env'>,
    logFile: string,
    onExit?: (code: number | null, signal: string | null) => void,
  ): Promise<number> {
    const [program, ...args] = command.argv;
    const log = await openLog(logFile);
    try {
      const child = spawn(program, args, {
        cwd: command.cwd,
        env: command.env,
        // Its own session: no signal of our terminal, and no end of ours, reaches it.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        shell: false,
      });
      if (onExit) child.once('exit', onExit);
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      child.unref();
      return child.pid as number;
    } catch (error) {
      throw await startError(error, program, command.cwd);
    } finally {
      await log.close();
    }
  }

  /** A process of ours that exits in the middle of a command takes the command with it. */
  #enter(group: ProcessGroup): void {
    if (this.#live.size === 0) process.once('exit', this.#killAll);
    this.#live.add(group);
  }

  #leave(group: ProcessGroup): void {
    this.#live.delete(group);
    if (this.#live.size === 0) process.off('exit', this.#killAll);
  }

  #listen(
    stream: NodeJS.ReadableStream | null,
    output: BoundedOutput,
    onLine: ((line: string) => void) | undefined,
  ): void {
    // Longer than what is shown by one whole secret, so that none is cut in half before it is recognised.
    const splitter =
      onLine &&
      new LineSplitter(MAX_LINE_CHARS + this.#redactor.longestForm, (line) =>
        onLine(this.#redactor.text(line, Math.min(line.length, MAX_LINE_CHARS))),
      );
    stream?.on('data', (chunk: Uint8Array) => {
      output.push(chunk);
      splitter?.push(chunk);
    });
    stream?.on('end', () => splitter?.end());
  }
}

/** Appends; readable by its owner alone, since a server may log what it was sent. Never through a symbolic link. */
async function openLog(path: string) {
  try {
    await mkdir(dirname(path), { recursive: true });
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
    const log = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
    await log.chmod(0o600);
    return log;
  } catch (error) {
    throw diskError(error, 'write', path);
  }
}
