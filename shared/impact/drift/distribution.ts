import type { InputColumn, SegmentValue } from '../book/input-column.ts';

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

/** A column of the portfolio with the rows that have each of its values. */
export interface CountedColumn {
  readonly column: InputColumn;
  readonly counts: ReadonlyMap<SegmentValue, number>;
}

/** The columns that segments are made of. */
export function countColumns(columns: readonly InputColumn[]): readonly CountedColumn[] {
  return columns
    .filter(({ dropped }) => dropped === undefined)
    .map((column) => {
      const { values } = column;
      const byCode = column.rowsByCode();
      const met = values.flatMap((value, code) =>
        byCode[code] === 0 ? [] : [[value, byCode[code] as number] as const],
      );
      return { column, counts: new Map(met) };
    });
}

/** The distribution of each column over all rows of the book. */
export function distributionsOf(columns: readonly CountedColumn[]): readonly Distribution[] {
  return columns.map(({ column, counts }) => {
    const empty = counts.get(null) ?? 0;
    const values = [...counts].filter(([value]) => value !== null);
    if (column.isNumeric) {
      const bins = bands(values as [number, number][]);
      return { column: column.name, kind: 'numbers', empty, other: 0, bins };
    }
    const all = values.reduce((sum, [, rows]) => sum + rows, 0);
    const bins = categories(values as [string, number][]);
    const other = all - bins.reduce((sum, { rows }) => sum + rows, 0);
    return { column: column.name, kind: 'texts', empty, other, bins };
  });
}

/** Neighbouring values together until a band holds its share of the rows. */
function bands(counts: readonly (readonly [number, number])[]): readonly Bin[] {
  const sorted = counts.toSorted(([a], [b]) => a - b);
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

function categories(counts: readonly (readonly [string, number])[]): readonly Bin[] {
  return counts
    .toSorted(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(([value, rows]) => ({ low: value, high: value, rows }));
}
