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

/** Which quantiles of some values are asked for. */
export interface QuantileQuestion {
  /**
   * `rank`: interpolated, as `quantile` does, of the values that weigh 1 and not of those that weigh 0. `weight`: for each
   * share the smallest value such that it and all smaller ones have at least that share of the weight (the inverse of
   * the weighted distribution function).
   */
  readonly by: 'rank' | 'weight';
  /** Ascending, 0 to 1; by weight above 0. */
  readonly shares: readonly number[];
}

/**
 * Quantiles of values that are in no order and never all in memory, for several questions at once.
 * @param parts with weights for each question
 * @returns for each question the quantiles; undefined where nothing weighs anything
 */
export function quantilesOf(
  parts: WeighedParts,
  questions: readonly QuantileQuestion[],
): readonly (readonly number[] | undefined)[] {
  const totals: number[] = [];
  const found = smallestReaching(
    parts,
    questions.map((question, index) => (total) => {
      totals[index] = total;
      return targetsOf(question, total);
    }),
  );
  return questions.map((question, index) => {
    const values = found[index];
    return values && answersTo(question, totals[index] as number, values);
  });
}

function targetsOf({ by, shares }: QuantileQuestion, total: number): readonly number[] {
  return by === 'weight' ? shares.map((share) => share * total) : ranksOf(shares, total).map((rank) => rank + 1);
}

function answersTo({ by, shares }: QuantileQuestion, total: number, values: readonly number[]): readonly number[] {
  if (by === 'weight') return values;
  const ranks = ranksOf(shares, total);
  const valueAt = (rank: number): number => values[ranks.indexOf(rank)] as number;
  return shares.map((share) => {
    const { below, above, part } = between(total, share);
    return interpolate(valueAt(below), valueAt(above), part);
  });
}

/** Ranks from 0 of the values that quantiles lie between. */
function ranksOf(shares: readonly number[], count: number): readonly number[] {
  const ranks = shares.flatMap((share) => {
    const { below, above } = between(count, share);
    return [below, above];
  });
  return [...new Set(ranks)].sort((a, b) => a - b);
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
