import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../ports/exec.ts';
import type { DuckDbSource } from './csv-readers.ts';
import { DUCKDB_VERSION } from './duckdb.ts';
import { findDuckDb, withParents } from './find-duckdb.ts';
import { installDuckDb } from './install-duckdb.ts';

export interface DuckDbSourceTools {
  readonly exec: Exec;
  /** Environment of the step, of which npm gets what it needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of this program. */
  readonly here: string;
  readonly say: (line: string) => void;
  /** Where it is installed; below the home folder where not given. */
  readonly cache?: string;
}

/** What npm is told: its own settings, and how the network is reached. No credentials of clouds or forges. */
const OF_NPM =
  /^(?:PATH|HOME|USERPROFILE|APPDATA|SYSTEMROOT|NODE_EXTRA_CA_CERTS|(?:https?|no|all)_proxy|npm_config_.*)$/i;

/**
 * DuckDB that this program itself would import, or of a cache that is filled when somebody asks for it. Never the
 * project's: its code would run with the credentials of the step.
 */
export function createDuckDbSource({ exec, env, here, say, cache = homeCache() }: DuckDbSourceTools): DuckDbSource {
  const installed = join(cache, `duckdb-${DUCKDB_VERSION}`);
  const npmEnv = Object.fromEntries(Object.entries(env).filter(([name]) => OF_NPM.test(name)));
  return {
    find: () => findDuckDb([...withParents(here), installed]),
    install: (signal) => installDuckDb(installed, { exec, env: npmEnv }, signal),
    say,
  };
}

function homeCache(): string {
  return join(homedir(), '.cache', 'haute-deploy');
}
