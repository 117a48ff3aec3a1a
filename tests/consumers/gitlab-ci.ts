import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './pricing-project.ts';

export interface GitlabRun {
  readonly exitCode: number | null;
  readonly log: string;
}

export interface GitlabOptions {
  readonly program: string;
  readonly project: string;
  /** Names of jobs that somebody starts by hand. */
  readonly manual: readonly string[];
  /** Jobs to run; all of the pipeline where none is named. */
  readonly jobs?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Folders of the programs that the jobs and their runner use, `haute-ci` among them. */
  readonly path: readonly string[];
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a pipeline with gitlab-ci-local, on this machine and without containers, as a shell runner does.
 * @see https://github.com/firecow/gitlab-ci-local
 */
export function gitlabPipeline(options: GitlabOptions): Promise<GitlabRun> {
  const args = [
    ...(options.jobs ?? []),
    ...['--force-shell-executor', '--no-color'],
    ...options.manual.flatMap((job) => ['--manual', job]),
    ...Object.entries(options.variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]),
    ...['--ignore-predefined-vars', Object.keys(options.variables).join(',')],
  ];
  const env = {
    ...process.env,
    ...options.env,
    PATH: [...options.path, dirname(process.execPath), process.env.PATH].join(':'),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(options.program, args, { cwd: options.project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    const take = (chunk: Buffer): void => {
      log += chunk;
      for (const line of String(chunk).split('\n')) options.onLine?.(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, log }));
  });
}

/**
 * Installs the package that would be published, as the image of the jobs and `npx` do.
 * @returns the folder with `haute-ci` in it
 */
export function installPacked(scratch: string): string {
  const packed = join(scratch, 'packed');
  mkdirSync(packed, { recursive: true });
  const npm = (...args: readonly string[]): Buffer => execFileSync('npm', args, { cwd: root, timeout: 300_000 });
  npm('pack', '--silent', '--pack-destination', packed);
  const [tarball = ''] = readdirSync(packed);
  const prefix = join(scratch, 'installed');
  npm('install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, join(packed, tarball));
  return join(prefix, 'bin');
}
