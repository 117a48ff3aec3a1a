import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../release/json.ts';
import { MemoryPages } from '../pages/page-store.ts';
import type { InputColumn } from './input-column.ts';
import { SegmentColumn } from './segment-column.ts';

type Add = (column: SegmentColumn, values: readonly Json[]) => void;

function columnOf(values: readonly Json[], add: Add): InputColumn {
  const column = new SegmentColumn('column', 0, new MemoryPages());
  for (let at = 0; at < values.length; at += 37) add(column, values.slice(at, at + 37));
  return column.finish();
}

const WAYS: readonly (readonly [string, Add])[] = [
  ['together', (column, values) => column.pushAll(values)],
  [
    'by their places in a list',
    (column, values) => {
      const list = [...new Set(values)];
      column.pushCoded(
        list,
        values.map((value) => list.indexOf(value)),
      );
    },
  ],
];

describe.each(WAYS)('values that are added %s', (_, add) => {
  const value: fc.Arbitrary<Json> = fc.oneof(
    fc.nat(400),
    fc.constantFrom(-0, 65_535, 65_536, 2 ** 31, 1.5, -3, null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const values = fc.oneof(
    fc.array(value, { maxLength: 600 }),
    // Numbers that turn out to be texts: what they were as numbers must not be what they are as texts.
    fc
      .tuple(fc.array(value, { maxLength: 400 }), fc.array(fc.oneof(value, fc.constantFrom('a', '7', '12300'))))
      .map(([numbers, more]) => [...numbers, ...more, 12_345, 7]),
  );

  it('are those that are added one by one', () => {
    fc.assert(
      fc.property(values, (all) => {
        const column = columnOf(all, add);
        const expected = columnOf(all, (one, some) => {
          for (const each of some) one.push(each);
        });
        expect([column.dropped, column.isNumeric, column.values]).toEqual([
          expected.dropped,
          expected.isNumeric,
          expected.values,
        ]);
        expect(all.map((__, row) => column.at(row))).toEqual(all.map((__, row) => expected.at(row)));
        expect(column.rowsByCode()).toEqual(expected.rowsByCode());
      }),
      { numRuns: 200 },
    );
  });
});
