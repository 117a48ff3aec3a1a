/**
 * Versions of Python packages and ranges of them, as far as released versions need it.
 * @see https://peps.python.org/pep-0440/
 */
interface Version {
  readonly release: readonly number[];
  /** -1 for a pre-release (`1.0rc1`, `1.0.dev2`), 0 for the release itself, 1 for a post-release (`1.0.post1`). */
  readonly phase: number;
  /** What follows the release numbers, to tell two pre-releases or post-releases apart. */
  readonly suffix: readonly (string | number)[];
}

const VERSION = /^v?(?:\d+!)?(\d+(?:\.\d+)*)((?:[._-]?[a-z]+[._-]?\d*)*)(?:\+.*)?$/i;
const CLAUSE = /^(===|==|!=|<=|>=|<|>|~=)\s*(\S+)$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text.trim());
}

/** Negative, zero or positive, as `a` is before, the same as, or after `b`. A text that is no version comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  return (
    compareLists(left.release, right.release) || left.phase - right.phase || compareLists(left.suffix, right.suffix)
  );
}

/** Whether a version is in a range such as `>=0.5,<0.7` or `==0.6.*`. An empty range holds every version. */
export function inRange(version: string, range: string): boolean {
  return range
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .every((clause) => meets(version, clause));
}

function meets(version: string, clause: string): boolean {
  const [, operator = '', wanted = ''] = CLAUSE.exec(clause) ?? [];
  if (wanted.endsWith('.*')) {
    const within = inSeries(version, wanted.slice(0, -2));
    return operator === '!=' ? !within : within;
  }
  const order = compareVersions(version, wanted);
  switch (operator) {
    case '==':
    case '===':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '~=':
      return order >= 0 && inSeries(version, wanted.split('.').slice(0, -1).join('.'));
    default:
      return false;
  }
}

function inSeries(version: string, series: string): boolean {
  const { release } = parse(version);
  return parse(series).release.every((part, index) => (release[index] ?? 0) === part);
}

function parse(text: string): Version {
  const [, release = '', rest = ''] = VERSION.exec(text.trim()) ?? [];
  const suffix = (rest.toLowerCase().match(/[a-z]+|\d+/g) ?? []).map((part) => (/\d/.test(part) ? Number(part) : part));
  const phase = suffix.length === 0 ? 0 : suffix[0] === 'post' ? 1 : -1;
  return { release: release === '' ? [] : release.split('.').map(Number), phase, suffix };
}

function compareLists(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index] ?? 0, b[index] ?? 0];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
