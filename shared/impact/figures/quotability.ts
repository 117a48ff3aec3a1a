import { type Book, rowName } from '../book/book.ts';
import type { QuoteState, RowClasses } from './classify.ts';

export const QUOTE_STATES: readonly QuoteState[] = ['quoted', 'declined', 'error'];

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

const EXAMPLES = 5;

interface Cell {
  rows: number;
  readonly examples: string[];
}

/** @returns undefined where there is no baseline to compare with */
export function quotability(book: Book, classes: RowClasses): Quotability | undefined {
  if (!book.compared) return undefined;
  const cells = QUOTE_STATES.map(() => QUOTE_STATES.map(() => ({ rows: 0, examples: [] }) as Cell));
  const cellAt = (from: number, to: number): Cell => (cells[from] as Cell[])[to] as Cell;
  let rows = 0;
  for (let row = 0; row < book.rows; row++) {
    if (!classes.isPaired(row)) continue;
    rows += 1;
    const [from, to] = [classes.stateOf(row, 'production'), classes.stateOf(row, 'staging')];
    const cell = cellAt(QUOTE_STATES.indexOf(from), QUOTE_STATES.indexOf(to));
    cell.rows += 1;
    if (from !== to && cell.examples.length < EXAMPLES) cell.examples.push(rowName(book, row));
  }
  const transitions = QUOTE_STATES.flatMap((from, fromAt) =>
    QUOTE_STATES.map((to, toAt) => {
      const { rows: count, examples } = cellAt(fromAt, toAt);
      return { from, to, rows: count, sharePct: rows === 0 ? 0 : (100 * count) / rows, examples };
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
export function stagingStates(book: Book, classes: RowClasses): Readonly<Record<QuoteState, number>> {
  const counts = { quoted: 0, declined: 0, error: 0 };
  for (let row = 0; row < book.rows; row++) if (classes.isPaired(row)) counts[classes.stateOf(row, 'staging')] += 1;
  return counts;
}
