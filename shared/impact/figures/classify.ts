import type { Side } from '../book/batch.ts';
import { ANSWERED, type Book, FAILED, NO_ANSWER, NO_KEY, REPEATED_KEY, sideStatus } from '../book/book.ts';
import { NO_NUMBER, type OutputColumn } from '../book/output-column.ts';
import { RowSet } from '../pages/row-set.ts';

/** How an address dealt with a row: it gave a premium, it answered without one, or it could not answer. */
export type QuoteState = 'quoted' | 'declined' | 'error';

export const QUOTE_STATES: readonly QuoteState[] = ['quoted', 'declined', 'error'];
const [QUOTED, DECLINED, ERROR] = [0, 1, 2] as const;

/** Rows in one state under the rates in force and in one under the new ones. */
export interface StateCell {
  readonly rows: number;
  /** The first of them that the states differ in. */
  readonly examples: readonly number[];
}

const EXAMPLES = 5;

/** What became of each row of the portfolio. */
export interface RowClasses {
  /** Answered on both sides; a risk that was declined is answered too. */
  readonly scored: RowSet;
  /** Paired, with an error on one side or both. */
  readonly failed: number;
  readonly failedOn: Readonly<Record<Side, number>>;
  /** Neither scored nor failed, because the row could not be paired, by reason. */
  readonly unpaired: Readonly<Record<'noKey' | 'repeatedKey' | 'noAnswer', number>>;
  /** True for rows that count for quotability: all but the unpaired ones. */
  readonly isPaired: (row: number) => boolean;
  readonly stateOf: (row: number, side: Side) => QuoteState;
  /** The paired rows: by their state in production, then by that in staging, both in the order of `QUOTE_STATES`. */
  readonly cells: readonly (readonly StateCell[])[];
}

/** @param premium undefined where no row was answered at all */
export function classifyRows(book: Book, premium: OutputColumn | undefined): RowClasses {
  const scored = new RowSet();
  const unpaired = { noKey: 0, repeatedKey: 0, noAnswer: 0 };
  const failedOn = { staging: 0, production: 0 };
  let failed = 0;
  const cells = QUOTE_STATES.map(() => QUOTE_STATES.map(() => ({ rows: 0, examples: [] as number[] })));
  const stateAt = (row: number, status: number, side: Side): 0 | 1 | 2 => {
    if (sideStatus(status, side) !== ANSWERED) return ERROR;
    const value = premium === undefined ? Number.NaN : premium[side].at(row);
    if (value === NO_NUMBER) return ERROR;
    return Number.isNaN(value) ? DECLINED : QUOTED;
  };
  for (let row = 0; row < book.rows; row++) {
    const status = book.status.at(row);
    const reason = unpairedBy(status);
    if (reason !== undefined) {
      unpaired[reason] += 1;
      continue;
    }
    const [before, now] = [stateAt(row, status, 'production'), stateAt(row, status, 'staging')];
    const cell = (cells[before] as (typeof cells)[number])[now] as (typeof cells)[number][number];
    cell.rows += 1;
    if (before !== now && cell.examples.length < EXAMPLES) cell.examples.push(row);
    const failsBefore = book.compared && before === ERROR;
    if (now === ERROR) failedOn.staging += 1;
    if (failsBefore) failedOn.production += 1;
    if (now === ERROR || failsBefore) failed += 1;
    else scored.add(row);
  }
  return {
    scored,
    failed,
    failedOn,
    unpaired,
    cells,
    isPaired: (row) => unpairedBy(book.status.at(row)) === undefined,
    stateOf: (row, side) => QUOTE_STATES[stateAt(row, book.status.at(row), side)] as QuoteState,
  };
}

function unpairedBy(status: number): 'noKey' | 'repeatedKey' | 'noAnswer' | undefined {
  if ((status & NO_KEY) !== 0) return 'noKey';
  if ((status & REPEATED_KEY) !== 0) return 'repeatedKey';
  const staging = sideStatus(status, 'staging');
  const production = sideStatus(status, 'production');
  const missing = staging === NO_ANSWER || production === NO_ANSWER;
  return missing && staging !== FAILED && production !== FAILED ? 'noAnswer' : undefined;
}
