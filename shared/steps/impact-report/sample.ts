import { placeInSample, sampledRow } from '../../impact/numbers/sampled-row.ts';
import { isInShard, rowsInShard, type Shard } from '../../impact/partial/shard.ts';

/** A part of the portfolio: how many rows, and which. */
export interface EvenSample {
  readonly rows: number;
  readonly take: (row: number) => boolean;
  /** Where a row that is taken stands among those that are, from 0. */
  readonly position: (row: number) => number;
}

/**
 * A sample spread evenly over the portfolio, always the same rows.
 * @param wanted number of rows; 0 for all of them
 * @returns undefined where every row is scored
 */
export function evenSample(wanted: number, total: number): EvenSample | undefined {
  if (wanted === 0 || wanted >= total) return undefined;
  const size = { rows: wanted, of: total };
  const position = (row: number): number => placeInSample(row, size);
  let known = { place: -1, row: -1 };
  const take = (row: number): boolean => {
    const place = position(row);
    if (known.place !== place) known = { place, row: sampledRow(place, size) };
    return row === known.row;
  };
  return { rows: wanted, take, position };
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
