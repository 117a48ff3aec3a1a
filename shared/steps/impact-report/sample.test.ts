import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenSample, shareOf } from './sample.ts';

const rowsTaken = (total: number, take: ((row: number) => boolean) | undefined): readonly number[] =>
  Array.from({ length: total }, (_, row) => row).filter(take ?? (() => true));

describe('a sample', () => {
  it('has as many rows as were asked for, each at its position, whatever the portfolio', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(450), (total, wanted) => {
        const sample = evenSample(wanted, total);
        const taken = rowsTaken(total, sample?.take);
        expect(taken).toHaveLength(wanted === 0 ? total : Math.min(wanted, total));
        if (sample) expect(taken.map(sample.position)).toEqual(taken.map((_, index) => index));
      }),
    );
  });

  it.each([
    ['of every row', 0],
    ['of a sample', 70],
  ])('is shared by the shards %s without a gap or an overlap', (_, wanted) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 20 }), (total, of) => {
        const sample = evenSample(wanted, total);
        const shares = Array.from({ length: of }, (_, at) => shareOf({ index: at + 1, of }, sample, total));
        const taken = shares.map(({ take }) => rowsTaken(total, take));
        expect(taken.map((rows) => rows.length)).toEqual(shares.map(({ rows }) => rows));
        expect(taken.flat().toSorted((a, b) => a - b)).toEqual(rowsTaken(total, sample?.take));
      }),
    );
  });
});
