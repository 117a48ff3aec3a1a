import type { Side } from '../book/batch.ts';
import { type Book, NO_KEY, REPEATED_KEY } from '../book/book.ts';
import type { InputColumn } from '../book/input-column.ts';
import type { OutputColumn } from '../book/output-column.ts';
import { changePct, isChanged } from '../figures/changes.ts';
import type { ChosenOutputs } from '../figures/choose-outputs.ts';
import { classifyRows, type RowClasses } from '../figures/classify.ts';
import type { RowSet } from '../pages/row-set.ts';
import { namesInRows } from './output-names.ts';

export type Cell = string | number | boolean | null;

/** One column of the rows: its name, its type in Parquet, and its value in each row of the book. */
export interface RowColumn {
  readonly name: string;
  readonly type: 'INT32' | 'DOUBLE' | 'STRING' | 'BOOLEAN';
  readonly at: (row: number) => Cell;
  /** A figure that differs from row to row. */
  readonly isMeasure?: boolean;
}

/**
 * What is known of each row: its number from 1 and its key, how it went, every output on both sides with its change,
 * and the columns of the portfolio that segments are made of, as they are used there.
 */
export function rowColumns(book: Book, chosen: ChosenOutputs | undefined): readonly RowColumn[] {
  const { keys } = book;
  const classes = classifyRows(book, chosen?.premium);
  const isScored = classes.scored;
  const outputs = chosen === undefined ? [] : [chosen.premium, ...chosen.others];
  const names = namesInRows(outputs.map(({ name }) => name));
  const inputs = book.segments.filter(({ dropped }) => dropped === undefined);
  return withNamesApart([
    { name: 'row', type: 'INT32', at: (row) => row + 1 },
    ...(keys ? [{ name: 'key', type: 'STRING', at: (row: number) => keys.at(row) ?? null } as const] : []),
    { name: 'status', type: 'STRING', at: (row) => statusText(book, classes, isScored, row) },
    stateColumn('production', book, classes),
    stateColumn('staging', book, classes),
    ...outputs.flatMap((output) => outputColumns(output, names.get(output.name) as string, isScored)),
    ...inputs.map(inputColumn),
  ]);
}

function stateColumn(side: Side, book: Book, classes: RowClasses): RowColumn {
  const known = side === 'staging' || book.compared;
  const at = (row: number): Cell => (known && classes.isPaired(row) ? classes.stateOf(row, side) : null);
  return { name: `${side}_state`, type: 'STRING', at };
}

function statusText(book: Book, { isPaired }: RowClasses, isScored: RowSet, row: number): string {
  if (isScored.has(row)) return 'scored';
  if (isPaired(row)) return 'failed';
  const status = book.status.at(row);
  if ((status & NO_KEY) !== 0) return 'no-key';
  return (status & REPEATED_KEY) !== 0 ? 'repeated-key' : 'no-answer';
}

/** Changes stand only in the rows that the report compares, so that their sums are the report's. */
function outputColumns({ staging, production }: OutputColumn, name: string, isScored: RowSet): readonly RowColumn[] {
  const compared = (row: number): boolean =>
    isScored.has(row) && Number.isFinite(production.at(row)) && Number.isFinite(staging.at(row));
  const whereCompared =
    (of: (before: number, now: number) => Cell) =>
    (row: number): Cell =>
      compared(row) ? of(production.at(row), staging.at(row)) : null;
  return [
    { name: `${name}_production`, type: 'DOUBLE', at: (row) => finite(production.at(row)), isMeasure: true },
    { name: `${name}_staging`, type: 'DOUBLE', at: (row) => finite(staging.at(row)), isMeasure: true },
    { name: `${name}_change`, type: 'DOUBLE', at: whereCompared((before, now) => now - before), isMeasure: true },
    {
      name: `${name}_change_pct`,
      type: 'DOUBLE',
      at: whereCompared((before, now) => finite(changePct(before, now))),
      isMeasure: true,
    },
    { name: `${name}_changed`, type: 'BOOLEAN', at: whereCompared(isChanged) },
  ];
}

function inputColumn(column: InputColumn): RowColumn {
  const { name, isNumeric } = column;
  return { name: `input_${name}`, type: isNumeric ? 'DOUBLE' : 'STRING', at: (row) => column.at(row) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A portfolio may have a column with a name of ours, or two that differ in case, which SQL takes for one. */
function withNamesApart(columns: readonly RowColumn[]): readonly RowColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column.name;
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = `${column.name}_${again}`;
    taken.add(name.toLowerCase());
    return { ...column, name };
  });
}
