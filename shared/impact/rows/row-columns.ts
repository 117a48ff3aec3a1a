import type { Side } from '../book/batch.ts';
import { type Book, NO_KEY, REPEATED_KEY } from '../book/book.ts';
import type { ChosenOutputs } from '../figures/choose-outputs.ts';
import { classifyRows, QUOTE_STATES, type QuoteState, type RowClasses } from '../figures/classify.ts';
import type { RowSet } from '../pages/row-set.ts';
import { type ColumnData, type FileColumn, NO_CODE } from '../parquet/column-data.ts';
import { inputColumn } from './input-column.ts';
import { outputColumns } from './output-columns.ts';
import { namesInRows } from './output-names.ts';

/** One column of the rows: its name, its type in Parquet, and its values in some rows of the book. */
export interface RowColumn extends FileColumn {
  readonly data: (first: number, length: number) => ColumnData;
}

const STATUSES = ['scored', 'failed', 'no-key', 'repeated-key', 'no-answer'] as const;

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
    { name: 'row', type: 'INT32', data: numbers((row) => row + 1) },
    ...(keys ? [{ name: 'key', type: 'STRING', data: texts((row) => keys.at(row) ?? null) } as const] : []),
    { name: 'status', type: 'STRING', data: oneOf(STATUSES, (row) => statusText(book, classes, isScored, row)) },
    stateColumn('production', book, classes),
    stateColumn('staging', book, classes),
    ...outputs.flatMap((output) => outputColumns(output, names.get(output.name) as string, isScored)),
    ...inputs.map(inputColumn),
  ]);
}

function stateColumn(side: Side, book: Book, classes: RowClasses): RowColumn {
  const known = side === 'staging' || book.compared;
  const at = (row: number): QuoteState | null => (known && classes.isPaired(row) ? classes.stateOf(row, side) : null);
  return { name: `${side}_state`, type: 'STRING', data: oneOf(QUOTE_STATES, at) };
}

function statusText(book: Book, { isPaired }: RowClasses, isScored: RowSet, row: number): (typeof STATUSES)[number] {
  if (isScored.has(row)) return 'scored';
  if (isPaired(row)) return 'failed';
  const status = book.status.at(row);
  if ((status & NO_KEY) !== 0) return 'no-key';
  return (status & REPEATED_KEY) !== 0 ? 'repeated-key' : 'no-answer';
}

function numbers(at: (row: number) => number): RowColumn['data'] {
  return (first, length) => {
    const values = new Float64Array(length);
    for (let index = 0; index < length; index++) values[index] = at(first + index);
    return { kind: 'numbers', values };
  };
}

function texts(at: (row: number) => string | null): RowColumn['data'] {
  return (first, length) => ({ kind: 'texts', values: Array.from({ length }, (_, index) => at(first + index)) });
}

/** One of a few texts, or none. */
function oneOf<T extends string>(values: readonly T[], at: (row: number) => T | null): RowColumn['data'] {
  return (first, length) => {
    const codes = new Uint32Array(length);
    for (let index = 0; index < length; index++) {
      const value = at(first + index);
      codes[index] = value === null ? NO_CODE : values.indexOf(value);
    }
    return { kind: 'coded', codes, values };
  };
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
