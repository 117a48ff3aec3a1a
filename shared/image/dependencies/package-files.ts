import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../release/digest.ts';
import { PACKAGES_DIR } from '../assemble/image-config.ts';
import type { LayerFile } from '../assemble/layer.ts';
import { onDisk } from '../assemble/on-disk.ts';
import { type PackageFacts, readMetadata } from './wheel-metadata.ts';

/** What an installer leaves that is of it and of this machine. */
const NOISE =
  /(?:^|\/)__pycache__\/|^bin\/|^\.lock$|^[^/]+\.dist-info\/(?:INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$/;
const DIST_INFO = /^([^/]+)\.dist-info\/(METADATA|RECORD)$/;

export interface InstalledPackages {
  readonly files: readonly LayerFile[];
  /** Sorted by name. */
  readonly packages: readonly PackageFacts[];
  /** Files at the top that a Python reads only where it is told of a folder by itself, and here is not. */
  readonly unread: readonly string[];
}

/**
 * The files of an installed folder that belong into an image: the same on every machine, wherever and by whatever
 * version of the installer they were put there. Programs (`bin/`) name the Python of this machine and are left out;
 * a package's list of its files is told so.
 */
export async function installedPackages(dir: string): Promise<InstalledPackages> {
  const paths = (await collect(dir, '')).filter((path) => !NOISE.test(path)).sort();
  const kept = new Set(paths);
  const files: LayerFile[] = [];
  const records = new Map<string, string>();
  const metadata = new Map<string, string>();
  for (const path of paths) {
    const file = join(dir, path);
    const { size, mode } = await onDisk(file, () => stat(file));
    const [, distribution = '', kind] = DIST_INFO.exec(path) ?? [];
    if (kind === 'METADATA') metadata.set(distribution, await text(file));
    if (kind === 'RECORD') records.set(distribution, tidyRecord(await text(file), kept));
    const record = kind === 'RECORD' ? records.get(distribution) : undefined;
    files.push({
      path: `${PACKAGES_DIR}/${path}`,
      executable: (mode & 0o100) !== 0,
      content: record === undefined ? { file, size } : { bytes: new TextEncoder().encode(record) },
    });
  }
  const packages = [...metadata].map(([distribution, content]) =>
    readMetadata(content, digestOf(records.get(distribution) ?? '')),
  );
  const unread = paths.filter((path) => /^[^/]+\.pth$/.test(path));
  return { files, packages: packages.sort((a, b) => (a.name < b.name ? -1 : 1)), unread };
}

/** The lines of what is there, sorted: installers write them in an order of their own, and add files that we leave out. */
function tidyRecord(record: string, kept: ReadonlySet<string>): string {
  const lines = record.split(/\r?\n/).filter((line) => kept.has(pathOfLine(line)));
  return `${lines.sort().join('\n')}\n`;
}

function pathOfLine(line: string): string {
  const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain;
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
