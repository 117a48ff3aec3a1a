import { describe, expect, it } from 'vitest';
import { nearestRank } from './percentile.ts';

describe('the nearest-rank percentile', () => {
  // The example of https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
  it.each([
    [0.05, 15],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [1, 50],
  ])('%d of five values is %d', (share, value) => {
    expect(nearestRank([50, 15, 40, 20, 35], share)).toBe(value);
  });

  it('is undefined for no values', () => {
    expect(nearestRank([], 0.95)).toBeUndefined();
  });
});
