/**
 * A percentile by the nearest-rank method: the smallest value such that at least the given share of the values are no
 * larger. Of few values it is one of them, never an interpolation that nobody saw.
 * @param values any order; may be empty
 * @param share 0 to 1
 * @returns undefined for no values
 * @see https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
 */
export function nearestRank(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
