import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../release/answers.ts';
import type { Json, JsonObject } from '../release/json.ts';
import { answerRows } from './answer-rows.ts';
import { answersIn } from './answers-in.ts';
import { NumberScanner } from './scan-number.ts';

const LINES = 'application/x-ndjson';

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(22), fc.boolean())
  .map(([digits, decimals, isNegative]) => {
    const text = String(digits).padStart(decimals + 1, '0');
    const point = text.length - decimals;
    return `${isNegative ? '-' : ''}${text.slice(0, point)}${decimals > 0 ? `.${text.slice(point)}` : ''}`;
  });
/** A decimal in the very middle between two numbers of 53 bits, which goes to the even one. */
const middle = fc
  .bigInt({ min: 2n ** 53n, max: 2n ** 60n })
  .map((whole) => String((whole >> 8n) * 2n ** 8n + 2n ** 7n));
/** More digits than one number holds, most of them zeros in front. */
const smallDecimal = fc
  .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 15, max: 18 }))
  .map(([digits, decimals]) => `0.${String(digits).padStart(decimals, '0')}`);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.integer().map(String),
  decimal,
  middle,
  smallDecimal,
  fc.constantFrom('0', '-0', '0.0', '1e5', '1E-7', '2.5e+3', '9007199254740993', '1e999', '01', '1.', '-', '.5', 'NaN'),
);
const text = fc.oneof(
  fc.string().map((value) => JSON.stringify(value)),
  fc.constantFrom('"é"', '"😀"', '""', '"null"', '"\u0001"'),
);
const value = fc.oneof(
  { weight: 6, arbitrary: number },
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constant('null') },
  fc.constantFrom('true', 'false', '{}', '[1]', 'nul', ''),
);
const kind = fc.constantFrom(number, text, fc.constantFrom('true', 'false'), value);

/** Columns of mostly one kind, as servers write them, some left out of some rows. */
const body = fc
  .tuple(
    fc.uniqueArray(fc.oneof(fc.constantFrom('premium', 'quote_id', 'a b', 'é'), fc.string()), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.constantFrom('', ' '),
    fc.constantFrom('\n', '\r\n', ' \n'),
  )
  .chain(([names, blank, end]) => {
    const member = (name: string) =>
      kind.chain((of) =>
        fc.oneof(
          { weight: 9, arbitrary: of.map((cell) => `${JSON.stringify(name)}:${blank}${cell}`) },
          { weight: 1, arbitrary: fc.constant(undefined) },
        ),
      );
    const row = fc
      .tuple(...names.map(member))
      .map((cells) => `{${cells.filter((cell) => cell !== undefined).join(`,${blank}`)}}`);
    return fc
      .array(row, { minLength: 1, maxLength: 6 })
      .map((rows) => ({ rows: rows.length, text: rows.join(end) + end }));
  });

function read(call: () => Iterable<Answer>): readonly Answer[] | string {
  try {
    return [...call()];
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

function asAnswers(rows: readonly JsonObject[]): readonly Answer[] {
  return rows.map((row) => ({ ok: true, row }));
}

describe('answers in lines', () => {
  it('are what JSON.parse makes of each line, or the same error', () => {
    fc.assert(
      fc.property(body, fc.integer({ min: -1, max: 1 }), ({ rows, text: lines }, wrong) => {
        const expected = rows + wrong;
        const found = read(() => answersIn(Buffer.from(lines), LINES, expected));
        expect(found).toStrictEqual(read(() => asAnswers(answerRows(lines, LINES, expected))));
      }),
      { numRuns: 3_000 },
    );
  });

  it('come as columns where all lines have them in one order, nulls left out or not', () => {
    const answers = answersIn(
      Buffer.from(
        '{"id": "Q1", "premium": 1.5, "ok": true}\n{"id": "Q2"}\n{"id": "é", "premium": null, "ok": false}\n',
      ),
      LINES,
      3,
    );
    expect(answers.columns?.map(({ name, kind: of }) => `${name} ${of}`)).toEqual([
      'id texts',
      'premium numbers',
      'ok others',
    ]);
    expect([...answers]).toEqual([
      { ok: true, row: { id: 'Q1', premium: 1.5, ok: true } },
      { ok: true, row: { id: 'Q2' } },
      { ok: true, row: { id: 'é', premium: null, ok: false } },
    ]);
    expect(answers.at(3)).toBeUndefined();
  });

  it.each([
    ['objects', '{"a":{"b":1}}\n'],
    ['lists', '{"a":[1]}\n'],
    ['escapes', '{"a":"\\u0041"}\n'],
    ['columns in another order', '{"a":1,"b":2}\n{"b":2,"a":1}\n'],
    ['a column that is text and number', '{"a":1}\n{"a":"1"}\n'],
    ['a name twice', '{"a":1,"a":2}\n'],
    ['a name that is no mere name', '{"__proto__":1}\n'],
  ])('with %s come as rows', (_, lines) => {
    const answers = answersIn(Buffer.from(lines), LINES, lines.split('\n').length - 1);
    expect(answers.columns).toBeUndefined();
    expect([...answers]).toEqual(
      asAnswers(
        lines
          .trim()
          .split('\n')
          .map((line): JsonObject => JSON.parse(line)),
      ),
    );
  });
});

describe('a number of an answer', () => {
  const scanner = new NumberScanner();
  const readNumber = (digits: string): Json => {
    const bytes = Buffer.from(`${digits},`);
    return scanner.read(bytes, 0) === bytes.length - 1 ? scanner.value : null;
  };

  it('is the nearest to its decimal, as Number finds it', () => {
    fc.assert(
      fc.property(fc.oneof(decimal, middle, smallDecimal), (digits) => {
        expect(readNumber(digits)).toBe(Number(digits));
      }),
      { numRuns: 20_000, examples: [['0.0000000000006967']] },
    );
  });

  it('is the shortest decimal of a calculated one read back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (calculated) => {
        expect(readNumber(String(calculated))).toBe(calculated);
      }),
      { numRuns: 20_000 },
    );
  });
});
