import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksSecret, readDotEnv } from './read-dot-env.ts';

const ref = (name: string) => `\${${name}}`;

/** What python-dotenv reads, seen by running it, except where the title says otherwise. */
describe('a .env file', () => {
  it.each<[string, Record<string, string>]>([
    ['A=1', { A: '1' }],
    ['A = 1 \nB=2', { A: '1', B: '2' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['export A=1\nexport   B=2', { A: '1', B: '2' }],
    ['# A=1\n\n  \n  # note\nB=2', { B: '2' }],
    ['A=1 # note', { A: '1' }],
    ['A=a#b', { A: 'a#b' }],
    ['A=#b', { A: '#b' }],
    ['A= # note', { A: '' }],
    ['A=', { A: '' }],
    ['A=\nB=1', { A: '', B: '1' }],
    ['A', {}],
    ['A # note\nB=1', { B: '1' }],
    ['A=1\nB=2\nA', { B: '2' }],
    ['A=a b c', { A: 'a b c' }],
    ['A="a # b" # note', { A: 'a # b' }],
    ["A='a # b'", { A: 'a # b' }],
    ['A=""', { A: '' }],
    ['A="line 1\nline 2"\nB=2', { A: 'line 1\nline 2', B: '2' }],
    ['A="a\\nb\\t\\"c\\" \\\\ \\x"', { A: 'a\nb\t"c" \\ \\x' }],
    ["A='a\\nb \\'c\\' \\\\'", { A: "a\\nb 'c' \\" }],
    ['A=a\\nb', { A: 'a\\nb' }],
    ['A=a"b', { A: 'a"b' }],
    ["'A b'=1", { 'A b': '1' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=postgres://u:p@h/d?x=1&y=2', { A: 'postgres://u:p@h/d?x=1&y=2' }],
    ['A=é😀', { A: 'é😀' }],
    [`A=1\nB=${ref('A')}${ref('C')}-${ref('D:-d')}`, { A: '1', B: '1-d' }],
    [`B='${ref('HOST')}'`, { B: 'given' }],
    [`HOST=file\nB=${ref('HOST')}`, { HOST: 'file', B: 'given' }],
    [`B=${ref('toString')}`, { B: '' }],
    ['B=$HOST', { B: '$HOST' }],
  ])('%j', (text, values) => {
    const { variables, problems } = readDotEnv(text, '.env', { HOST: 'given' });
    expect(problems).toEqual([]);
    expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual(values);
  });

  it.each<[string, number[], string[]]>([
    ['A=1\nB="open\nC=3', [2], ['A', 'C']],
    ["A='open", [1], []],
    ["A= 'open", [1], []],
    ['export', [], []],
    ['export =1', [1], []],
    ['A="x"y', [1], []],
    ['A B=1', [1], []],
    ['=1', [1], []],
    ['A="x" "y"', [1], []],
    ['ok=1\n\n"multi\nB=2', [3], ['ok', 'B']],
    ['A="one\ntwo"\nB C', [3], ['A']],
  ])('says so where python-dotenv drops a line: %j', (text, lines, names) => {
    const { variables, problems } = readDotEnv(text, '.env', {});
    expect(problems.map(({ code, place }) => [code, place?.file, place?.line])).toEqual(
      lines.map((line) => ['DOTENV-SYNTAX', '.env', line]),
    );
    expect(variables.map(({ name }) => name)).toEqual(names);
  });

  it('never shows the line that is wrong: it may hold a credential', () => {
    const { problems } = readDotEnv('TOKEN="hunter22', '.env', {});
    expect(JSON.stringify(problems)).not.toContain('hunter22');
  });

  it('gives back any value that is written in double quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const quoted = value.replace(/["\\]/g, '\\$&');
        fc.pre(!value.includes('${'));
        expect(readDotEnv(`A="${quoted}"\nB=1`, '.env', {})).toEqual({
          problems: [],
          variables: [
            { name: 'A', value },
            { name: 'B', value: '1' },
          ],
        });
      }),
    );
  });

  it('is read to its end, whatever it holds', () => {
    const noise = fc.string({
      unit: fc.constantFrom('A', '=', '"', "'", '#', ' ', '\n', '\r', '\\', '$', '{', '}'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(noise, (text) => {
        const { variables } = readDotEnv(`${text}\n\nLAST_ONE=1`, '.env', {});
        const open = /["']/.test(text);
        expect(open || variables.some(({ name }) => name === 'LAST_ONE')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the name of a credential', () => {
  it.each([
    'DATABRICKS_TOKEN',
    'DOCKER_PASSWORD',
    'AWS_SECRET_ACCESS_KEY',
    'BASETEN_API_KEY',
    'AZURE_CLIENT_SECRET',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'AZURE_DEVOPS_EXT_PAT',
    'db_passwd',
  ])('%s is one', (name) => expect(looksSecret(name)).toBe(true));
  it.each(['PATH', 'HAUTE_TARGET', 'DATABRICKS_HOST', 'DOCKER_USERNAME', 'COMPATIBLE'])('%s is none', (name) =>
    expect(looksSecret(name)).toBe(false),
  );
});
