import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { globPattern } from '../project/glob-pattern.ts';
import { portfolioError } from './portfolio-errors.ts';
import type { NamedFile } from './portfolio-file.ts';

const SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i;
const MAGIC = /[*?{[]/;

/** Whether a path is a glob. */
export function hasMagic(path: string): boolean {
  return MAGIC.test(path);
}

/** Whether a dataset is the address of something that is not on this machine. */
export function isAddress(dataset: string): boolean {
  return SCHEME.test(dataset);
}

/**
 * The files that a dataset names: one file, all files of known formats in a folder, or all that a glob matches; sorted
 * by name, so that the order of rows does not depend on the disk.
 * @throws ConfigError PORTFOLIO-REMOTE, PORTFOLIO-MISSING
 */
export async function findFiles(
  root: string,
  dataset: string,
  isKnown: (name: string) => boolean,
): Promise<readonly NamedFile[]> {
  if (isAddress(dataset)) {
    const fix = 'Download it before this step and name the local file';
    throw portfolioError('PORTFOLIO-REMOTE', `${dataset} is an address, and only files of this machine are read`, fix);
  }
  const path = resolve(root, dataset);
  const kind = await kindOf(path);
  if (kind === 'file') return [named(root, path)];
  const paths = kind === 'folder' ? (await walk(path)).filter(isKnown) : await glob(root, dataset);
  if (paths.length > 0) return paths.map((found) => named(root, found));
  const what = kind === 'folder' ? `the folder ${dataset} holds no portfolio` : `there is no file ${dataset}`;
  throw portfolioError(
    'PORTFOLIO-MISSING',
    what,
    'Check [safety] impact_dataset in haute.toml, or the dataset input; the path starts at the project',
  );
}

async function glob(root: string, pattern: string): Promise<readonly string[]> {
  if (!MAGIC.test(pattern)) return [];
  const parts = resolve(root, pattern.replaceAll('\\', '/')).replaceAll(sep, '/').split('/');
  const literal = parts.slice(
    0,
    parts.findIndex((part) => MAGIC.test(part)),
  );
  const matches = globPattern(parts.join('/'));
  return (await walk(literal.join('/') || '/')).filter((path) => matches.test(path.replaceAll(sep, '/')));
}

/** All files below a folder, sorted by path. Names that begin with a dot are passed over. */
async function walk(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .sort((a, b) => (a < b ? -1 : 1));
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

function named(root: string, path: string): NamedFile {
  const inside = relative(root, path);
  const outside = inside === '' || inside.startsWith('..') || isAbsolute(inside);
  return { path, name: (outside ? path : inside).replaceAll(sep, '/') };
}
