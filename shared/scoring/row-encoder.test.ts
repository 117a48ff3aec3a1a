import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../release/json.ts';
import { joinRows, type QuoteColumn, rowsOfColumns } from '../release/quote-rows.ts';
import { RowEncoder } from './row-encoder.ts';

const PLAIN = { before: '', after: '' };
const WRAPPED = { before: '{"dataframe_records":', after: '}' };

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u007f', 'é', '€', '😀', '\ud83d', '\udc00', '\u2028', '/'),
  }),
);
const value = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, -0, 1e21, 5e-324, 0.1),
  fc.jsonValue({ depthSize: 'small' }),
);

describe('the body of a request', () => {
  it('is byte for byte what JSON.stringify makes of the rows, from columns too', () => {
    const encoder = new RowEncoder();
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(text, fc.constantFrom('10', '2', 'toString', '__proto__')), { maxLength: 5 }),
        fc.array(value as fc.Arbitrary<Json>, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        (names, values, picks, cut) => {
          const at = (name: number, row: number): number => ((picks[row] as number) + name) % values.length;
          const rows = rowsOfColumns(
            picks.length,
            names.map((name, index): QuoteColumn => {
              const places = Uint32Array.from(picks, (_, row) => at(index, row));
              const own = Array.from(places, (place) => values[place] as Json);
              return index % 2 === 0 ? { name, values, places } : { name, values: own, places: undefined };
            }),
          );
          const expected = JSON.stringify([...rows]);
          expect(encoder.encode(rows, PLAIN).toString()).toBe(expected);
          expect(encoder.encode(rows, WRAPPED).toString()).toBe(`{"dataframe_records":${expected}}`);
          const parts = joinRows([rows.slice(0, cut), rows.slice(cut)]);
          expect(encoder.encode(parts, PLAIN).equals(Buffer.from(expected))).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is whole where the last column has no name', () => {
    const column = (name: string, values: readonly number[]): QuoteColumn => ({ name, values, places: undefined });
    const rows = rowsOfColumns(3, [column('a', [1, 2, 3]), column('b', [1234, 5678, 9012]), column('', [1, 2, 3])]);
    expect(new RowEncoder().encode(rows, PLAIN).toString()).toBe(JSON.stringify([...rows]));
  });

  it('is written once for two addresses of one kind', () => {
    const encoder = new RowEncoder();
    const rows = [{ a: 1 }];
    expect(encoder.encode(rows, PLAIN)).toBe(encoder.encode(rows, PLAIN));
  });
});
