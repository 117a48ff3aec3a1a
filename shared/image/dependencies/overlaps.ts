import { type Problem, throwIfAny } from '../../errors.ts';
import type { PackagePaths } from './dependency-artifact.ts';

/** A package and the files that it brings. */
export interface Bringing {
  readonly name: string;
  readonly paths: PackagePaths;
}

/** What Python loads: which of two it is decides what is computed. */
const CODE = /\.(?:py|pth|so(?:\.\d+)*)$/;
const SHOWN = 5;

/**
 * The packages that bring another content for a file of somebody else. For a licence or a text at the top, which
 * careless packages share, the last one by name counts, and that of the shared layer before those of others.
 * @throws ConfigError IMAGE-PACKAGES-OVERLAP where it is code: an installer takes either, and so does an image
 */
export function overlapping(packages: readonly Bringing[]): ReadonlySet<string> {
  const brought = new Map<string, Map<string, string>>();
  for (const { name, paths } of packages) {
    for (const [path, digest] of Object.entries(paths)) {
      const by = brought.get(path) ?? new Map<string, string>();
      brought.set(path, by.set(name, digest));
    }
  }
  const shared = [...brought].filter(([, by]) => by.size > 1 && differ([...by.values()]));
  throwIfAny(problems(shared.filter(([path]) => CODE.test(path))));
  return new Set(shared.flatMap(([, by]) => [...by.keys()]));
}

/** A file without a digest may be anything. */
function differ(digests: readonly string[]): boolean {
  return digests.includes('') || new Set(digests).size > 1;
}

function problems(shared: readonly (readonly [string, ReadonlyMap<string, string>])[]): readonly Problem[] {
  const byPackages = new Map<string, string[]>();
  for (const [path, by] of shared) {
    const names = [...by.keys()].sort().join(' and ');
    byPackages.set(names, [...(byPackages.get(names) ?? []), path]);
  }
  return [...byPackages].sort().map(([names, paths]) => {
    const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
    return {
      code: 'IMAGE-PACKAGES-OVERLAP',
      what: `${names} each bring another content of ${paths.sort().slice(0, SHOWN).join(', ')}${more}`,
      fix: 'Keep one of these packages in the lock file of the project: which of the two would be loaded is left to chance',
    };
  });
}
