import type { Problem } from '../errors.ts';

/** One line of a `.env` file. */
export interface EnvVariable {
  readonly name: string;
  readonly value: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of a `.env` file, in the grammar of python-dotenv, with which Haute reads the same file: `export`
 * before the name, quotes of both kinds (over several lines too), escapes within them, comments, and `${NAME}` or
 * `${NAME:-default}` in values, where the given environment wins over the file. A line that python-dotenv would
 * silently drop is a problem, with its line: it usually holds a credential. A name without `=` sets nothing, and takes
 * back what a line above has set.
 *
 * @param env the environment that the references are looked up in first
 * @see https://saurabh-kumar.com/python-dotenv/#file-format
 */
export function readDotEnv(
  text: string,
  file: string,
  env: Env,
): { readonly variables: readonly EnvVariable[]; readonly problems: readonly Problem[] } {
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  const lookUp = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined) ?? variables.get(name);
  for (let at = 0, line = 1; at < text.length; ) {
    BINDING.lastIndex = at;
    const binding = BINDING.exec(text);
    if (!binding) problems.push(unreadable(file, line));
    const { name, ...value } = binding?.groups ?? {};
    const written = meant(value);
    const key = name?.replace(/^'(.*)'$/s, '$1');
    if (key !== undefined && written === undefined) variables.delete(key);
    if (key !== undefined && written !== undefined) variables.set(key, filledIn(written, lookUp));
    REST_OF_LINE.lastIndex = at;
    const taken = (binding ?? REST_OF_LINE.exec(text))?.[0] ?? '';
    at += Math.max(1, taken.length);
    line += taken.match(LINE_BREAK)?.length ?? 0;
  }
  return { variables: [...variables].map(([name, value]) => ({ name, value })), problems };
}

/** One line: blank, a comment, or a variable, whose quoted value may run over several lines. */
const BINDING = new RegExp(
  [
    String.raw`[^\S\r\n]*(?:`,
    String.raw`(?:export[^\S\r\n]+|(?!export[^\S\r\n]))(?<name>'[^']+'|[^=#\s'"][^=#\s]*)[^\S\r\n]*`,
    String.raw`(?:=(?<gap>[^\S\r\n]*)`,
    String.raw`(?:"(?<double>(?:\\[\s\S]|[^"\\])*)"|'(?<single>(?:\\[\s\S]|[^'\\])*)'|(?<plain>(?:[^"'\s][^\r\n]*)?)))?`,
    String.raw`)?(?:[^\S\r\n]*#[^\r\n]*)?[^\S\r\n]*(?:\r\n|\n|\r|$)`,
  ].join(''),
  'y',
);
const REST_OF_LINE = /[^\r\n]*(?:\r\n|\n|\r|$)/y;
const LINE_BREAK = /\r\n|\n|\r/g;

const ESCAPED: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The value as its quotes mean it; undefined for a name that stands alone. */
function meant({ double, single, plain, gap }: Readonly<Record<string, string>>): string | undefined {
  if (double !== undefined) return double.replace(/\\([\\'"abfnrtv])/g, (_, code: string) => ESCAPED[code] ?? code);
  if (single !== undefined) return single.replace(/\\([\\'])/g, '$1');
  // `A= # note` is empty, `A=#1` is not.
  if (plain?.startsWith('#') && gap !== '') return '';
  return plain?.replace(/\s+#.*/, '').trimEnd();
}

/** `${NAME}` and `${NAME:-default}` replaced; a name that is nowhere is empty. */
function filledIn(value: string, lookUp: (name: string) => string | undefined): string {
  return value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, fallback = '') => lookUp(name) ?? fallback);
}

function unreadable(file: string, line: number): Problem {
  return {
    code: 'DOTENV-SYNTAX',
    what: 'this line is not NAME=value',
    fix: 'Write NAME=value; close a quote that is open, and put a value that holds # or spaces in quotes',
    place: { file, line },
  };
}

/** True for a name that a credential usually has. */
export function looksSecret(name: string): boolean {
  return /TOKEN|PASSWORD|PASSWD|SECRET|KEY|CREDENTIAL|CONNECTION_STRING|(^|_)PAT(_|$)/i.test(name);
}
