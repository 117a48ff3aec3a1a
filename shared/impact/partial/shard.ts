/** Every `of`-th row of a run, from the `index`-th on (1 to `of`): one job's part of the work. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Most jobs that share a run: what the largest of the hosts' matrices takes, several times over. */
const MOST_SHARDS = 1_000;

/** `2/4`: the second of four. Undefined where the text is no such thing. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return shard.index <= shard.of && shard.of <= MOST_SHARDS ? shard : undefined;
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
