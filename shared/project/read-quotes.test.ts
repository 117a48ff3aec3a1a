import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../release/json.ts';
import { readQuotes } from './read-quotes.ts';
import { scanJson } from './scan-json.ts';

const FILE = 'tests/quotes/motor.json';

/** `line CODE what → fix` of each problem. */
function problems(text: string): string[] {
  return readQuotes(text, FILE).problems.map(({ place, code, what, fix }) => `${place?.line} ${code} ${what} → ${fix}`);
}

describe('test quotes', () => {
  it('may be quotes as they are sent, with notes that are not', () => {
    const text =
      '[{"_description": "young", "_source": {"x": 1}, "quote_id": 1, "vehicle": {"value": 2.5, "_kept": true}}, {"quote_id": 2}]';
    const rest = { file: FILE, expected: undefined, tolerance: undefined };
    expect(readQuotes(text, FILE)).toEqual({
      problems: [],
      quotes: [
        { ...rest, index: 0, description: 'young', input: { quote_id: 1, vehicle: { value: 2.5, _kept: true } } },
        { ...rest, index: 1, description: undefined, input: { quote_id: 2 } },
      ],
    });
  });

  it('may be golden cases, with what is expected and how far it may be off', () => {
    const text = `[
      {"_description": "London", "input": {"_why": "1.4 x", "quote_id": 3}, "expected": {"premium": 928.26}, "tolerance_pct": 0.01},
      {"input": {"_description": "declined", "quote_id": 4}, "expected": {"premium": null}, "tolerance_pct": 0},
      {"input": {"quote_id": 5}}
    ]`;
    expect(readQuotes(text, FILE)).toEqual({
      problems: [],
      quotes: [
        {
          file: FILE,
          index: 0,
          description: 'London',
          input: { quote_id: 3 },
          expected: { premium: 928.26 },
          tolerance: 0.01,
        },
        {
          file: FILE,
          index: 1,
          description: 'declined',
          input: { quote_id: 4 },
          expected: { premium: null },
          tolerance: 0,
        },
        {
          file: FILE,
          index: 2,
          description: undefined,
          input: { quote_id: 5 },
          expected: undefined,
          tolerance: undefined,
        },
      ],
    });
  });

  it('may have a column called input', () => {
    expect(readQuotes('[{"input": "web", "age": 30}]', FILE)).toMatchObject({
      problems: [],
      quotes: [{ input: { input: 'web', age: 30 } }],
    });
  });

  it('keep a column that is called like a part of every object', () => {
    const { quotes } = readQuotes('[{"constructor": 1, "toString": 2}]', FILE);
    expect(Object.entries(quotes[0]?.input ?? {})).toEqual([
      ['constructor', 1],
      ['toString', 2],
    ]);
  });

  it.each<[string, string, string[]]>([
    ['an empty file', '', ['1 QUOTES-SYNTAX a value is missing: there is the end of the file → Correct the JSON']],
    [
      'no array',
      '{"quote_id": 1}',
      ['1 QUOTES-NOT-ARRAY the file holds an object, not an array of quotes → Put the quotes between [ and ]'],
    ],
    ['a number', '5', ['1 QUOTES-NOT-ARRAY the file holds 5, not an array of quotes → Put the quotes between [ and ]']],
    [
      'null',
      'null',
      ['1 QUOTES-NOT-ARRAY the file holds null, not an array of quotes → Put the quotes between [ and ]'],
    ],
    ['no quote', ' [ ] ', ['1 QUOTES-EMPTY the file holds no quote → Write at least one quote, or remove the file']],
    [
      'no objects',
      '[\n{"a": 1},\n2,\n[{"a": 1}],\nnull]',
      [
        '3 QUOTES-NOT-OBJECT quote 1: it is 2, not an object → Write each quote as { "column": value, … }',
        '4 QUOTES-NOT-OBJECT quote 2: it is an array, not an object → Write each quote as { "column": value, … }',
        '5 QUOTES-NOT-OBJECT quote 3: it is null, not an object → Write each quote as { "column": value, … }',
      ],
    ],
    ['NaN', '[\n  {"a": 1,\n   "b": NaN}\n]', ['3 QUOTES-SYNTAX NaN is not JSON → Correct the JSON']],
    ['Infinity', '[{"a": Infinity}]', ['1 QUOTES-SYNTAX Infinity is not JSON → Correct the JSON']],
    [
      'a missing comma',
      '[\n  {"a": 1}\n  {"a": 2}\n]',
      ['3 QUOTES-SYNTAX a comma or ] is missing: there is "{" → Correct the JSON'],
    ],
    [
      'a key twice',
      '[{"a": 1,\n "b": 2,\n "a": 3}]',
      ['3 QUOTES-DUPLICATE-KEY the key "a" is there twice → Remove one of the two'],
    ],
    [
      'a number too long',
      '[{"quote_id": 12345678901234567890}]',
      [
        '1 QUOTES-INEXACT-NUMBER 12345678901234567890 is more than a number can hold exactly → Write fewer digits, or put it in quotes',
      ],
    ],
    [
      'endless nesting',
      `[${'['.repeat(200)}`,
      ['1 QUOTES-TOO-DEEP objects or arrays are nested too deeply → Write them less deeply nested'],
    ],
    [
      'both forms',
      '[\n{"a": 1},\n{"input": {"a": 1}}]',
      ['3 QUOTES-MIXED quote 1 is a golden case, quote 0 a plain quote → Write all quotes of a file in the same form'],
    ],
    [
      'nothing to send',
      '[{"_note": "x"}]',
      ['1 QUOTES-INPUT quote 0: it has no column to send → Write the columns that the pipeline takes'],
    ],
    [
      'nothing at all',
      '[{}]',
      ['1 QUOTES-INPUT quote 0: it has no column to send → Write the columns that the pipeline takes'],
    ],
    [
      'an input that is a note',
      '[{"input": {"_note": "x"}}]',
      ['1 QUOTES-INPUT quote 0: it has no column to send → Write the columns that the pipeline takes'],
    ],
    [
      'an input that is a list',
      '[{"input": [1], "expected": {"a": 1}}]',
      ['1 QUOTES-INPUT quote 0: its input is an array, not an object → Write "input": { "column": value, … }'],
    ],
    [
      'expected without input',
      '[{"expected": {"premium": 1}}]',
      ['1 QUOTES-INPUT quote 0: its input is missing, not an object → Write "input": { "column": value, … }'],
    ],
    [
      'input with a slip',
      '[{"imput": {"a": 1}, "expected": {"premium": 1}}]',
      [
        "1 QUOTES-UNKNOWN-KEY quote 0: unknown key 'imput' beside input, expected, tolerance_pct → Did you mean 'input'?",
        '1 QUOTES-INPUT quote 0: its input is missing, not an object → Write "input": { "column": value, … }',
      ],
    ],
    [
      'expected with a slip',
      '[{"input": {"a": 1}, "expcted": {"premium": 1}}]',
      [
        "1 QUOTES-UNKNOWN-KEY quote 0: unknown key 'expcted' beside input, expected, tolerance_pct → Did you mean 'expected'?",
      ],
    ],
    [
      'a column beside input',
      '[{"input": {"a": 1}, "region": "N"}]',
      [
        "1 QUOTES-UNKNOWN-KEY quote 0: unknown key 'region' beside input, expected, tolerance_pct → Move it into input, or begin its name with _ if it is a note",
      ],
    ],
    [
      'expected that is a number',
      '[{"input": {"a": 1}, "expected": 5}]',
      [
        '1 QUOTES-EXPECTED quote 0: its expected is 5, not an object → Write "expected": { "column": value, … }, or leave it out',
      ],
    ],
    [
      'expected that is null',
      '[{"input": {"a": 1}, "expected": null}]',
      [
        '1 QUOTES-EXPECTED quote 0: its expected is null, not an object → Write "expected": { "column": value, … }, or leave it out',
      ],
    ],
    [
      'expected of nothing',
      '[{"input": {"a": 1}, "expected": {}}]',
      [
        '1 QUOTES-EXPECTED quote 0: its expected names no column, so it would check nothing → Write "expected": { "column": value, … }, or leave it out',
      ],
    ],
    [
      'a tolerance for nothing',
      '[{"input": {"a": 1}, "tolerance_pct": 0.1}]',
      [
        '1 QUOTES-EXPECTED quote 0: it has a tolerance but expects nothing → Write "expected", or remove "tolerance_pct"',
      ],
    ],
    [
      'a tolerance in percent',
      '[{"input": {"a": 1}, "expected": {"p": 1}, "tolerance_pct": 5}]',
      ['1 QUOTES-TOLERANCE quote 0: its tolerance_pct is 5 → Write a fraction from 0 to 1: 5% is 0.05'],
    ],
    [
      'a tolerance below none',
      '[{"input": {"a": 1}, "expected": {"p": 1}, "tolerance_pct": -0.1}]',
      ['1 QUOTES-TOLERANCE quote 0: its tolerance_pct is -0.1 → Write a fraction from 0 to 1'],
    ],
    [
      'a tolerance that is text',
      '[{"input": {"a": 1}, "expected": {"p": 1}, "tolerance_pct": "1%"}]',
      ['1 QUOTES-TOLERANCE quote 0: its tolerance_pct is "1%" → Write a fraction from 0 to 1'],
    ],
    [
      'a tolerance that is true',
      '[{"input": {"a": 1}, "expected": {"p": 1}, "tolerance_pct": true}]',
      ['1 QUOTES-TOLERANCE quote 0: its tolerance_pct is true → Write a fraction from 0 to 1'],
    ],
  ])('say what is wrong, where, and what to do: %s', (_, text, found) => {
    expect(problems(text)).toEqual(found);
  });

  it('are all read, in order, in either form', () => {
    const columns = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 1 }), {
      minKeys: 1,
      maxKeys: 3,
    });
    const plain = columns.map((input) => ({ written: input, input, expected: undefined }));
    const golden = fc
      .tuple(columns, columns)
      .map(([input, expected]) => ({ written: { input, expected }, input, expected }));
    const form = fc.oneof(fc.array(plain, { minLength: 1 }), fc.array(golden, { minLength: 1 }));
    fc.assert(
      fc.property(form, (cases) => {
        const isPlain = cases[0]?.expected === undefined;
        fc.pre(!isPlain || cases.every(({ written }) => !['input', 'expected'].some((key) => key in written)));
        const text = `[\n${cases.map(({ written }) => JSON.stringify(written)).join(',\n')}\n]`;
        fc.pre(scanJson(text).faults.length === 0);
        const { quotes, problems: none } = readQuotes(text, FILE);
        expect(none).toEqual([]);
        expect(JSON.parse(JSON.stringify(quotes.map(({ input, expected }) => [input, expected ?? null])))).toEqual(
          JSON.parse(JSON.stringify(cases.map(({ input, expected }) => [input, expected ?? null]))),
        );
        expect(quotes.map(({ index }) => index)).toEqual(cases.map((_, i) => i));
      }),
    );
  });

  it('never take what is expected for a column, whatever else is wrong', () => {
    const key = fc.constantFrom('input', 'inputs', 'imput', 'quote', '_input', 'row');
    fc.assert(
      fc.property(key, fc.jsonValue({ maxDepth: 1 }), fc.jsonValue({ maxDepth: 1 }), (name, value, expected) => {
        const { quotes, problems: found } = readQuotes(JSON.stringify([{ [name]: value, expected }]), FILE);
        const sent = quotes.map(({ input }): JsonObject => input);
        expect(found.length > 0 || sent.every((input) => !('expected' in input))).toBe(true);
      }),
    );
  });
});
