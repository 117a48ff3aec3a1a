import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GateFailure } from '../../shared/errors.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import type { EnginePackage } from '../../shared/ports/engine.ts';
import { type Digest, digestOf, digestOfJson } from '../../shared/release/digest.ts';

const MANIFEST = 'deploy_manifest.json';
const FILES = ['behaviour.json', MANIFEST, 'rates.csv'];

/** Writes a package of the stand-in server: how it behaves, and some files to be kept whole. */
export async function writeStandIn(dir: string, behaviour: Readonly<Record<string, unknown>>): Promise<EnginePackage> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'behaviour.json'), JSON.stringify(behaviour));
  await writeFile(join(dir, MANIFEST), JSON.stringify({ pipeline: 'stand-in' }));
  await writeFile(join(dir, 'rates.csv'), 'area,rate\nA,1.0\n');
  const files = await describe(dir);
  return packageAt(dir, files, digestOfFiles(files));
}

/** As the engine's `open`: reads every file, and refuses a package whose digest is not the expected one. */
export async function openStandIn(dir: string, expected: Digest): Promise<EnginePackage> {
  const files = await describe(dir);
  const digest = digestOfFiles(files);
  if (digest === expected) return packageAt(dir, files, digest);
  const written = await writtenDigests(dir);
  const changed = files.find((file) => written[file.path] !== undefined && written[file.path] !== file.digest);
  throw new GateFailure({
    code: 'PACKAGE-CHANGED',
    what: `${changed?.path ?? files.find(({ path }) => !FILES.includes(path))?.path ?? 'a file'} differs`,
    fix: 'Build it again.',
  });
}

/** What a package's own list would tell; kept beside the test's packages, where nothing changes it. */
const known = new Map<string, Readonly<Record<string, Digest>>>();

async function writtenDigests(dir: string): Promise<Readonly<Record<string, Digest>>> {
  return known.get(dir.split('/').at(-1) ?? '') ?? {};
}

async function describe(dir: string): Promise<EnginePackage['files']> {
  const paths = await new DiskFiles().list(dir);
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(join(dir, path));
      return { path, bytes: (await stat(join(dir, path))).size, digest: digestOf(content) };
    }),
  );
}

function digestOfFiles(files: EnginePackage['files']): Digest {
  return digestOfJson(files.map(({ path, digest }) => [path, digest]));
}

function packageAt(dir: string, files: EnginePackage['files'], digest: Digest): EnginePackage {
  known.set(digest.slice('sha256:'.length), Object.fromEntries(files.map((file) => [file.path, file.digest])));
  const manifestDigest = files.find(({ path }) => path === MANIFEST)?.digest ?? digest;
  return { dir, digest, manifestDigest, files, engine: { name: 'stand-in', version: '1' }, requirements: [] };
}
