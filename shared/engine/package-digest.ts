import { canonicalJson } from '../release/canonical-json.ts';
import { type Digest, digestOf } from '../release/digest.ts';

/** The list that every package carries of its own files. The one file that it does not name is itself. */
export const PACKAGE_LIST = 'package-files.json';

/** Nothing in a package is a program. A copy may take write permission away; that is no change of the package. */
export const PACKAGE_FILE_MODE = '0644';

export interface ListedFile {
  /** Relative, with `/`. */
  readonly path: string;
  /** Permissions in octal, as packaged. */
  readonly mode: string;
  readonly digest: Digest;
}

/**
 * The list of a package's files as text: canonical JSON, sorted by path. Equal files give equal bytes, whatever the
 * machine, the folder, the day and the user; times and owners are not part of it.
 */
export function packageList(files: readonly ListedFile[]): string {
  const sorted = files.map(({ path, mode, digest }) => ({ path, mode, digest })).sort((a, b) => order(a.path, b.path));
  return canonicalJson({ schema: 'haute.package/1', files: sorted });
}

/**
 * The digest of a package: that of its list, whose bytes are the content of `package-files.json`. So the list cannot be
 * edited without changing the digest, and no file can be changed without contradicting the list.
 */
export function packageDigest(files: readonly ListedFile[]): Digest {
  return digestOf(packageList(files));
}

/** By UTF-16 code unit, as canonical JSON orders names. */
function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
