import { SIDES, type Side } from '../book/batch.ts';
import { ANSWERED, type Book, FAILED, NO_ANSWER, NO_KEY, REPEATED_KEY, sideStatus } from '../book/book.ts';
import { NO_NUMBER, type OutputColumn } from '../book/output-column.ts';
import { RowSet } from '../pages/row-set.ts';

/** How an address dealt with a row: it gave a premium, it answered without one, or it could not answer. */
export type QuoteState = 'quoted' | 'declined' | 'error';

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
}

/** @param premium undefined where no row was answered at all */
export function classifyRows(book: Book, premium: OutputColumn | undefined): RowClasses {
  const sides = book.compared ? SIDES : (['staging'] as const);
  const scored = new RowSet();
  const unpaired = { noKey: 0, repeatedKey: 0, noAnswer: 0 };
  const failedOn = { staging: 0, production: 0 };
  let failed = 0;
  const stateOf = (row: number, side: Side): QuoteState => {
    if (sideStatus(book.status.at(row), side) !== ANSWERED) return 'error';
    const value = premium?.[side].at(row) ?? Number.NaN;
    if (value === NO_NUMBER) return 'error';
    return Number.isNaN(value) ? 'declined' : 'quoted';
  };
  const isPaired = (row: number): boolean => unpairedBy(book.status.at(row)) === undefined;
  for (let row = 0; row < book.rows; row++) {
    const reason = unpairedBy(book.status.at(row));
    if (reason !== undefined) {
      unpaired[reason] += 1;
      continue;
    }
    let errors = 0;
    for (const side of sides) {
      if (stateOf(row, side) !== 'error') continue;
      failedOn[side] += 1;
      errors += 1;
    }
    if (errors > 0) failed += 1;
    else scored.add(row);
  }
  return { scored, failed, failedOn, unpaired, isPaired, stateOf };
}

function unpairedBy(status: number): 'noKey' | 'repeatedKey' | 'noAnswer' | undefined {
  if ((status & NO_KEY) !== 0) return 'noKey';
  if ((status & REPEATED_KEY) !== 0) return 'repeatedKey';
  const staging = sideStatus(status, 'staging');
  const production = sideStatus(status, 'production');
  const missing = staging === NO_ANSWER || production === NO_ANSWER;
  return missing && staging !== FAILED && production !== FAILED ? 'noAnswer' : undefined;
}
