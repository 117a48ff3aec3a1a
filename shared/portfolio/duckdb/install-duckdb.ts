import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import type { Exec } from '../../ports/exec.ts';
import { DUCKDB_PACKAGE, DUCKDB_VERSION } from './duckdb.ts';
import { DUCKDB_LOCK } from './duckdb-lock.ts';

export interface InstallTools {
  readonly exec: Exec;
  /** Environment of npm: PATH and HOME, and where its registry and proxies are. */
  readonly env: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 300_000;
/** The code for this machine is in a package that is optional, since there is one for each kind of machine. */
const NPM = [
  ...['npm', 'ci', '--include=optional'],
  ...['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
] as const;
const RUN_TIMEOUT_MS = 60_000;
/** What a rename says where another job was faster. */
const IS_THERE = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

/**
 * Installs DuckDB for Node by npm, with exactly the packages of the lock, into a folder that is there as a whole or not
 * at all.
 * @throws ProviderError DUCKDB-NOT-INSTALLED when npm cannot, or when it does not run here; EXEC-NOT-FOUND without npm; Interrupted
 */
export async function installDuckDb(folder: string, { exec, env }: InstallTools, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const dependencies = { [DUCKDB_PACKAGE]: DUCKDB_VERSION };
    const packages = { '': { dependencies }, ...DUCKDB_LOCK };
    await writeFile(join(work, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await writeFile(join(work, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
    const { code, stderr } = await exec.run({ argv: NPM, cwd: work, env, timeoutMs: TIMEOUT_MS, signal });
    if (code !== 0) throw notInstalled(`npm could not install it: ${lastLines(stderr)}`);
    await checkRuns(work, { exec, env }, signal);
    await rename(work, folder).catch((error: NodeJS.ErrnoException) => {
      if (!IS_THERE.includes(error.code ?? '')) throw notInstalled(`${folder} cannot be made: ${error.message}`);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** In a process of its own: Windows moves no folder whose code is loaded, and a crash is that of the other process. */
async function checkRuns(work: string, { exec, env }: InstallTools, signal: AbortSignal): Promise<void> {
  const argv = [process.execPath, join(work, 'node_modules', DUCKDB_PACKAGE, 'lib', 'index.js')] as const;
  const { code, stderr } = await exec.run({ argv, cwd: work, env, timeoutMs: RUN_TIMEOUT_MS, signal });
  if (code !== 0) throw notInstalled(`it does not run on this machine: ${lastLines(stderr)}`);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ');
}

function notInstalled(why: string): ProviderError {
  return new ProviderError({
    code: 'DUCKDB-NOT-INSTALLED',
    what: `${DUCKDB_PACKAGE}@${DUCKDB_VERSION}: ${why}`,
    fix: 'Let the job reach an npm registry, or set reader to built-in',
  });
}
