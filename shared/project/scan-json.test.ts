import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './scan-json.ts';

/** `kind@offset` of each fault. */
function faults(text: string): string[] {
  return scanJson(text).faults.map(({ kind, offset }) => `${kind}@${offset}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a JSON text', () => {
  it.each<[string, string[], RegExp]>([
    ['', ['syntax@0'], /a value is missing: there is the end of the file/],
    ['[{"a": NaN}]', ['syntax@7'], /NaN is not JSON/],
    ['[{"a": -Infinity}]', ['syntax@7'], /-Infinity is not JSON/],
    ['[True]', ['syntax@1'], /True is not JSON/],
    ['[1,]', ['syntax@3'], /a value is missing: there is "]"/],
    ['[1 2]', ['syntax@3'], /a comma or ] is missing: there is "2"/],
    ['{"a" 1}', ['syntax@5'], /a colon is missing/],
    ['{a: 1}', ['syntax@1'], /a key in double quotes is missing: there is "a"/],
    ["['a']", ['syntax@1'], /a value is missing: there is "'"/],
    ['["a', ['syntax@1'], /does not end on its line/],
    ['["a\nb"]', ['syntax@1'], /does not end on its line/],
    ['["\\x"]', ['syntax@2'], /no JSON escape/],
    ['[01]', ['syntax@1'], /not a JSON number/],
    ['[1.]', ['syntax@1'], /not a JSON number/],
    ['[.5]', ['syntax@1'], /a value is missing/],
    ['[1] // note', ['syntax@4'], /"\/" stands behind the end of the JSON/],
    ['[1]\n[2]', ['syntax@4'], /behind the end/],
    ['[{"a": 1, "b": 2, "a": 3}]', ['duplicate-key@18'], /the key "a" is there twice/],
    ['[{"a": 1, "\\u0061": 2}]', ['duplicate-key@10'], /twice/],
    ['[12345678901234567890]', ['inexact-number@1'], /12345678901234567890 is more than/],
    ['["\\ud83d"]', ['half-character@1'], /half of a character/],
    ['[1e999]', ['inexact-number@1'], /1e999 is more than/],
    [`${'['.repeat(101)}${']'.repeat(101)}`, ['too-deep@100'], /nested too deeply/],
  ])('%.30j', (text, found, what) => {
    expect(faults(text)).toEqual(found);
    expect(scanJson(text).faults[0]?.what).toMatch(what);
  });

  it.each([
    '[9007199254740991, -9007199254740991, 0.1, 1e308, 12345678.123456789012345, -0]',
    ' [ ] ',
    'null',
    '"é\\n\\ud83d\\ude00"',
    '{"a":{"b":[]},"c":{"b":1}}',
  ])('is without fault: %s', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it('has the places of the elements at the top', () => {
    expect(scanJson('[ 1,\n {"a": [2, 3]},\n[4]]').elements).toEqual([2, 6, 21]);
    expect(scanJson('{"a": [1, 2]}').elements).toEqual([]);
  });

  it('is never read to the end of its depth', () => {
    expect(faults('['.repeat(1_000_000))).toEqual(['too-deep@100']);
    expect(faults(`${'{"a":'.repeat(1_000_000)}`)).toEqual(['too-deep@500']);
  });

  it('has a syntax fault just when JSON.parse refuses it', () => {
    const broken = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', ']', '}', '1', '.', '-', 'e', '\\', '\n', 'NaN', ' ', ':'),
        fc.nat(3),
      )
      .map(([text, at, insert, remove]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + insert + text.slice(place + remove);
      });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          broken,
          fc.string({
            unit: fc.constantFrom('[', ']', '{', '}', '"', ':', ',', '1', '0', '.', '-', 'e', '\\', 'a', ' '),
          }),
        ),
        (text) => {
          const syntax = scanJson(text).faults.filter(({ kind }) => kind === 'syntax');
          expect(syntax.length === 0).toBe(isJson(text));
          for (const { offset } of syntax) expect(offset).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('has the place of a fault right behind the part that is JSON', () => {
    const rows = fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, (values) => {
        const text = `[${values.map((value) => JSON.stringify(value)).join(',\n')},\n`;
        expect(faults(`${text}Infinity]`).at(-1)).toBe(`syntax@${text.length}`);
      }),
    );
  });
});
