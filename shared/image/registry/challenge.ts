/** What a registry asks for before it answers. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By their names in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAM = new RegExp(`^(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`, 's');
const SCHEME = new RegExp(`^(${TOKEN})(?=[ \\t,]|$)`);
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/;

/**
 * Reads `WWW-Authenticate`: several challenges may stand in one header or in several, and quoted values hold commas. What
 * cannot be read ends the header; what was read until there counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate
 */
export function parseChallenges(header: string | readonly string[] | undefined): readonly Challenge[] {
  const headers = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  return headers.flatMap(parseOne);
}

function parseOne(header: string): readonly Challenge[] {
  const found: { readonly scheme: string; readonly params: Record<string, string> }[] = [];
  let rest = header;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    if (rest === '') return found;
    const param = PARAM.exec(rest);
    const current = found.at(-1);
    if (param && current) {
      const [whole, name = '', quoted, plain = ''] = param;
      // The first of two counts: what comes later may have been added on the way.
      current.params[name.toLowerCase()] ??= quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain;
      rest = rest.slice(whole.length);
      continue;
    }
    const [scheme] = SCHEME.exec(rest) ?? [];
    if (scheme === undefined) return found;
    found.push({ scheme: scheme.toLowerCase(), params: Object.create(null) });
    rest = rest.slice(scheme.length).replace(/^[ \t]+/, '');
    // `Negotiate abc==`: one value without a name.
    rest = rest.replace(TOKEN68, '');
  }
}

/** `repository:team/motor:pull,push`: one resource and what may be done with it. */
const SCOPE = /^([a-z]+(?:\([^)]*\))?):(.+):([a-z_*,]+)$/;

/** Scopes with what they allow put together for each resource, sorted: the same wishes give the same text. */
export function mergeScopes(scopes: readonly string[]): readonly string[] {
  const actions = new Map<string, Set<string>>();
  const others = new Set<string>();
  for (const scope of scopes) {
    const [, type, name, list = ''] = SCOPE.exec(scope) ?? [];
    if (type === undefined) {
      if (scope !== '') others.add(scope);
      continue;
    }
    const known = actions.get(`${type}:${name}`) ?? new Set();
    for (const action of list.split(',')) if (action !== '') known.add(action);
    actions.set(`${type}:${name}`, known);
  }
  return [
    ...[...actions].map(([resource, known]) => `${resource}:${[...known].toSorted().join(',')}`),
    ...others,
  ].toSorted();
}

/** The scopes that a challenge names; none where it names none. */
export function scopesIn({ params }: Challenge): readonly string[] {
  return (params.scope ?? '').split(' ').filter((scope) => scope !== '');
}
