import { join } from 'node:path';
import { z } from 'zod';
import { GateFailure } from '../errors.ts';
import type { EnginePackage } from '../ports/engine.ts';
import type { FileDigests, Files } from '../ports/files.ts';
import { type Digest, digestOf, isDigest } from '../release/digest.ts';
import { type ListedFile, PACKAGE_LIST } from './package-digest.ts';

export const MANIFEST = 'deploy_manifest.json';
export const REQUIREMENTS = 'requirements.txt';

const listed = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      digest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
    }),
  ),
});
const manifest = z.object({ haute_version: z.string() });

/**
 * Reads a package and compares every file with the package's own list, and the list with the digest.
 * @throws GateFailure PACKAGE-CHANGED naming the first file that was changed, added or taken away
 */
export async function openPackage(files: Files & FileDigests, dir: string, expected: Digest): Promise<EnginePackage> {
  const list = await files.read(join(dir, PACKAGE_LIST));
  if (list === undefined) throw changed(dir, PACKAGE_LIST, 'is not there');
  const digest = digestOf(list);
  if (digest !== expected) throw changed(dir, PACKAGE_LIST, `is the list of ${digest}, not of ${expected}`);
  const entries = listed.parse(JSON.parse(new TextDecoder().decode(list))).files;

  await refuseOthers(files, dir, entries);
  const found = [];
  for (const entry of entries) found.push(await readListed(files, dir, entry));
  const manifestText = await textOf(files, dir, MANIFEST);
  return {
    dir,
    digest,
    manifestDigest: digestOf(manifestText),
    files: found,
    engine: { name: 'haute', version: manifest.parse(JSON.parse(manifestText)).haute_version },
    requirements: (await textOf(files, dir, REQUIREMENTS)).split('\n').filter(Boolean),
  };
}

async function textOf(files: Files, dir: string, path: string): Promise<string> {
  const content = await files.read(join(dir, path));
  if (content === undefined) throw changed(dir, path, 'is not there');
  return new TextDecoder().decode(content);
}

/** Haute notes here, below the folder that it serves from, when it last read a file. It holds no code and no price. */
const ENGINE_CACHE = '.haute_cache/';

async function refuseOthers(files: Files, dir: string, entries: readonly ListedFile[]): Promise<void> {
  const known = new Set([PACKAGE_LIST, ...entries.map(({ path }) => path)]);
  const other = (await files.list(dir)).find((path) => !known.has(path) && !path.startsWith(ENGINE_CACHE));
  if (other !== undefined) throw changed(dir, other, 'was added');
}

/** A link is no copy: what it leads to may change, or be another machine's. */
async function readListed(files: Files & FileDigests, dir: string, { path, digest }: ListedFile) {
  const found = await files.digest(join(dir, path));
  if (found === undefined) throw changed(dir, path, 'is not there');
  if (found.digest !== digest) throw changed(dir, path, 'was changed');
  const real = await files.realPath(dir);
  if ((await files.realPath(join(dir, path))) !== join(real ?? dir, path)) throw changed(dir, path, 'is a link');
  return { path, ...found };
}

function changed(dir: string, file: string, what: string): GateFailure {
  return new GateFailure({
    code: 'PACKAGE-CHANGED',
    what: `the package in ${dir} is not the one that was built: ${file} ${what}`,
    fix: 'Build it again with build-push; nothing may write into a package once it is built',
    place: { file: join(dir, file) },
  });
}
