import type { OutputColumn } from '../book/output-column.ts';
import { floatsOf } from '../numbers/typed.ts';

/** Two values closer than this are the same, in the unit of the column: no currency has so small a coin. */
const SAME = 1e-6;
/** Two values closer than this share of the larger one are the same: what rounding in another order of steps may do. */
const SAME_SHARE = 1e-9;

/** The rows that have a number on both sides, and how much it changed. */
export interface Changes {
  readonly column: OutputColumn;
  /** Rows of the book, ascending. */
  readonly rows: Uint32Array;
  /** `changePct` for each of the rows; NaN where it has none. */
  readonly pct: Float64Array;
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

/** @param scored rows that both sides answered, ascending */
export function changesOf(column: OutputColumn, scored: Uint32Array): Changes {
  const { staging, production } = column;
  const rows = scored.filter((row) => Number.isFinite(staging.at(row)) && Number.isFinite(production.at(row)));
  const pct = floatsOf(rows, (row) => changePct(production.at(row), staging.at(row)));
  return { column, rows, pct };
}
