import { quantiles } from '../numbers/quantile.ts';

/** Where the changes of a book lie, in percent. */
export interface Spread {
  readonly p1: number;
  readonly p5: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly p99: number;
}

/** The shares of the book below each figure of a spread. */
export const SPREAD_SHARES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** Percentiles by linear interpolation; undefined for no values. @param count of the values in all parts */
export function spreadOf(parts: () => Iterable<Float64Array>, count: number): Spread | undefined {
  return count === 0 ? undefined : asSpread(quantiles(parts, count, SPREAD_SHARES));
}

/** @param values one for each of `SPREAD_SHARES` */
export function asSpread(values: readonly number[]): Spread {
  const [p1, p5, p25, median, p75, p95, p99] = values as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { p1, p5, p25, median, p75, p95, p99 };
}
