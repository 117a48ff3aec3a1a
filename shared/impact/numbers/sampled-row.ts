import { SeededRandom } from './random.ts';

/** A sample of so many rows of so many. */
export interface SampleSize {
  readonly rows: number;
  readonly of: number;
}

/**
 * The row of the portfolio that a sample has at a place, from 0: one of each of as many parts of equal size as the sample
 * has rows, at a place that is drawn with a fixed seed. Every tenth row of a portfolio that lists ten regions in turn would
 * all be of one.
 * @see W. G. Cochran, Sampling Techniques (1977), chapter 8
 */
export function sampledRow(place: number, { rows, of }: SampleSize): number {
  const startOf = (part: number): number => Math.ceil((part * of) / rows);
  const start = startOf(place);
  return start + new SeededRandom(place).below(startOf(place + 1) - start);
}

/** The place that a row of the portfolio has in a sample if it is in it: that of its part. */
export function placeInSample(row: number, { rows, of }: SampleSize): number {
  return Math.floor((row * rows) / of);
}
