import type { OutputColumn } from '../book/output-column.ts';
import { changePct, isChanged } from '../figures/changes.ts';
import type { RowSet } from '../pages/row-set.ts';
import { type ColumnData, NO_FLAG } from '../parquet/column-data.ts';
import type { RowColumn } from './row-columns.ts';

/** An output in some rows. */
interface OutputRows {
  readonly first: number;
  readonly before: Float64Array;
  readonly now: Float64Array;
  /** 1 in the rows that the report compares. */
  readonly isCompared: Uint8Array;
}

/**
 * An output on both sides, and its change. Changes stand only in the rows that the report compares, so that their sums
 * are the report's.
 */
export function outputColumns(output: OutputColumn, name: string, isScored: RowSet): readonly RowColumn[] {
  let last: OutputRows | undefined;
  const rowsOf = (first: number, length: number): OutputRows => {
    if (last?.first !== first || last.before.length !== length) last = read(output, isScored, first, length);
    return last;
  };
  const whereCompared =
    (of: (before: number, now: number) => number): RowColumn['data'] =>
    (first, length) => {
      const { before, now, isCompared } = rowsOf(first, length);
      const values = new Float64Array(length).fill(Number.NaN);
      for (let row = 0; row < length; row++) {
        if (isCompared[row] === 1) values[row] = of(before[row] as number, now[row] as number);
      }
      return finite(values);
    };
  return [
    { name: `${name}_production`, type: 'DOUBLE', data: (first, length) => finite(rowsOf(first, length).before) },
    { name: `${name}_staging`, type: 'DOUBLE', data: (first, length) => finite(rowsOf(first, length).now) },
    { name: `${name}_change`, type: 'DOUBLE', data: whereCompared((before, now) => now - before) },
    { name: `${name}_change_pct`, type: 'DOUBLE', data: whereCompared(changePct) },
    { name: `${name}_changed`, type: 'BOOLEAN', data: (first, length) => changed(rowsOf(first, length)) },
  ];
}

function read({ staging, production }: OutputColumn, isScored: RowSet, first: number, length: number): OutputRows {
  const [before, now] = [new Float64Array(length), new Float64Array(length)];
  const isCompared = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    const [old, current] = [production.at(first + row), staging.at(first + row)];
    before[row] = old;
    now[row] = current;
    if (isScored.has(first + row) && Number.isFinite(old) && Number.isFinite(current)) isCompared[row] = 1;
  }
  return { first, before, now, isCompared };
}

function changed({ before, now, isCompared }: OutputRows): ColumnData {
  const values = new Uint8Array(before.length).fill(NO_FLAG);
  for (let row = 0; row < values.length; row++) {
    if (isCompared[row] === 1) values[row] = isChanged(before[row] as number, now[row] as number) ? 1 : 0;
  }
  return { kind: 'flags', values };
}

/** Nothing in place of what is no number. */
function finite(values: Float64Array): ColumnData {
  const numbers = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  return { kind: 'numbers', values: numbers };
}
