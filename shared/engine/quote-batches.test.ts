import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from './quote-batches.ts';

const same = (row: { id: number }) => row;

describe('the requests that quotes are sent in together', () => {
  it.each([
    ['no quote, no request', 0, 1000, []],
    ['a lone quote is sent twice, since a single row is answered in another way', 1, 1000, [[0, 0]]],
    ['all in one where they fit', 3, 1000, [[0, 1, 2]]],
    [
      'several where they do not',
      3,
      18,
      [
        [0, 1],
        [2, 2],
      ],
    ],
  ])('%s', (_, count, maxBytes, ids) => {
    const rows = Array.from({ length: count }, (__, id) => ({ id }));
    expect(batchesOf(rows, same, maxBytes).map((batch) => batch.map(({ id }) => id))).toEqual(ids);
  });

  it('holds every quote once or, alone, twice, in order, never fewer than two to a request', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.nat(), text: fc.string() })),
        fc.integer({ min: 1, max: 400 }),
        (rows, max) => {
          const batches = batchesOf(rows, same, max);
          expect(batches.every((batch) => batch.length >= 2)).toBe(true);
          expect(
            batches.flatMap((batch) => (batch[0] === batch[1] && batch.length === 2 ? [batch[0]] : batch)),
          ).toEqual(rows);
        },
      ),
    );
  });
});
