import { createHash, type Hash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, GateFailure } from '../../errors.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { Digest } from '../../release/digest.ts';
import { type LayerDigests, type LayerFile, type LayerFolder, type LayerTools, writeLayer } from './layer.ts';
import { onDisk } from './on-disk.ts';

/** Where the package is in the image, and where it is served from: as in the image that Haute makes. */
export const APPLICATION_DIR = 'app';
/** The package's list of its files, whose digest is the package's. */
const PACKAGE_LIST = 'package-files.json';
/** Haute's notes of when it read what, beside the package that it serves. They are no part of it. */
export const ENGINE_CACHE = '.haute_cache';
/** Number of the user and the group that the image runs as: none that the base image knows. */
export const IMAGE_USER = 65_532;
/** The one place in the image that the service may write to: without it, each request warns that it cannot. */
export const WRITABLE: LayerFolder = { path: `${APPLICATION_DIR}/${ENGINE_CACHE}`, owner: IMAGE_USER };

/**
 * Writes the layer of a package: every file that the package lists, and the list. Each is compared with its digest while
 * it is packed, so that what is in the image is what was accepted.
 * @param to file to write
 * @throws ConfigError IMAGE-PACKAGE-KIND for a symbolic link, device, socket or pipe in the package; GateFailure
 *   PACKAGE-CHANGED
 */
export async function writeApplicationLayer(pkg: EnginePackage, to: string, tools: LayerTools): Promise<LayerDigests> {
  const expected = new Map<string, Digest>([[PACKAGE_LIST, pkg.digest]]);
  for (const { path, digest } of pkg.files) expected.set(path, digest);
  const paths = await collect(pkg.dir, '');
  const missing = [...expected.keys()].find((path) => !paths.includes(path));
  const added = paths.find((path) => !expected.has(path));
  if (missing !== undefined) throw changed(pkg.dir, missing, 'is not there');
  if (added !== undefined) throw changed(pkg.dir, added, 'was added');

  const hashes = new Map<string, Hash>(paths.map((path) => [`${APPLICATION_DIR}/${path}`, createHash('sha256')]));
  const files = await Promise.all(paths.map((path) => layerFile(pkg.dir, path)));
  const hash = ({ path }: LayerFile, piece: Uint8Array) => hashes.get(path)?.update(piece);
  const layer = await writeLayer(files, to, tools, hash, [WRITABLE]);
  for (const [path, found] of hashes) {
    const inPackage = path.slice(APPLICATION_DIR.length + 1);
    if (`sha256:${found.digest('hex')}` !== expected.get(inPackage)) throw changed(pkg.dir, inPackage, 'was changed');
  }
  return layer;
}

/** Relative paths of all files. A link is not followed, and not packed either: on another machine it leads elsewhere. */
async function collect(root: string, below: string): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await onDisk(join(root, below), () => readdir(join(root, below), { withFileTypes: true }));
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === ENGINE_CACHE) continue;
    if (entry.isDirectory()) found.push(...(await collect(root, path)));
    else if (entry.isFile()) found.push(path);
    else throw wrongKind(path, kindOf(entry));
  }
  return found;
}

async function layerFile(dir: string, path: string): Promise<LayerFile> {
  const file = join(dir, path);
  const { size } = await onDisk(file, () => stat(file));
  return { path: `${APPLICATION_DIR}/${path}`, executable: false, content: { file, size } };
}

type Entry = { isSymbolicLink(): boolean; isSocket(): boolean; isFIFO(): boolean };

function kindOf(entry: Entry): string {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (entry.isSocket()) return 'a socket';
  return entry.isFIFO() ? 'a named pipe' : 'a device';
}

function wrongKind(path: string, kind: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-PACKAGE-KIND',
    what: `${path} in the package is ${kind}: an image holds files alone`,
    fix: 'Put a file with that content in its place, and build again',
    place: { file: path },
  });
}

function changed(dir: string, path: string, what: string): GateFailure {
  return new GateFailure({
    code: 'PACKAGE-CHANGED',
    what: `the package in ${dir} is not the one that was built: ${path} ${what}`,
    fix: 'Build it again with build-push; nothing may write into a package while it becomes an image',
    place: { file: join(dir, path) },
  });
}
