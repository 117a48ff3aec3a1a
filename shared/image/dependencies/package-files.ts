import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../release/digest.ts';
import { PACKAGES_DIR } from '../assemble/image-config.ts';
import type { LayerFile } from '../assemble/layer.ts';
import { onDisk } from '../assemble/on-disk.ts';
import { ownersOf } from './file-owners.ts';
import { type PackageFacts, readMetadata } from './wheel-metadata.ts';

/** What an installer leaves that is of it and of this machine. */
const NOISE =
  /(?:^|\/)__pycache__\/|^bin\/|^\.lock$|^[^/]+\.dist-info\/(?:INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$/;
const RECORD = /^([^/]+)\.dist-info\/RECORD$/;

/** A package as it was installed. */
export interface InstalledPackage {
  readonly facts: PackageFacts;
  /** What it brings: where each file is, and its digest as the package's list has it. */
  readonly paths: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, LayerFile>;
  /** Of all files together. */
  readonly bytes: number;
}

export interface InstalledPackages {
  /** Sorted by name. */
  readonly packages: readonly InstalledPackage[];
  /** Files at the top that a Python reads only where it is told of a folder by itself, and here is not. */
  readonly unread: readonly string[];
}

/**
 * The packages of an installed folder, and of each the files that belong into an image: the same on every machine,
 * wherever and by whatever version of the installer they were put there. Programs (`bin/`) name the Python of this
 * machine and are left out; a package's list of its files is told so.
 * @throws ConfigError IMAGE-PACKAGE-UNLISTED
 */
export async function installedPackages(dir: string): Promise<InstalledPackages> {
  const there = (await collect(dir, '')).filter((path) => !NOISE.test(path)).sort();
  const kept = new Set(there);
  const lists = new Map<string, RecordFile>();
  for (const path of there) {
    const [, distribution] = RECORD.exec(path) ?? [];
    if (distribution !== undefined) lists.set(distribution, readRecord(await text(join(dir, path)), kept));
  }
  const owners = ownersOf(there, new Map([...lists].map(([name, { paths }]) => [name, [...paths.keys()]])));
  const packages: InstalledPackage[] = [];
  for (const [distribution, { lines, paths }] of lists) {
    const own = owners.get(distribution) ?? [];
    const record = `${lines.join('\n')}\n`;
    const files = new Map<string, LayerFile>();
    for (const path of own) {
      const isRecord = path === `${distribution}.dist-info/RECORD`;
      files.set(path, await layerFile(dir, path, isRecord ? new TextEncoder().encode(record) : undefined));
    }
    packages.push({
      facts: readMetadata(await text(join(dir, `${distribution}.dist-info`, 'METADATA')), digestOf(record)),
      paths: new Map(own.map((path) => [path, paths.get(path) ?? ''])),
      files,
      bytes: [...files.values()].reduce((sum, { content }) => sum + sizeOf(content), 0),
    });
  }
  const unread = there.filter((path) => /^[^/]+\.pth$/.test(path));
  return { packages: packages.sort((a, b) => (a.facts.name < b.facts.name ? -1 : 1)), unread };
}

interface RecordFile {
  /** Sorted: installers write them in an order of their own. */
  readonly lines: readonly string[];
  readonly paths: ReadonlyMap<string, string>;
}

/** A package's list without what is not there: installers add files that we leave out. */
function readRecord(content: string, kept: ReadonlySet<string>): RecordFile {
  const lines = content.split(/\r?\n/).filter((line) => kept.has(pathOfLine(line)));
  return { lines: lines.sort(), paths: new Map(lines.map((line) => [pathOfLine(line), digestOfLine(line)])) };
}

function pathOfLine(line: string): string {
  const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain;
}

/** `sha256=…`, or nothing. */
function digestOfLine(line: string): string {
  return /,([^,"]*),[^,]*$/.exec(line)?.[1] ?? '';
}

async function layerFile(dir: string, path: string, bytes: Uint8Array | undefined): Promise<LayerFile> {
  const file = join(dir, path);
  const { size, mode } = await onDisk(file, () => stat(file));
  const executable = (mode & 0o100) !== 0;
  return { path: `${PACKAGES_DIR}/${path}`, executable, content: bytes ? { bytes } : { file, size } };
}

function sizeOf(content: LayerFile['content']): number {
  return 'bytes' in content ? content.bytes.length : content.size;
}

async function collect(root: string, below: string): Promise<string[]> {
  const found: string[] = [];
  const dir = join(root, below);
  for (const entry of await onDisk(dir, () => readdir(dir, { withFileTypes: true }))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await collect(root, path)));
    else if (entry.isFile()) found.push(path);
    else throw new Error(`${path} was installed as a link or a device, which no wheel can hold`);
  }
  return found;
}

async function text(file: string): Promise<string> {
  return new TextDecoder().decode(await onDisk(file, () => readFile(file)));
}
