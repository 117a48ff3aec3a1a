import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../shared/impact/book/batch.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import type { Answers } from '../../shared/release/answers.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { rowsOfColumns } from '../../shared/release/quote-rows.ts';
import { answersIn } from '../../shared/scoring/answers-in.ts';
import { analysisOf } from './make-book.ts';

interface Quote {
  readonly key: string | number;
  readonly age: number;
  readonly staging: JsonObject;
  readonly production: JsonObject;
}

const price = fc.integer({ min: 0, max: 90_000 }).map((cents) => cents / 100);
/** A premium that was declined is null, or left out. Some columns come late, or only on one side. */
const answered = fc.record(
  {
    premium: fc.oneof({ weight: 8, arbitrary: price }, fc.constant(null)),
    cover: fc.constantFrom('full', 'é', '', null),
    tax: price,
    referred: fc.constantFrom(true, false, null),
  },
  { requiredKeys: [] },
);
const quote = fc.record({ age: fc.integer({ min: 17, max: 19 }), staging: answered, production: answered });
const hasPremium = ({ staging, production }: { staging: JsonObject; production: JsonObject }): boolean =>
  'premium' in staging || 'premium' in production;
const book = fc
  .tuple(fc.array(quote, { minLength: 1, maxLength: 60 }), fc.boolean())
  // Without one anywhere there is nothing to compare, which both say in the same words.
  .filter(([quotes]) => quotes.some(hasPremium))
  .map(([quotes, areNumbers]): readonly Quote[] =>
    quotes.map((each, index) => ({ ...each, key: areNumbers ? index : `Q${index}` })),
  );

const lines = (rows: readonly JsonObject[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Batches as they come from servers, or as rows one by one. */
function batches(quotes: readonly Quote[], size: number, inColumns: boolean, turned: boolean): readonly Batch[] {
  const parts: Batch[] = [];
  for (let at = 0; at < quotes.length; at += size) {
    const part = quotes.slice(at, at + size);
    const side = (which: 'staging' | 'production'): Answers => {
      const rows = part.map(({ key, [which]: answer }) => ({ quote_id: key, ...answer }));
      if (turned) rows.reverse();
      return inColumns
        ? answersIn(Buffer.from(lines(rows)), 'application/x-ndjson', rows.length)
        : rows.map((row) => ({ ok: true, row }));
    };
    const columns = [
      { name: 'quote_id', values: part.map(({ key }) => key), places: undefined },
      { name: 'age', values: part.map(({ age }) => age), places: undefined },
    ];
    parts.push({ rows: rowsOfColumns(part.length, columns), staging: side('staging'), production: side('production') });
  }
  return parts;
}

describe('answers in columns', () => {
  it('give the same report as answers in rows, whatever the batches and the order', () => {
    let columnar = 0;
    fc.assert(
      fc.property(book, fc.integer({ min: 1, max: 70 }), fc.boolean(), (quotes, size, turned) => {
        const expected = encodeImpact(analysisOf(batches(quotes, quotes.length, false, false)));
        const found = batches(quotes, size, true, turned);
        if (found.every(({ staging, production }) => staging.columns && production?.columns)) columnar += 1;
        expect(encodeImpact(analysisOf(found))).toBe(expected);
      }),
      { numRuns: 300 },
    );
    expect(columnar).toBeGreaterThan(100);
  });
});
