import type { Side } from '../book/batch.ts';
import type { OutputColumn } from '../book/output-column.ts';
import type { RowSet } from '../pages/row-set.ts';

/** Two values closer than this are the same, in the unit of the column: no currency has so small a coin. */
const SAME = 1e-6;
/** Two values closer than this share of the larger one are the same: what rounding in another order of steps may do. */
const SAME_SHARE = 1e-9;

/** Rows of the book that a part of the changes is of, or fewer at its end. Pages hold whole parts. */
export const PART_ROWS = 16_384;

/** Numbers of both sides, row by row. */
export type ComparedColumn = Pick<OutputColumn, 'name' | 'staging' | 'production'>;

/** The rows that have a number on both sides, and how much it changed. They are read in parts, however many they are. */
export interface Changes {
  readonly column: ComparedColumn;
  /** Rows with a number on both sides. */
  readonly count: number;
  /** Those of them that have a change in percent. */
  readonly measured: number;
  /** Scored rows with a number in staging only, or in production only. */
  readonly onlyStaging: number;
  readonly onlyProduction: number;
  /** All of them in the order of the book, as often as asked. A part is overwritten by the next one. */
  parts(): Iterable<ChangePart>;
}

/** Some rows that follow each other. The arrays are equally long. */
export interface ChangePart {
  /** Rows of the book, ascending. */
  readonly rows: Uint32Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** `changePct` of each row; NaN where it has none. */
  readonly pct: Float64Array;
  /** Rows that have one. */
  readonly measured: number;
}

/** Takes changes in, a part at a time, to make something of all of them. */
export interface ChangeReader {
  read(part: ChangePart): void;
}

/**
 * Change in percent: 100 x (new - old) / |old|. A premium of 100 that becomes 95 has changed by -5 %; the sign is that
 * of the difference also where the old value is negative.
 * @returns NaN for an old value of 0 (or so near to it that the result is no number): a zero baseline has no percentage
 */
export function changePct(oldValue: number, newValue: number): number {
  const pct = (100 * (newValue - oldValue)) / Math.abs(oldValue) + 0;
  return Number.isFinite(pct) ? pct : Number.NaN;
}

/** True where two values differ by more than rounding: by over 1e-6 and by over 1e-9 of the larger one. */
export function isChanged(oldValue: number, newValue: number): boolean {
  const difference = Math.abs(newValue - oldValue);
  return difference > SAME && difference > SAME_SHARE * Math.max(Math.abs(oldValue), Math.abs(newValue));
}

/**
 * @param scored rows that both sides answered
 * @param bookRows rows of the book
 * @param readers are shown all changes while these are counted, which saves reading the book again
 */
export function changesOf(
  column: ComparedColumn,
  scored: RowSet,
  bookRows: number,
  readers: readonly ChangeReader[] = [],
): Changes {
  const parts = (): Iterable<ChangePart> => partsOf(column, scored, bookRows, { staging: 0, production: 0 });
  const only = { staging: 0, production: 0 };
  let [count, measured] = [0, 0];
  for (const part of partsOf(column, scored, bookRows, only)) {
    count += part.rows.length;
    measured += part.measured;
    for (const reader of readers) reader.read(part);
  }
  return { column, count, measured, onlyStaging: only.staging, onlyProduction: only.production, parts };
}

/** @param only counts scored rows that have a number on one side only */
function* partsOf(
  { staging, production }: ComparedColumn,
  scored: RowSet,
  bookRows: number,
  only: Record<Side, number>,
): Iterable<ChangePart> {
  const rows = new Uint32Array(PART_ROWS);
  const [before, after, pct] = [0, 1, 2].map(() => new Float64Array(PART_ROWS)) as [Floats, Floats, Floats];
  for (let first = 0; first < bookRows; first += PART_ROWS) {
    const length = Math.min(PART_ROWS, bookRows - first);
    production.read(first, before.subarray(0, length));
    staging.read(first, after.subarray(0, length));
    let count = 0;
    let measured = 0;
    for (let index = 0; index < length; index++) {
      if (!scored.has(first + index)) continue;
      const old = before[index] as number;
      const now = after[index] as number;
      const isPair = Number.isFinite(old) && Number.isFinite(now);
      if (!isPair) {
        if (Number.isFinite(now)) only.staging += 1;
        if (Number.isFinite(old)) only.production += 1;
        continue;
      }
      const change = changePct(old, now);
      if (!Number.isNaN(change)) measured += 1;
      rows[count] = first + index;
      before[count] = old;
      after[count] = now;
      pct[count++] = change;
    }
    yield {
      rows: rows.subarray(0, count),
      before: before.subarray(0, count),
      after: after.subarray(0, count),
      pct: pct.subarray(0, count),
      measured,
    };
  }
}

type Floats = Float64Array<ArrayBuffer>;
