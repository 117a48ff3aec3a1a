import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DUCKDB_PACKAGE, DUCKDB_VERSION, type DuckDb } from './duckdb.ts';

/**
 * DuckDB for Node, where a `node_modules` has it in exactly the version that is used.
 * @param folders that may hold a `node_modules`: what is found there is run, so none that a project can write
 * @returns undefined where none has it, or where it does not run on this machine
 */
export async function findDuckDb(folders: readonly string[]): Promise<DuckDb | undefined> {
  for (const folder of new Set(folders)) {
    const found = join(folder, 'node_modules', DUCKDB_PACKAGE);
    if ((await versionIn(found)) !== DUCKDB_VERSION) continue;
    const loaded = await load(join(found, 'lib', 'index.js'));
    if (loaded !== undefined) return loaded;
  }
  return undefined;
}

/** Where Node itself looks for what a program in the folder imports. */
export function withParents(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

async function versionIn(folder: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version?: unknown }).version;
  } catch {
    return undefined;
  }
}

/** The bundler must leave the import as it is: the file is found while the program runs. */
async function load(path: string): Promise<DuckDb | undefined> {
  try {
    return (await import(/* webpackIgnore: true */ pathToFileURL(path).href)) as DuckDb;
  } catch {
    return undefined;
  }
}
