import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactSum } from './exact-sum.ts';
import { quantile, quantilesOf } from './quantile.ts';
import { SeededRandom } from './random.ts';
import type { WeighedPart } from './smallest-reaching.ts';
import { sortOrder } from './sort-order.ts';

const finite = fc.double({ noNaN: true, min: -1e200, max: 1e200 });

/** The exact sum with integers: every double is a whole multiple of 2^-1074. */
function sumByIntegers(values: readonly number[]): bigint {
  return values.reduce((sum, value) => sum + asInteger(value), 0n);
}

function asInteger(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const size = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return value < 0 ? -size : size;
}

describe('an exact sum', () => {
  it.each([
    [[], 0],
    [[0.1, 0.2, 0.3], 0.6],
    [Array(10).fill(0.1), 1],
    [[1e16, 1, -1e16], 1],
    [[1, 1e100, 1, -1e100], 2],
    [[2 ** 53, 1, 2 ** -60], 2 ** 53 + 2],
    [[2 ** 53, 1], 2 ** 53],
  ])('of %j is %d', (values, sum) => {
    expect(exactSum(values as number[])).toBe(sum);
  });

  it('is the same in any order, and within half a unit of the sum by integers', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 50 }), fc.infiniteStream(fc.nat()), (values, order) => {
        const sum = exactSum(values);
        const shuffled = values
          .map((value) => [order.next().value as number, value] as const)
          .sort(([a], [b]) => a - b);
        expect(exactSum(shuffled.map(([, value]) => value))).toBe(sum);
        const error = (n: number): bigint => {
          const difference = asInteger(n) - sumByIntegers(values);
          return difference < 0n ? -difference : difference;
        };
        const ulp = 2 ** -52 * Math.max(Math.abs(sum), 2 ** -1000);
        expect(error(sum) <= error(sum + ulp) && error(sum) <= error(sum - ulp)).toBe(true);
      }),
    );
  });
});

describe('sorting positions', () => {
  it('orders like a stable comparison', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(finite, fc.constantFrom(0, -0, 1, -1)), { maxLength: 300 }),
        fc.constantFrom(1, 20),
        (some, times) => {
          const values = Array.from({ length: times }, () => some).flat();
          const expected = values
            .map((_, index) => index)
            .sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
          expect([...sortOrder(Float64Array.from(values))]).toEqual(expected);
        },
      ),
    );
  });
});

describe('quantiles', () => {
  const quantiles = (parts: () => Iterable<Float64Array>, shares: readonly number[]): readonly number[] => {
    const unweighted = function* (): Iterable<WeighedPart> {
      for (const values of parts()) yield { values, weights: [undefined] };
    };
    return quantilesOf(unweighted, [{ by: 'rank', shares }])[0] ?? [];
  };
  const weightedQuantiles = (values: Float64Array, weights: Float64Array, shares: readonly number[]) =>
    quantilesOf(() => [{ values, weights: [weights] }], [{ by: 'weight', shares }])[0];

  it.each([
    [[5], 0.5, 5],
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4], 1, 4],
    [[-3, -3, 10], 0.75, 3.5],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(quantile(Float64Array.from(values), share)).toBeCloseTo(expected, 12);
  });

  it('with weights are those of the values written out as often as they weigh', () => {
    const book = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(4)), { minLength: 1, maxLength: 40 });
    const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
    fc.assert(
      fc.property(book, (pairs) => {
        const values = Float64Array.from(pairs, ([value]) => value);
        const weights = Float64Array.from(pairs, ([, weight]) => weight);
        const written = pairs.flatMap(([value, weight]) => Array<number>(weight).fill(value)).sort((a, b) => a - b);
        const expected = shares.map((share) => written[Math.ceil(share * written.length - 1e-9) - 1]);
        expect(weightedQuantiles(values, weights, shares)).toEqual(written.length > 0 ? expected : undefined);
      }),
    );
  });

  it('are the same without an order, a part at a time', () => {
    const shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];
    const some = fc.array(fc.oneof(finite, fc.constantFrom(0, -0, 1, -1, 1 + 2 ** -52, 5e-324, -1e-300)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 60 }), (values, size) => {
        const sorted = Float64Array.from(values).sort();
        const parts = function* (): Iterable<Float64Array> {
          for (let at = 0; at < values.length; at += size) yield Float64Array.from(values.slice(at, at + size));
        };
        const expected = shares.map((share) => quantile(sorted, share) + 0);
        expect(quantiles(parts, shares).map((value) => value + 0)).toEqual(expected);
      }),
    );
  });

  it.each<[string, (random: SeededRandom) => number]>([
    ['mostly the same value', (random) => (random.below(10) < 8 ? 0 : random.below(1_000) / 7 - 60)],
    ['very close to each other', (random) => 1 + random.below(2 ** 31) * 2 ** -51],
    [
      'close to each other and of both signs',
      (random) => (random.below(2) - 0.5) * (1 + random.below(400_000) / 2 ** 40),
    ],
  ])('are found among many values that are %s', (_, draw) => {
    const random = new SeededRandom(11);
    const values = new Float64Array(600_000).map(() => draw(random));
    const sorted = values.slice().sort();
    const shares = [0.01, 0.25, 0.5, 0.75, 0.99];
    const expected = shares.map((share) => quantile(sorted, share) + 0);
    expect(quantiles(() => [values], shares)).toEqual(expected);
    const weights = new Float64Array(values.length).fill(2);
    const at = shares.map((share) => sorted[Math.ceil(share * values.length) - 1] as number);
    expect(weightedQuantiles(values, weights, shares)).toEqual(at.map((value) => value + 0));
  });

  it('are found for several questions at once as for each alone, with ranks among those that weigh 1', () => {
    const random = new SeededRandom(5);
    const values = new Float64Array(400_000).map(() => (random.below(3) === 0 ? 0 : random.below(5_000) / 7 - 300));
    const flags = values.map((value) => (value > -100 && value !== 0 ? 1 : 0));
    const weights = values.map(() => random.below(20));
    const none = new Float64Array(values.length);
    const shares = [0.005, 0.1, 0.5, 0.995];
    const parts = function* (): Iterable<WeighedPart> {
      for (let at = 0; at < values.length; at += 9_999) {
        const of = (all: Float64Array): Float64Array => all.subarray(at, at + 9_999);
        yield { values: of(values), weights: [undefined, of(flags), of(weights), of(none), of(none)] };
      }
    };
    const questions = (['rank', 'rank', 'weight', 'weight', 'rank'] as const).map((by) => ({ by, shares }));
    const found = quantilesOf(parts, questions);
    const sorted = (some: Float64Array): Float64Array => some.slice().sort();
    const flagged = sorted(values.filter((_, index) => flags[index] === 1));
    expect(found[0]).toEqual(shares.map((share) => quantile(sorted(values), share)));
    expect(found[1]).toEqual(shares.map((share) => quantile(flagged, share)));
    expect(found[2]).toEqual(weightedQuantiles(values, weights, shares));
    expect(found.slice(3)).toEqual([undefined, undefined]);
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, spread evenly, and others for another seed', () => {
    const draw = (seed: number): number[] => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 60_000 }, () => random.below(6));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const counts = draw(1).reduce<number[]>((all, face) => all.with(face, (all[face] ?? 0) + 1), Array(6).fill(0));
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
