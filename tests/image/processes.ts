import { type ChildProcess, spawn } from 'node:child_process';
import { createRegistry } from '../../shared/image/registry/index.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { DEFAULT_RETRY, parseRetryAfter, retry } from '../../shared/io/retry.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { Registry } from '../../shared/ports/registry.ts';

const START_MS = 60_000;

/** A program that runs until the test ends. */
export class Running {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  log = '';

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (piece: Buffer) => {
        this.log += piece.toString();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve()).once('error', () => resolve());
    });
  }

  /** What a question gives, asked until it gives something. */
  async until<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const end = Date.now() + START_MS;
    while (Date.now() < end && this.#child.exitCode === null) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it does not start: ${this.log.slice(-2_000)}`);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}

/** Google's registry, in memory, on a port of its own. */
export async function startRegistry(program: string): Promise<{ readonly running: Running; readonly host: string }> {
  const running = new Running(program, ['-port', '0']);
  const port = await running.until(() => /serving on port (\d+)/.exec(running.log)?.[1]);
  return { running, host: `127.0.0.1:${port}` };
}

/** Our client, without any login. */
export function registryClient(note: (line: string) => void = () => undefined): Registry {
  const clock = new SystemClock();
  const redactor = new Redactor();
  return createRegistry({
    env: {},
    clock,
    exec: new NodeExec(redactor),
    files: new DiskFiles(),
    configuredRegistry: undefined,
    given: [],
    providers: [],
    retry: (call, tools) => retry(DEFAULT_RETRY, { ...tools, clock, random: Math.random }, call),
    retryAfterMs: (header) => parseRetryAfter(header, clock.now()),
    mask: (secret) => redactor.add(secret),
    redact: (text) => redactor.text(text),
    note,
    insecure: [],
  });
}
