import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
const BUNDLE = join(REPOSITORY, 'dist', 'index.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The one JSON object on standard output; undefined where there is none. */
  readonly json:
    | { readonly step: string; readonly result: string; readonly outputs: Readonly<Record<string, string>> }
    | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when a line of the log matches. */
  sees(pattern: RegExp): Promise<void>;
}

/** A copy of a project in a folder of its own, with the committed bundle run on it as a user runs it. */
export class CliProject {
  readonly dir: string;

  constructor(source: string) {
    this.dir = join(mkdtempSync(join(tmpdir(), 'haute-pipeline-')), 'project');
    cpSync(source, this.dir, {
      recursive: true,
      filter: (path) => !/\/(\.haute(_cache)?|versions|outputs)(\/|$)/.test(path),
    });
  }

  /** Lays another version's files over the project. */
  overlay(folder: string): void {
    cpSync(folder, this.dir, { recursive: true });
  }

  path(...names: readonly string[]): string {
    return join(this.dir, ...names);
  }

  step(step: string, ...flags: readonly string[]): Promise<Ended> {
    return this.start(step, ...flags).ended;
  }

  /** Starts a step without waiting for its end. */
  start(step: string, ...flags: readonly string[]): Running {
    return run([step, '--project', this.dir, '--target', 'local', '--json', ...flags]);
  }

  /** Runs a command that is no step: `local status`. */
  command(...args: readonly string[]): Promise<Ended> {
    return run([...args, '--project', this.dir]).ended;
  }

  /** Ends all servers and removes the folder. */
  async dispose(): Promise<void> {
    const stopped = await run(['local', 'stop', '--project', this.dir, '--purge']).ended;
    if (stopped.code !== 0) throw new Error(`local stop failed: ${stopped.stderr}`);
    rmSync(resolve(this.dir, '..'), { recursive: true, force: true });
  }
}

export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return runBundle(BUNDLE, args, env);
}

/** The same by another copy of the bundle. */
export function runBundle(
  bundle: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  return running(process.execPath, [bundle, ...args], env);
}

/** The same from the sources, whatever the bundle is. */
export function runSource(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const node = join(REPOSITORY, 'node_modules/.bin/node');
  return running(node, [join(REPOSITORY, 'shared/bin.ts'), ...args], env);
}

function running(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true', ...env },
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<Ended>((resolveEnd, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolveEnd({ code, signal, json: parse(stdout), stdout, stderr }));
  });
  const sees = (pattern: RegExp): Promise<void> =>
    new Promise((resolveSeen, reject) => {
      const look = (): void => {
        if (!pattern.test(stderr)) return;
        watchers.delete(look);
        resolveSeen();
      };
      watchers.add(look);
      look();
      child.on('close', () => reject(new Error(`it ended before its log showed ${pattern}:\n${stderr}`)));
    });
  return { child, ended, sees };
}

function parse(text: string): Ended['json'] {
  const lines = text.trim().split('\n');
  try {
    return lines.length === 1 ? (JSON.parse(lines[0] ?? '') as Ended['json']) : undefined;
  } catch {
    return undefined;
  }
}
