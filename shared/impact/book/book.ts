import type { NumberColumn } from '../pages/paged.ts';
import type { Side } from './batch.ts';
import type { FailureGroup } from './failures.ts';
import type { InputColumn } from './input-column.ts';
import type { KeyColumn } from './key-column.ts';
import type { OutputColumn } from './output-column.ts';
import type { PairingOddities } from './pairing.ts';

/** How a row went on one side. Two bits of its status. */
export const ANSWERED = 0;
export const FAILED = 1;
/** No answer carried the row's key. */
export const NO_ANSWER = 2;
/** Bits of a row's status beside those of its two sides. */
export const NO_KEY = 1 << 4;
export const REPEATED_KEY = 1 << 5;

const SHIFT: Readonly<Record<Side, number>> = { staging: 0, production: 2 };

export function sideStatus(status: number, side: Side): number {
  return (status >> SHIFT[side]) & 3;
}

export function statusOf(staging: number, production: number, more = 0): number {
  return (staging << SHIFT.staging) | (production << SHIFT.production) | more;
}

/** Every row of the portfolio with what both addresses answered, column by column, in the order of the portfolio. */
export interface Book {
  readonly rows: number;
  /** False where there is no baseline: everything on the side of production is empty then. */
  readonly compared: boolean;
  /** Undefined where rows are paired by position. */
  readonly keys: KeyColumn | undefined;
  /** One byte a row, see `statusOf`. */
  readonly status: Pick<NumberColumn, 'at'>;
  readonly outputs: readonly OutputColumn[];
  readonly segments: readonly InputColumn[];
  /** Weight of each row by the column of choice; undefined where there is none. */
  readonly weights: NumberColumn | undefined;
  readonly weightColumn: string | undefined;
  readonly failures: readonly FailureGroup[];
  readonly oddities: Oddities;
}

/** Things that were met and dealt with, and that a reader must know. */
export interface Oddities extends PairingOddities {
  /** Rows whose weight is missing, negative or no number: they weigh nothing. */
  readonly weightless: number;
  /** Columns beyond the number that is looked at. */
  readonly columnsLeftOut: { readonly outputs: number; readonly segments: number };
}

/** How a row is named to people: by its key, or by its number from 1 where there is none. */
export function rowName(book: Pick<Book, 'keys'>, row: number): string {
  return book.keys?.at(row) ?? `#${row + 1}`;
}
