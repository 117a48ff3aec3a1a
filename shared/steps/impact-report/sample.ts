import { sampledBlock } from '../../impact/numbers/sampled-row.ts';
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
  let known = { start: 0, end: 0, places: new Map<number, number>() };
  const placeOf = (row: number): number | undefined => {
    if (row < known.start || row >= known.end) {
      const { start, end, rows, place } = sampledBlock(row, size);
      known = { start, end, places: new Map(rows.map((drawn, index) => [drawn, place + index])) };
    }
    return known.places.get(row);
  };
  return {
    rows: wanted,
    take: (row) => placeOf(row) !== undefined,
    position: (row) => placeOf(row) ?? Number.NaN,
  };
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
