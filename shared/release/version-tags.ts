/** `v1.4.2`, `1.4.2`, `v2.0.0-rc.1`. Build metadata (`+…`) cannot be part of an image's tag, so it is no version here. */
const VERSION_TAG = /^v?((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)$/;

/**
 * The highest version among tags; undefined where none is a version.
 * @returns without the `v`
 * @see https://semver.org/#spec-item-11
 */
export function highestVersion(tags: readonly string[]): string | undefined {
  const versions = tags.flatMap((tag) => VERSION_TAG.exec(tag.trim())?.[1] ?? []);
  return versions.toSorted(compareVersions).at(-1);
}

function compareVersions(a: string, b: string): number {
  const [coreA, preA] = split(a);
  const [coreB, preB] = split(b);
  return (
    compareParts(coreA, coreB) || Number(preA.length === 0) - Number(preB.length === 0) || compareParts(preA, preB)
  );
}

function split(version: string): readonly [readonly string[], readonly string[]] {
  const dash = version.indexOf('-');
  const core = dash === -1 ? version : version.slice(0, dash);
  return [core.split('.'), dash === -1 ? [] : version.slice(dash + 1).split('.')];
}

/** Numbers by their value and below words; a shorter list that is the beginning of a longer one is below it. */
function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, mine] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = comparePart(mine, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function comparePart(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return Number(a) - Number(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
