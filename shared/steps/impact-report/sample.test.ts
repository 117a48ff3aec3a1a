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

  it('holds what a portfolio lists in turn as often as the portfolio does, whatever the turns', () => {
    for (const turn of [2, 7, 10, 100]) {
      const { take } = evenSample(2_000, 20_000) ?? { take: () => false };
      const taken = rowsTaken(20_000, take);
      const shares = Array.from({ length: turn }, (_, at) => taken.filter((row) => row % turn === at).length * turn);
      // Three times the spread of drawing at random.
      const spread = 3 * Math.sqrt(2_000 * turn);
      for (const share of shares) expect(Math.abs(share - 2_000)).toBeLessThan(spread);
    }
  });

  it('has one row of each of as many equal parts of the portfolio', () => {
    const sample = evenSample(100, 1_000);
    expect(rowsTaken(1_000, sample?.take).map((row) => Math.floor(row / 10))).toEqual([...Array(100).keys()]);
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
