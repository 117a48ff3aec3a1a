import TOML from '@iarna/toml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn } from '../text-place.ts';
import { locateKeys, type TomlKey } from './locate-keys.ts';

/** `line:column path` of every key. */
function located(text: string): string[] {
  return locateKeys(text).keys.map(({ path, offset }) => {
    const { line, column } = placesIn('f', text)(offset);
    return `${line}:${column} ${path.join('.')}`;
  });
}

describe('the keys of a TOML text', () => {
  it.each<[string, string, string[]]>([
    ['a table', '[deploy]\n  port = 1\n', ['1:2 deploy', '2:3 deploy.port']],
    ['a table below a table', '[a.b]\nc = 1\n[a]\nd = 1', ['1:2 a', '1:4 a.b', '2:1 a.b.c', '4:1 a.d']],
    ['spaces around dots and brackets', '[ a . "b" ]\nc . d = 1', ['1:3 a', '1:7 a.b', '2:1 a.b.c', '2:5 a.b.c.d']],
    ['quoted keys', `"a b".'c\\' = 1\n"\\u0041" = 2`, ['1:1 a b', '1:7 a b.c\\', '2:1 A']],
    [
      'inline tables',
      'a = { b = 1, c.d = { e = "}" } } # { f = 1 }',
      ['1:1 a', '1:7 a.b', '1:14 a.c', '1:16 a.c.d', '1:22 a.c.d.e'],
    ],
    [
      'arrays',
      'a = [\n  1, # [\n  "]",\n  { b = 1 },\n]\nc = []',
      ['1:1 a', '2:3 a.0', '3:3 a.1', '4:3 a.2', '4:5 a.2.b', '6:1 c'],
    ],
    [
      'arrays of tables',
      '[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3',
      ['1:3 a', '1:3 a.0', '2:1 a.0.b', '3:3 a.1', '4:1 a.1.b', '5:4 a.1.c', '6:1 a.1.c.d'],
    ],
    [
      'strings of several lines',
      'a = """\n[no]\nb = 1 \\""""""\nc = \'\'\'\n"""d = 1\\\'\'\'\'\ne = 1',
      ['1:1 a', '4:1 c', '6:1 e'],
    ],
    ['strings that hold quotes and hashes', 'a = "\\" # b = 1"\nc = \'# "\'', ['1:1 a', '2:1 c']],
    ['comments', '# a = 1\nb = 1 # c = 2\n#', ['2:1 b']],
    ['Windows line ends', '[a]\r\nb = 1\r\n\r\nc = "x"\r\n', ['1:2 a', '2:1 a.b', '4:1 a.c']],
    ['dates and numbers', 'a = 1979-05-27 07:32:00\nb = -1_000.5e3', ['1:1 a', '2:1 b']],
    ['nothing', '', []],
    ['only blanks', '\n \t\n# c', []],
  ])('%s', (_, text, keys) => {
    expect(located(text)).toEqual(keys);
  });

  it('carry bare values as they are written', () => {
    const bare = locateKeys('a = 8080.0 # x\nb = { c = true, d = 0x1F}\ne = "8"\nf = [ 1 ]').keys.flatMap(
      (key) => key.bare ?? [],
    );
    expect(bare).toEqual(['8080.0', 'true', '0x1F']);
  });

  it.each([
    'a',
    '=',
    '[a',
    '[[a]',
    'a = ',
    'a = "',
    'a = """x',
    'a = [1',
    'a = {b',
    'a = {b = 1',
    '"a',
    'a..b = 1',
    'a = 1\n]',
    '\0',
    '[]',
    '[[[a]]]',
  ])('end where a text that is not TOML goes wrong: %j', (rest) => {
    expect(located(`ok = 1\n${rest}`)[0]).toBe('1:1 ok');
  });

  it.each([
    `a = ${'['.repeat(100_000)}`,
    `a = ${'{a='.repeat(100_000)}`,
    `${'a.'.repeat(100_000)}a = 1`,
    `[${'a.'.repeat(100_000)}a]`,
  ])('are not read where they are nested too deeply', (text) => {
    expect(locateKeys(text).tooDeep).toBe(true);
  });

  it.each<[string, string]>([
    ['blank lines', '\n'.repeat(1_000_000)],
    ['one comment', `#${'"'.repeat(1_000_000)}`],
    ['one string', `a = "${'\\"'.repeat(500_000)}"`],
    ['one array', `a = [${'1,'.repeat(200_000)}]`],
    ['an open string', `a = """${'""a'.repeat(300_000)}`],
  ])('are found in a text of a megabyte: %s', (_, text) => {
    expect(locateKeys(text).tooDeep).toBe(false);
  });

  it('do not trip over any text', () => {
    const noise = fc.string({
      unit: fc.constantFrom('a', '.', '=', '[', ']', '{', '}', '"', "'", '\\', '#', '\n', ' ', ',', '1'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        noise,
        (text) => void expect(locateKeys(text).keys.every(({ offset }) => offset <= text.length)).toBe(true),
      ),
      {
        numRuns: 2_000,
      },
    );
  });

  it('are all found, each on a line that contains it, and no others', () => {
    fc.assert(
      fc.property(document(), (text) => {
        const paths = pathsOf(TOML.parse(text), []);
        const { keys, tooDeep } = locateKeys(text);
        const byPath = new Map(keys.map((key) => [JSON.stringify(key.path), key]));
        expect(tooDeep).toBe(false);
        expect([...byPath.keys()].sort()).toEqual(paths.map((path) => JSON.stringify(path)).sort());
        for (const key of keys) expectToStandAt(text, key);
      }),
      { numRuns: 500 },
    );
  });
});

function expectToStandAt(text: string, { path, offset }: TomlKey): void {
  const name = path.at(-1);
  if (typeof name !== 'string') return;
  const { line, column } = placesIn('f', text)(offset);
  const rest = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
  expect([name, JSON.stringify(name), `'${name}'`].some((written) => rest.startsWith(written))).toBe(true);
}

/** Every path of a value that the parser gave, without the value itself. */
function pathsOf(value: unknown, path: (string | number)[]): (string | number)[][] {
  const below: [string | number, unknown][] = Array.isArray(value)
    ? value.map((element, i) => [i, element])
    : typeof value === 'object' && value !== null && !(value instanceof Date)
      ? Object.entries(value)
      : [];
  return below.flatMap(([key, element]) => [[...path, key], ...pathsOf(element, [...path, key])]);
}

/** TOML texts that a person might write, with strings and comments that look like keys. */
function document(): fc.Arbitrary<string> {
  const bareKey = fc.constantFrom('name', 'port', 'deploy', 'a-b', 'a_b', '1', 'true');
  const tricky = fc.constantFrom('name = 1', '[deploy]', '# port', 'a"b', '{ x = 1 }', '\\', "it's", '', '] }', 'é😀');
  const string = tricky.map((text) => JSON.stringify(text));
  const lines = fc
    .array(tricky, { maxLength: 3 })
    .map((texts) => `"""\n${texts.join('\n').replaceAll('\\', '\\\\')}\n"""`);
  const literal = tricky.filter((text) => !text.includes("'")).map((text) => `'${text}'`);
  const scalar = fc.oneof(string, lines, literal, fc.constantFrom('1', '-1.5', 'true', '1979-05-27', '0xff', '1_000'));
  const key = fc.oneof(
    bareKey,
    tricky.filter((text) => text !== '').map((text) => JSON.stringify(text)),
    bareKey.map((name) => `'${name}'`),
  );
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar,
      fc
        .array(fc.tuple(tie('value'), fc.constantFrom('', ' # name = 1\n', '\n')), { maxLength: 3 })
        .map((all) => `[${all.map(([one, gap]) => `${one}${gap},${gap}`).join('')}]`),
      fc
        .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 3, selector: ([name]) => keyName(name) })
        .map((all) => `{ ${all.map(([name, one]) => `${name} = ${one}`).join(' , ')} }`),
    ),
  }));
  const pair = fc.tuple(
    fc.array(key, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' . ')),
    value,
    fc.constantFrom('', ' # port = 2'),
  );
  const header = fc.tuple(
    fc.array(key, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
    fc.boolean(),
  );
  const section = fc.tuple(header, fc.array(pair, { maxLength: 4 }));
  return fc
    .tuple(fc.array(pair, { maxLength: 3 }), fc.array(section, { maxLength: 4 }), fc.constantFrom('\n', '\r\n'))
    .map(([first, sections, end]) => {
      const pairs = (all: typeof first) => all.map(([name, one, comment]) => `${name} = ${one}${comment}`);
      const headed = sections.flatMap(([[name, many], all]) => [many ? `[[${name}]]` : `[${name}]`, ...pairs(all)]);
      return [...pairs(first), ...headed].join('\n').replaceAll('\n', end);
    })
    .filter(isToml);
}

function keyName(key: string): string {
  return key.startsWith('"') ? JSON.parse(key) : key.replace(/^'|'$/g, '');
}

function isToml(text: string): boolean {
  try {
    TOML.parse(text);
    return true;
  } catch {
    return false;
  }
}
