/** Every `of`-th row of a run, from the `index`-th on (1 to `of`): one job's part of the work. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @param position of a row among those to score, from 0 */
export function isInShard({ index, of }: Shard, position: number): boolean {
  return position % of === index - 1;
}

/** Where the n-th row of a shard, from 0, stands among all rows to score. */
export function positionOf({ index, of }: Shard, nth: number): number {
  return nth * of + index - 1;
}

/** Rows of a shard. @param total rows to score in all shards */
export function rowsInShard({ index, of }: Shard, total: number): number {
  return Math.max(0, Math.ceil((total - (index - 1)) / of));
}
