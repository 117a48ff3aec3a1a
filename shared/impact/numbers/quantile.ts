/**
 * A quantile by linear interpolation between the two values around it: type 7, the default of R, NumPy and most
 * spreadsheets.
 * @param sorted ascending, not empty
 * @param share 0 to 1
 * @see R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996), 361-365
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}

/**
 * Quantiles of weighted values: for each share the smallest value such that it and all smaller ones have at least that
 * share of the weight (the inverse of the weighted distribution function).
 * @param values in any order
 * @param weights of the values, 0 or more
 * @param order positions of the values in ascending order
 * @param shares ascending, 0 to 1
 * @returns undefined where all weights are 0
 */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array,
  order: Uint32Array,
  shares: readonly number[],
): readonly number[] | undefined {
  let total = 0;
  for (const index of order) total += weights[index] as number;
  if (!(total > 0)) return undefined;
  const found: number[] = [];
  let sum = 0;
  for (const index of order) {
    sum += weights[index] as number;
    while (found.length < shares.length && sum > 0 && sum >= (shares[found.length] as number) * total) {
      found.push(values[index] as number);
    }
  }
  return found;
}
