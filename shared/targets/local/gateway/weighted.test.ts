import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightedPicker } from './weighted.ts';

const all = () => true;

function counts(
  picker: WeightedPicker,
  picks: number,
  allowed: (name: string) => boolean = all,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (let pick = 0; pick < picks; pick += 1) {
    const name = picker.pick(allowed) ?? 'none';
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

describe('picking by weight', () => {
  it('gives 900 and 100 of 1,000 for 90 and 10', () => {
    expect(counts(new WeightedPicker({ a: 90, b: 10 }), 1_000)).toEqual({ a: 900, b: 100 });
  });

  it('mixes as evenly as the weights allow', () => {
    const picker = new WeightedPicker({ a: 5, b: 1, c: 1 });
    expect(Array.from({ length: 7 }, () => picker.pick(all)).join('')).toBe('aabacaa');
  });

  it('picks nobody where nobody has weight, or is allowed', () => {
    expect(new WeightedPicker({}).pick(all)).toBeUndefined();
    expect(new WeightedPicker({ a: 0 }).pick(all)).toBeUndefined();
    expect(new WeightedPicker({ a: 100 }).pick(() => false)).toBeUndefined();
  });

  it('gives everything to the others while one is not allowed, and nothing back later', () => {
    const picker = new WeightedPicker({ a: 50, b: 50 });
    expect(counts(picker, 1_000, (name) => name === 'a')).toEqual({ a: 1_000 });
    expect(counts(picker, 100)).toEqual({ a: 50, b: 50 });
  });

  const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 100 }), { minKeys: 1 });

  it('is exact over every round, whatever the weights', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 4 }), (given, rounds) => {
        const total = Object.values(given).reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const expected = Object.entries(given).filter(([, weight]) => weight > 0);
        const exact = Object.fromEntries(expected.map(([name, weight]) => [name, weight * rounds]));
        expect(counts(new WeightedPicker(given), total * rounds)).toEqual(exact);
      }),
    );
  });

  it('is never further from the weights than one pick for each name, at any moment', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 400 }), (given, picks) => {
        const total = Object.values(given).reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const found = counts(new WeightedPicker(given), picks);
        const names = Object.values(given).filter((weight) => weight > 0).length;
        for (const [name, weight] of Object.entries(given)) {
          expect(Math.abs((found[name] ?? 0) - (picks * weight) / total)).toBeLessThanOrEqual(Math.max(1, names - 1));
        }
      }),
    );
  });
});
