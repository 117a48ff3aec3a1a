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
const NPM = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'] as const;

/**
 * Installs DuckDB for Node by npm, with exactly the packages of the lock, into a folder that is there as a whole or not
 * at all.
 * @throws ProviderError DUCKDB-NOT-INSTALLED when npm cannot; EXEC-NOT-FOUND without npm; Interrupted
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
    if (code !== 0) throw notInstalled(stderr);
    await rename(work, folder).catch(() => undefined); // another job was faster
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function notInstalled(stderr: string): ProviderError {
  return new ProviderError({
    code: 'DUCKDB-NOT-INSTALLED',
    what: `npm could not install ${DUCKDB_PACKAGE}@${DUCKDB_VERSION}: ${stderr.trim().split('\n').slice(-3).join(' ')}`,
    fix: 'Let the job reach an npm registry, or set reader to built-in',
  });
}
