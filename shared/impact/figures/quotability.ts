import { type Book, rowName } from '../book/book.ts';
import { QUOTE_STATES, type QuoteState, type RowClasses, type StateCell } from './classify.ts';

/** Rows that went from one state under the rates in force to another under the new ones. */
export interface Transition {
  readonly from: QuoteState;
  readonly to: QuoteState;
  readonly rows: number;
  /** Of the rows that could be paired. */
  readonly sharePct: number;
  /** The first rows of the portfolio that did. */
  readonly examples: readonly string[];
}

/** Who gets a quote: paired rows by their state in production and in staging. */
export interface Quotability {
  readonly rows: number;
  /** All nine cells of the table, from production's state to staging's; three of them say that nothing changed. */
  readonly transitions: readonly Transition[];
  /** Rows that had a quote and lose it, or get one that they had not, and their share. Declined or error does not matter. */
  readonly changed: number;
  readonly changedPct: number | undefined;
}

/** @returns undefined where there is no baseline to compare with */
export function quotability(book: Book, { cells }: RowClasses): Quotability | undefined {
  if (!book.compared) return undefined;
  const rows = cells.flat().reduce((sum, cell) => sum + cell.rows, 0);
  const transitions = QUOTE_STATES.flatMap((from, fromAt) =>
    QUOTE_STATES.map((to, toAt) => {
      const { rows: count, examples } = (cells[fromAt] as readonly StateCell[])[toAt] as StateCell;
      const sharePct = rows === 0 ? 0 : (100 * count) / rows;
      return { from, to, rows: count, sharePct, examples: examples.map((row) => rowName(book, row)) };
    }),
  );
  const changed = transitions.filter(isQuoteWonOrLost).reduce((sum, cell) => sum + cell.rows, 0);
  return { rows, transitions, changed, changedPct: rows === 0 ? undefined : (100 * changed) / rows };
}

/** True between quoted and either of the other two states. */
export function isQuoteWonOrLost({ from, to }: Pick<Transition, 'from' | 'to'>): boolean {
  return (from === 'quoted') !== (to === 'quoted');
}

/** Rows by state on staging alone. */
export function stagingStates({ cells }: RowClasses): Readonly<Record<QuoteState, number>> {
  const rowsIn = (state: number): number => cells.reduce((sum, row) => sum + (row[state] as StateCell).rows, 0);
  return { quoted: rowsIn(0), declined: rowsIn(1), error: rowsIn(2) };
}
