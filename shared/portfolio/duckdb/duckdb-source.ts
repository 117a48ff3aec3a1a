import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../ports/exec.ts';
import { DUCKDB_VERSION, type DuckDb } from './duckdb.ts';
import { findDuckDb, withParents } from './find-duckdb.ts';
import { installDuckDb } from './install-duckdb.ts';

export interface DuckDbSource {
  /** DuckDB where it is installed: with this program, or where `install` put it. */
  find(): Promise<DuckDb | undefined>;
  /** @throws ProviderError when it cannot be installed */
  install(signal: AbortSignal): Promise<void>;
  readonly say: (line: string) => void;
  /** Bytes of a file that it is worth loading for, unpacked; 8 MiB where not given. */
  readonly smallBytes?: number;
}

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
  const installed = (): string => join(cache, `duckdb-${DUCKDB_VERSION}-${machine()}`);
  const npmEnv = Object.fromEntries(Object.entries(env).filter(([name]) => OF_NPM.test(name)));
  return {
    find: () => findDuckDb([...withParents(here), installed()]),
    install: (signal) => installDuckDb(installed(), { exec, env: npmEnv }, signal),
    say,
  };
}

function homeCache(): string {
  return join(homedir(), '.cache', 'haute-deploy');
}

interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Node's report of itself, which says on Linux which C library there is. */
  readonly report: () => object;
}

const THIS_MACHINE: Machine = {
  platform: process.platform,
  arch: process.arch,
  report: reportOfNode,
};

/** Without the names of all addresses that it is connected with, which are looked up otherwise. */
function reportOfNode(): object {
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  const { excludeNetwork = false } = report;
  report.excludeNetwork = true;
  try {
    return report.getReport() as object;
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

/** What the code of a package is made for. Machines that are not alike may have the same home folder. */
export function machine({ platform, arch, report }: Machine = THIS_MACHINE): string {
  if (platform !== 'linux') return `${platform}-${arch}`;
  const { header } = report() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return `${platform}-${arch}-${header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc'}`;
}
