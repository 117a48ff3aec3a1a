import type { Book } from '../book/book.ts';
import type { SegmentColumn, SegmentValue } from '../book/segment-column.ts';

/** Parts that a column of numbers is cut into, each with about as many rows. */
const MOST_BANDS = 10;
/** Categories that are told apart; the rest are counted together. */
const MOST_CATEGORIES = 20;

/** Rows with values from `low` to `high`, both included; with one value where these are the same. */
export interface Bin {
  readonly low: string | number;
  readonly high: string | number;
  readonly rows: number;
}

/** How the values of one column of the portfolio are spread: what a later run needs to tell whether they have moved. */
export interface Distribution {
  readonly column: string;
  readonly kind: 'numbers' | 'texts';
  /** Rows without a value. */
  readonly empty: number;
  /** Rows with a category that is not among the bins. */
  readonly other: number;
  /** Numbers ascending; categories by their rows, the most frequent first. */
  readonly bins: readonly Bin[];
}

/** The columns that segments are made of, each with its distribution over all rows of the book. */
export function distributionsOf(book: Book): readonly Distribution[] {
  return usableColumns(book).map((column) => {
    const counts = countsOf(column, book.rows);
    const empty = counts.get(null) ?? 0;
    counts.delete(null);
    if (column.isNumeric) {
      const bins = bands(counts as ReadonlyMap<number, number>);
      return { column: column.name, kind: 'numbers', empty, other: 0, bins };
    }
    const bins = categories(counts as ReadonlyMap<string, number>);
    const other = book.rows - empty - bins.reduce((sum, { rows }) => sum + rows, 0);
    return { column: column.name, kind: 'texts', empty, other, bins };
  });
}

export function usableColumns(book: Book): readonly SegmentColumn[] {
  return book.segments.filter(({ dropped }) => dropped === undefined);
}

/** Rows by value. */
export function countsOf({ codes, values }: SegmentColumn, rows: number): Map<SegmentValue, number> {
  const byCode = new Uint32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const code = codes.at(row);
    byCode[code] = (byCode[code] as number) + 1;
  }
  return new Map(values.flatMap((value, code) => (byCode[code] === 0 ? [] : [[value, byCode[code] as number]])));
}

/** Neighbouring values together until a band holds its share of the rows. */
function bands(counts: ReadonlyMap<number, number>): readonly Bin[] {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, rows]) => sum + rows, 0);
  const bins: { low: number; high: number; rows: number }[] = [];
  let before = 0;
  let closed = true;
  for (const [value, rows] of sorted) {
    const last = bins.at(-1);
    if (closed || last === undefined) bins.push({ low: value, high: value, rows });
    else Object.assign(last, { high: value, rows: last.rows + rows });
    before += rows;
    closed = before * MOST_BANDS >= bins.length * total;
  }
  return bins;
}

function categories(counts: ReadonlyMap<string, number>): readonly Bin[] {
  return [...counts]
    .sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(([value, rows]) => ({ low: value, high: value, rows }));
}
