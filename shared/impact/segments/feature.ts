import type { InputColumn, SegmentValue } from '../book/input-column.ts';

/** A row that belongs to no bin of a feature: its category is too rare. */
export const NO_BIN = 65_535;

/** The values that a bin holds: one category, or a range of numbers. Null stands for rows without a value. */
export interface Bin {
  readonly low: SegmentValue;
  readonly high: SegmentValue;
}

/** So many different numbers are kept apart; more are cut into so many bands of about the same number of rows. */
export interface Banding {
  readonly exact: number;
  readonly bands: number;
}

/** A column cut into bins: categories as they are, numbers in bands of about the same number of rows. */
export interface Feature {
  readonly column: string;
  readonly numeric: boolean;
  /** In ascending order for numbers; the bin of rows without a value, where there is one, comes last. */
  readonly bins: readonly Bin[];
  /** Bins that follow each other as numbers do: all but the one of rows without a value. */
  readonly ordered: number;
  /** Fills in the bin of each row, or `NO_BIN`. @param rows ascending */
  readonly binsOf: (rows: Uint32Array, into: Uint16Array<ArrayBuffer>) => void;
}

/** A feature, with the bins of the rows that it was made from: these are not kept with it. */
export interface MadeFeature {
  readonly feature: Feature;
  readonly bins: () => Uint16Array;
}

/** A column with the code of each of the rows to look at. */
export interface CodedColumn {
  readonly column: InputColumn;
  readonly codes: Uint16Array;
  /** Of these rows, how many have each code. */
  readonly counts: Uint32Array;
}

/** @param rows rows to look at */
export function codedColumn(column: InputColumn, rows: Uint32Array): CodedColumn {
  const codes = new Uint16Array(rows.length);
  const counts = new Uint32Array(column.values.length);
  column.reader([...column.values.keys()])(rows, codes);
  for (let index = 0; index < codes.length; index++) (counts[codes[index] as number] as number) += 1;
  return { column, codes, counts };
}

/**
 * @param leastRows bins with fewer rows are left out (categories) or made part of a neighbour (numbers)
 * @param bands how to cut a column of many numbers
 * @returns undefined for a column that says nothing, with one value only
 */
export function featureOf(
  { column, codes, counts }: CodedColumn,
  leastRows: number,
  bands: Banding,
): MadeFeature | undefined {
  const groups = column.isNumeric
    ? bandsOf(column.values, counts, bands)
    : categoriesOf(column.values, counts, leastRows);
  const missing = (counts[0] as number) >= leastRows ? [[0]] : [];
  const all = [...groups, ...missing];
  if (all.length < 2) return undefined;
  const lookup = new Uint16Array(column.values.length).fill(NO_BIN);
  all.forEach((group, bin) => {
    for (const code of group) lookup[code] = bin;
  });
  const value = (code: number | undefined): SegmentValue => column.values[code ?? 0] ?? null;
  const feature: Feature = {
    column: column.name,
    numeric: column.isNumeric,
    bins: all.map((group) => ({ low: value(group[0]), high: value(group.at(-1)) })),
    ordered: groups.length,
    binsOf: column.reader(lookup),
  };
  return { feature, bins: () => codes.map((code) => lookup[code] as number) };
}

/** Codes of each band, ascending by value. */
function bandsOf(
  values: readonly SegmentValue[],
  counts: Uint32Array,
  { exact, bands: most }: Banding,
): readonly number[][] {
  const codes = [...values.keys()].filter((code) => code > 0 && (counts[code] as number) > 0);
  codes.sort((a, b) => (values[a] as number) - (values[b] as number));
  if (codes.length <= exact) return codes.map((code) => [code]);
  const total = codes.reduce((sum, code) => sum + (counts[code] as number), 0);
  const bands: number[][] = [];
  let before = 0;
  let current = -1;
  for (const code of codes) {
    const band = Math.floor((before * most) / total);
    if (band !== current) bands.push([]);
    current = band;
    bands.at(-1)?.push(code);
    before += counts[code] as number;
  }
  return bands;
}

function categoriesOf(values: readonly SegmentValue[], counts: Uint32Array, leastRows: number): readonly number[][] {
  const codes = [...values.keys()].filter((code) => code > 0 && (counts[code] as number) >= leastRows);
  return codes.sort((a, b) => compareText(String(values[a]), String(values[b]))).map((code) => [code]);
}

/** By code unit, which is the same everywhere; a locale's order is not. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
