import { join } from 'node:path';
import type { Exec } from '../ports/exec.ts';
import type { FileDigests, Files } from '../ports/files.ts';

/** Milliseconds until something that does not end by itself is ended. */
export interface EngineTimeouts {
  /** Asking a Python who it is. */
  readonly probe: number;
  /** Installing the packages of an environment. */
  readonly install: number;
  /** One question to the engine: resolve, score, package. */
  readonly bridge: number;
  /** From the start of a packaged server until it answers. */
  readonly start: number;
  /** One request to it. */
  readonly request: number;
}

export const DEFAULT_TIMEOUTS: EngineTimeouts = {
  probe: 30_000,
  install: 15 * 60_000,
  bridge: 15 * 60_000,
  start: 3 * 60_000,
  request: 5 * 60_000,
};

/** What the engine uses of the outside. */
export interface EngineTools {
  readonly exec: Exec;
  readonly files: Files & FileDigests;
  /** The project, where every program runs: its own settings of uv and pip, such as a package index, hold for us too. */
  readonly root: string;
  /** Environment of every program that is run: PATH and HOME, and the credentials of model registries. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the suite's Python files. */
  readonly pythonDir: string;
  /** Folder for environments, which are made once and used by many. */
  readonly cacheDir: string;
  readonly timeouts: EngineTimeouts;
}

/**
 * Python's compiled files, of environments and of user code: kept between runs, and never beside the code, so that
 * neither a project nor a package is written into.
 */
export function bytecodeDir(cacheDir: string): string {
  return join(cacheDir, 'bytecode');
}

/** A Python, as it answers for itself. */
export interface Python {
  readonly argv: readonly [string, ...string[]];
  /** Where it was found, for people: `.venv`, `python3`, the `python` input. */
  readonly from: string;
  readonly version: string;
  readonly haute: string | undefined;
  /** The interpreter that new environments are made from. */
  readonly base: string;
  /** `linux-x86_64`, `darwin-arm64`. */
  readonly platform: string;
}
