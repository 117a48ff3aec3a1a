import type { Parsed } from './units.ts';

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;

/**
 * A path of a file in the project, as haute.toml writes it: relative, with `/`, and without `..`, so that it cannot
 * leave the project's folder. Links on the way are another matter: they are followed when the project is loaded.
 *
 * @returns the path without `.` and needless slashes.
 */
export function pathInProject(path: string): Parsed<string> {
  const shown = JSON.stringify(path);
  const fix = 'Write a path relative to the folder of haute.toml, inside of it';
  if (path.includes('\\'))
    return { problem: `is ${shown}, with a backslash`, fix: `Write ${JSON.stringify(path.replaceAll('\\', '/'))}` };
  if (/^(\/|~|[A-Za-z]:)/.test(path) || isAddress(path))
    return { problem: `is ${shown}, not a path in the project`, fix };
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { problem: `is ${shown}, which may leave the project`, fix };
  return { value: parts.length === 0 ? '.' : parts.join('/') };
}

/** A path in the project, a glob of such paths, or the address of an object store (`s3://…`), which is left as it is. */
export function pathOrAddress(path: string): Parsed<string> {
  return isAddress(path) && !/^file:/i.test(path) ? { value: path } : pathInProject(path);
}

export function isAddress(path: string): boolean {
  return ADDRESS.test(path);
}

/** The folder of a glob that is sure to be on the way to every match: `data/2*.csv` is below `data`. */
export function fixedPart(glob: string): string {
  const parts = glob.split('/');
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  return wild === -1 ? glob : parts.slice(0, wild).join('/') || '.';
}
