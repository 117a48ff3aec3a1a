import { smallestReaching, type WeighedParts } from './smallest-reaching.ts';

/**
 * A quantile by linear interpolation between the two values around it: type 7, the default of R, NumPy and most
 * spreadsheets.
 * @param sorted ascending, not empty
 * @param share 0 to 1
 * @see R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996), 361-365
 */
export function quantile(sorted: Float64Array, share: number): number {
  const { below, above, part } = between(sorted.length, share);
  return interpolate(sorted[below] as number, sorted[above] as number, part);
}

/**
 * The same quantiles of values that are in no order and never all in memory.
 * @param count of the values, above 0
 * @param shares ascending, 0 to 1
 */
export function quantiles(
  parts: () => Iterable<Float64Array>,
  count: number,
  shares: readonly number[],
): readonly number[] {
  const places = shares.map((share) => between(count, share));
  const ranks = [...new Set(places.flatMap(({ below, above }) => [below, above]))].sort((a, b) => a - b);
  const values = smallestReaching(valuesOf(parts), () => ranks.map((rank) => rank + 1)) ?? [];
  const valueAt = (rank: number): number => values[ranks.indexOf(rank)] as number;
  return places.map(({ below, above, part }) => interpolate(valueAt(below), valueAt(above), part));
}

/**
 * Quantiles of weighted values: for each share the smallest value such that it and all smaller ones have at least that
 * share of the weight (the inverse of the weighted distribution function).
 * @param shares ascending, above 0, at most 1
 * @returns undefined where all weights are 0
 */
export function weightedQuantiles(parts: WeighedParts, shares: readonly number[]): readonly number[] | undefined {
  return smallestReaching(parts, (total) => shares.map((share) => share * total));
}

function valuesOf(parts: () => Iterable<Float64Array>): WeighedParts {
  return function* () {
    for (const values of parts()) yield { values };
  };
}

/** The places of the values around a quantile, and how far it is from the lower to the upper one. */
function between(
  count: number,
  share: number,
): { readonly below: number; readonly above: number; readonly part: number } {
  const at = (count - 1) * share;
  const below = Math.floor(at);
  return { below, above: Math.min(below + 1, count - 1), part: at - below };
}

function interpolate(low: number, high: number, part: number): number {
  return low + part * (high - low);
}
