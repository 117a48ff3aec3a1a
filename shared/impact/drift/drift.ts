import type { CountedColumn, Distribution } from './distribution.ts';

/** Least share of rows that a bin is taken to have: the logarithm of nothing is not a number. */
const LEAST_SHARE = 0.0001;

/** How far a column of the portfolio has moved since an earlier run. */
export interface ColumnDrift {
  readonly column: string;
  /** Undefined where there is nothing to compare: `what` says why. */
  readonly psi: number | undefined;
  readonly what: 'compared' | 'new' | 'gone' | 'other-kind';
}

/** Every column of either run, those that moved most first. */
export function driftOf(columns: readonly CountedColumn[], before: readonly Distribution[]): readonly ColumnDrift[] {
  const now = columns.map(({ column: { name, isNumeric }, counts }): ColumnDrift => {
    const earlier = before.find(({ column }) => column === name);
    if (earlier === undefined) return { column: name, psi: undefined, what: 'new' };
    if ((earlier.kind === 'numbers') !== isNumeric) return { column: name, psi: undefined, what: 'other-kind' };
    return { column: name, psi: psi(rowsOf(earlier), binned(counts, earlier)), what: 'compared' };
  });
  const gone = before
    .filter(({ column: gone }) => !columns.some(({ column }) => column.name === gone))
    .map(({ column }): ColumnDrift => ({ column, psi: undefined, what: 'gone' }));
  return [...now, ...gone].sort(
    (a, b) =>
      (b.psi ?? Number.POSITIVE_INFINITY) - (a.psi ?? Number.POSITIVE_INFINITY) || (a.column < b.column ? -1 : 1),
  );
}

/**
 * Population stability index: the sum over bins of (now - before) x ln(now / before), of shares of rows. 0 is no
 * change; over 0.1 is usually called a shift, over 0.25 a large one. A share below 0.01 % counts as 0.01 %.
 * @see N. Siddiqi, Credit Risk Scorecards, Wiley 2006, chapter 9
 * @param before rows by bin
 * @param now rows of the other run in the same bins
 */
export function psi(before: readonly number[], now: readonly number[]): number {
  const totals = [before, now].map((rows) => rows.reduce((sum, each) => sum + each, 0));
  return before.reduce((sum, rows, bin) => {
    const [was, is] = [rows / (totals[0] || 1), (now[bin] ?? 0) / (totals[1] || 1)].map((share) =>
      Math.max(share, LEAST_SHARE),
    ) as [number, number];
    return sum + (is - was) * Math.log(is / was);
  }, 0);
}

function rowsOf({ bins, empty, other }: Distribution): readonly number[] {
  return [...bins.map(({ rows }) => rows), empty, other];
}

/** Rows of a column in the bins of an earlier run; what lies beyond these is in the outermost, or among the others. */
function binned(counts: CountedColumn['counts'], { bins, kind }: Distribution): readonly number[] {
  const counted = Array.from({ length: bins.length + 2 }, () => 0);
  for (const [value, count] of counts) {
    const at = value === null ? bins.length : binOf(value);
    counted[at] = (counted[at] as number) + count;
  }
  return counted;

  function binOf(value: string | number): number {
    const found = bins.findIndex(({ low, high }) => (kind === 'numbers' ? value <= high : value === low));
    if (found >= 0) return found;
    return kind === 'numbers' && bins.length > 0 ? bins.length - 1 : bins.length + 1;
  }
}
