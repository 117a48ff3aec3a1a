import { SeededRandom } from './random.ts';

/** A sample of so many rows of so many, fewer than all. */
export interface SampleSize {
  readonly rows: number;
  readonly of: number;
}

/** Rows of the portfolio that follow each other, and those of them that are in the sample. */
export interface SampledBlock {
  readonly start: number;
  /** The first row after it. */
  readonly end: number;
  /** Ascending. */
  readonly rows: readonly number[];
  /** The place that the first of them has in the sample. */
  readonly place: number;
}

/**
 * Rows of a block, about. Blocks are cut between two rows, so some have a row more, and each row of those a smaller chance:
 * of a thousand that is nothing; of two against three it would make one row of five as likely as two others.
 */
const BLOCK_ROWS = 1_000;

/**
 * The part of a portfolio that a row is in, with its rows of the sample: of each block of a thousand rows as many as come
 * to it, at places that are drawn with a fixed seed, and of a sample that has fewer than one of a thousand one of each of
 * as many equal blocks. Every tenth row of a portfolio that lists ten regions in turn would all be of one.
 * @see W. G. Cochran, Sampling Techniques (1977), chapter 5: stratified random sampling, the blocks being the strata
 */
export function sampledBlock(row: number, size: SampleSize): SampledBlock {
  let block = Math.floor((row * size.rows) / size.of / placesOf(size));
  // A product of large numbers is not exact.
  while (startOf(block, size) > row) block -= 1;
  while (startOf(block + 1, size) <= row) block += 1;
  return drawn(block, size);
}

/** The row of the portfolio that a sample has at a place, from 0. */
export function sampledRow(place: number, size: SampleSize): number {
  const { rows, place: first } = drawn(Math.floor(place / placesOf(size)), size);
  return rows[place - first] as number;
}

/** All rows of the sample, ascending; of as many as there are all of them. */
export function* sampledRows(size: SampleSize): Generator<number, undefined> {
  if (size.rows >= size.of) for (let row = 0; row < size.of; row++) yield row;
  else
    for (let start = 0; start < size.of; ) {
      const { rows, end } = sampledBlock(start, size);
      yield* rows;
      start = end;
    }
}

/** Rows of the sample in each block; the last may have fewer. */
function placesOf({ rows, of }: SampleSize): number {
  return Math.ceil((BLOCK_ROWS * rows) / of);
}

/** Rows before a block: the same share of the portfolio as the sample has places before it, exactly. */
function startOf(block: number, size: SampleSize): number {
  const places = Math.min(block * placesOf(size), size.rows);
  const [all, rows] = [BigInt(places) * BigInt(size.of), BigInt(size.rows)];
  return Number((all + rows - 1n) / rows);
}

/** @see R. W. Floyd, in J. Bentley, Programming Pearls: A Sample of Brilliance, CACM 30 (1987), 754-757 */
function drawn(block: number, size: SampleSize): SampledBlock {
  const place = block * placesOf(size);
  const [start, end] = [startOf(block, size), startOf(block + 1, size)];
  const wanted = Math.min(placesOf(size), size.rows - place);
  const random = new SeededRandom(block);
  const rows = new Set<number>();
  for (let last = end - wanted; last < end; last++) {
    const row = start + random.below(last + 1 - start);
    rows.add(rows.has(row) ? last : row);
  }
  return { start, end, rows: [...rows].sort((a, b) => a - b), place };
}
