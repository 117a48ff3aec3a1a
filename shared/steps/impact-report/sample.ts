import { SeededRandom } from '../../impact/numbers/random.ts';
import { isInShard, rowsInShard, type Shard } from '../../impact/partial/shard.ts';

/** A part of the portfolio: how many rows, and which. */
export interface EvenSample {
  readonly rows: number;
  readonly take: (row: number) => boolean;
  /** Where a row that is taken stands among those that are, from 0. */
  readonly position: (row: number) => number;
}

/**
 * A sample spread evenly over the portfolio, always the same rows: one of each of so many parts of equal size, at a place
 * that is drawn with a fixed seed. Every tenth row of a portfolio that lists ten regions in turn would all be of one.
 * @see W. G. Cochran, Sampling Techniques (1977), chapter 8
 * @param wanted number of rows; 0 for all of them
 * @returns undefined where every row is scored
 */
export function evenSample(wanted: number, total: number): EvenSample | undefined {
  if (wanted === 0 || wanted >= total) return undefined;
  const position = (row: number): number => Math.floor((row * wanted) / total);
  const startOf = (part: number): number => Math.ceil((part * total) / wanted);
  let known = { part: -1, row: -1 };
  const drawn = (part: number): number => {
    if (known.part !== part) {
      const start = startOf(part);
      known = { part, row: start + new SeededRandom(part).below(startOf(part + 1) - start) };
    }
    return known.row;
  };
  return { rows: wanted, take: (row) => row === drawn(position(row)), position };
}

/** Rows that one job scores. */
export interface ShareOfWork {
  readonly rows: number;
  /** Undefined where it takes all. */
  readonly take: ((row: number) => boolean) | undefined;
}

/** What a shard takes of the rows to score; everything where there is no shard. */
export function shareOf(shard: Shard | undefined, sample: EvenSample | undefined, total: number): ShareOfWork {
  const rows = sample?.rows ?? total;
  if (shard === undefined) return { rows, take: sample?.take };
  const position = sample?.position ?? ((row: number) => row);
  const isSampled = sample?.take ?? (() => true);
  return { rows: rowsInShard(shard, rows), take: (row) => isSampled(row) && isInShard(shard, position(row)) };
}
