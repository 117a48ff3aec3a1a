import { ConfigError } from '../../errors.ts';

/**
 * Which package each file belongs to: those that list it. Installers add to the lists what a wheel forgot in its own.
 * @param listed of each package, the files that it lists
 * @returns of each package its files, in their order; a file that several list is with all of them
 * @throws ConfigError IMAGE-PACKAGE-UNLISTED for a file that none lists: no layer would be sure to have it
 */
export function ownersOf(
  files: readonly string[],
  listed: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const there = new Set(files);
  const known = new Set<string>();
  const owned = [...listed].map(([name, paths]) => {
    const own = paths.filter((path) => there.has(path)).sort();
    for (const path of own) known.add(path);
    return [name, own] as const;
  });
  const stray = files.find((file) => !known.has(file));
  if (stray !== undefined) throw unlisted(stray);
  return new Map(owned);
}

function unlisted(file: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-PACKAGE-UNLISTED',
    what: `${file} was installed for the image, and no package lists it among its files`,
    fix: 'Install a newer uv, use another version of the package that brings it, or build the image with your own Dockerfile (`builder: docker`)',
  });
}
