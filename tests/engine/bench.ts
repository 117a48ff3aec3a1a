import { chmodSync, cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHauteEngine, type HauteEngineOptions } from '../../shared/engine/haute-engine.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { Engine, EngineOptions, ServePlan } from '../../shared/ports/engine.ts';
import type { HauteConfig } from '../../shared/project/haute-config.ts';
import type { TestQuote } from '../../shared/project/test-quote.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { HttpQuoteEndpoints } from '../../shared/scoring/http-quote-endpoints.ts';

const HERE = import.meta.dirname;
export const PYTHON_DIR = resolve(HERE, '../../shared/engine/python');
/** Kept from one run of the tests to the next: an environment is made in a second, and compiled in some more. */
export const ENVIRONMENTS = join(tmpdir(), `haute-deploy-tests-${process.getuid?.() ?? 0}`);

export const files = new DiskFiles();
export const exec = new NodeExec(new Redactor(), { graceMs: 2_000 });
export const env = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
);

export interface Settings {
  readonly pipeline?: string;
  readonly modelName?: string;
  readonly outputFields?: readonly string[];
}

export function engineOn(
  projectRoot: string,
  settings: Settings = {},
  more: Partial<Omit<HauteEngineOptions, 'projectRoot' | 'config'>> = {},
): Engine {
  return createHauteEngine({
    projectRoot,
    config: configOf(settings),
    exec,
    files,
    clock: new SystemClock(),
    endpoints: new HttpQuoteEndpoints({ retryAfterMs: () => undefined }),
    assets: { pythonDir: PYTHON_DIR },
    env,
    cacheDir: ENVIRONMENTS,
    ...more,
  });
}

/** What the engine reads of haute.toml. */
function configOf({ pipeline = 'rating/main.py', modelName = 'motor', outputFields }: Settings): HauteConfig {
  return { project: { name: 'motor', pipeline }, deploy: { modelName, outputFields } } as HauteConfig;
}

/** Folders of a test, all gone after it. */
export class Folders {
  readonly #made: string[] = [];

  empty(): string {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'haute-engine-test-')));
    chmodSync(dir, 0o755);
    this.#made.push(dir);
    return dir;
  }

  /** A copy of a fixture project. */
  project(name: string, folder = 'project'): string {
    const dir = join(this.empty(), folder);
    cpSync(join(HERE, 'fixtures', name), dir, { recursive: true });
    return dir;
  }

  remove(): void {
    for (const dir of this.#made.splice(0)) rmSync(dir, { recursive: true, force: true });
  }
}

export function options(said: string[] = [], signal = new AbortController().signal): EngineOptions {
  return { signal, progress: (line) => said.push(line) };
}

export function quotesOf(...inputs: readonly JsonObject[]): readonly TestQuote[] {
  return inputs.map((input, index) => ({
    file: 'tests/quotes/golden.json',
    index,
    description: undefined,
    input,
    expected: undefined,
    tolerance: undefined,
  }));
}

/** Of a server that nobody stops: longer than the longest benchmark asks it. */
const LIFETIME_MS = 3_600_000;

export interface Served {
  readonly url: string;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** Runs a packaged application as its plan says, until it is stopped. `as`: what runs it, such as `setpriv`. */
export async function serve(
  plan: ServePlan,
  more: Record<string, string> = {},
  as: readonly string[] = [],
): Promise<Served> {
  const stop = new AbortController();
  const log: string[] = [];
  const [program = '', ...args] = [...as, ...plan.argv.map((part) => part.replace('{port}', '0'))];
  let ended: Promise<unknown> = Promise.resolve();
  const port = await new Promise<string>((found, failed) => {
    ended = exec
      .run({
        argv: [program, ...args],
        cwd: plan.cwd,
        env: { PATH: env.PATH ?? '', HOME: env.HOME ?? '', ...plan.env, ...more },
        timeoutMs: LIFETIME_MS,
        signal: stop.signal,
        onLine: (line) => {
          log.push(line);
          const [, listening] = /listening on 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
          if (listening !== undefined) found(listening);
        },
      })
      .then(() => failed(new Error(`the server ended: ${log.join('\n')}`)), failed);
  });
  const url = `http://127.0.0.1:${port}`;
  const stopIt = async () => {
    stop.abort();
    await ended.catch(() => undefined);
  };
  try {
    await healthy(url, ended);
  } catch (error) {
    await stopIt();
    throw new Error(`the server does not get well: ${log.join('\n')}`, { cause: error });
  }
  return { url, log, stop: stopIt };
}

async function healthy(url: string, ended: Promise<unknown>): Promise<void> {
  let gone = false;
  ended.finally(() => {
    gone = true;
  });
  while (!gone) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it ended');
}
