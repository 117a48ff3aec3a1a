import { inRange, isVersion } from './pep440.ts';

/** Values that a marker may ask for: `sys_platform`, `python_full_version`, … */
export type MarkerEnvironment = Readonly<Record<string, string>>;

/**
 * Where packages run: Linux on x86-64 under CPython. Requirements are the same on every machine that packages, so the
 * machine at hand does not count; the names that differ between processors and systems are none of a scoring runtime's.
 * @param python full version of Python, e.g. `3.11.0`
 */
export function servingEnvironment(python: string): MarkerEnvironment {
  return {
    implementation_name: 'cpython',
    implementation_version: python,
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '',
    platform_system: 'Linux',
    platform_version: '',
    python_full_version: python,
    python_version: python.split('.').slice(0, 2).join('.'),
    sys_platform: 'linux',
    extra: '',
  };
}

const TOKEN = /\s*(\(|\)|'[^']*'|"[^"]*"|===|==|!=|<=|>=|~=|<|>|[A-Za-z_.][\w.]*)/y;

/**
 * Whether a dependency marker holds, such as `python_full_version < '3.12' and sys_platform != 'win32'`.
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 * @throws SyntaxError for a text that is no marker
 */
export function markerHolds(marker: string, environment: MarkerEnvironment): boolean {
  const tokens = tokenise(marker);
  let at = 0;

  const any = (): boolean => {
    let holds = all();
    while (tokens[at] === 'or') {
      at++;
      // Both sides are read, whatever the first says.
      holds = all() || holds;
    }
    return holds;
  };
  const all = (): boolean => {
    let holds = one();
    while (tokens[at] === 'and') {
      at++;
      holds = one() && holds;
    }
    return holds;
  };
  const one = (): boolean => {
    if (tokens[at] !== '(') return comparison();
    at++;
    const holds = any();
    if (tokens[at++] !== ')') throw notMarker(marker);
    return holds;
  };
  const comparison = (): boolean => {
    const left = value();
    const operator = tokens[at] === 'not' && tokens[at + 1] === 'in' ? 'not in' : (tokens[at] ?? '');
    at += operator === 'not in' ? 2 : 1;
    return compare(left, operator, value(), marker);
  };
  const value = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw notMarker(marker);
    if (/^['"]/.test(token)) return token.slice(1, -1);
    const known = environment[token];
    if (known === undefined) throw notMarker(marker);
    return known;
  };

  const holds = any();
  if (at !== tokens.length) throw notMarker(marker);
  return holds;
}

function compare(left: string, operator: string, right: string, marker: string): boolean {
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  if (isVersion(left) && isVersion(right.replace(/\.\*$/, ''))) return inRange(left, `${operator}${right}`);
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw notMarker(marker);
  }
}

function tokenise(marker: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const text = marker.trimEnd();
  while (pattern.lastIndex < text.length) {
    const token = pattern.exec(text)?.[1];
    if (token === undefined) throw notMarker(marker);
    tokens.push(token);
  }
  return tokens;
}

function notMarker(marker: string): SyntaxError {
  return new SyntaxError(`not a dependency marker: ${marker}`);
}
