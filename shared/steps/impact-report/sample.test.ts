import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampledRow } from '../../impact/numbers/sampled-row.ts';
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

  it('has one row of each of as many equal parts of the portfolio, or as many as come to a thousand rows', () => {
    const few = evenSample(10, 20_000);
    expect(rowsTaken(20_000, few?.take).map((row) => Math.floor(row / 2_000))).toEqual([...Array(10).keys()]);
    const many = rowsTaken(20_000, evenSample(2_000, 20_000)?.take);
    const blocks = Array.from({ length: 20 }, (_, at) => many.filter((row) => Math.floor(row / 1_000) === at).length);
    expect(blocks).toEqual(Array(20).fill(100));
  });

  it.each([
    [20_000, 30_000, 3],
    [20_000, 50_000, 5],
    [29_999, 30_000, 2],
  ])('of %i of %i rows gives every row the same chance, whatever comes in turns of %i', (wanted, total, turn) => {
    const taken = rowsTaken(total, evenSample(wanted, total)?.take);
    for (let at = 0; at < turn; at++) {
      const share = taken.filter((row) => row % turn === at).length;
      expect(Math.abs(share - wanted / turn)).toBeLessThan(0.02 * wanted);
    }
  });

  it.each([
    [1, 1_000_000_000],
    [1_000_003, 1_000_000_000],
    [600_000_001, 999_999_999],
    [999_999_998, 999_999_999],
  ])('of %i of %i rows is exact up to its end', (wanted, total) => {
    const sample = evenSample(wanted, total);
    for (const place of [0, 1, 999, Math.floor(wanted / 2), wanted - 2, wanted - 1].filter(
      (at) => at < wanted && at >= 0,
    )) {
      const row = sampledRow(place, { rows: wanted, of: total });
      expect([row >= 0 && row < total, sample?.take(row), sample?.position(row)]).toEqual([true, true, place]);
    }
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
