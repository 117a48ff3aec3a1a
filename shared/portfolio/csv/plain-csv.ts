import { type QuoteRows, rowsOfColumns } from '../../release/quote-rows.ts';
import { cutCells } from './cell-cutter.ts';
import { CsvColumn } from './csv-column.ts';
import type { CsvHead } from './record-csv.ts';

/** What the lists of the values of all columns may take up. */
const MOST_LIST_BYTES = 32 * 1024 * 1024;

/** What is found out of a plain text before its rows can be read. */
export interface PlainColumns extends CsvHead {
  readonly columns: readonly CsvColumn[];
  readonly rows: number;
  /** Memory that it takes up. */
  readonly weight: number;
}

/** @throws NotPlain where it is not a text that everybody cuts into the same cells */
export async function lookAtColumns(text: AsyncIterable<Uint8Array>, head: CsvHead): Promise<PlainColumns> {
  const columns = head.header.map((name, at) => new CsvColumn(name, at));
  let rows = 0;
  for await (const block of cutCells(text, head.delimiter, columns.length)) {
    for (const column of columns) column.look(block);
    keepLight(columns);
    rows += block.rows;
  }
  for (const column of columns) column.finish(rows);
  return { ...head, columns, rows, weight: weightOf(columns) };
}

/** @throws NotPlain where it is not the text that was looked at */
export async function* readColumns(
  text: AsyncIterable<Uint8Array>,
  { delimiter, columns }: PlainColumns,
): AsyncGenerator<QuoteRows> {
  for await (const block of cutCells(text, delimiter, columns.length)) {
    yield rowsOfColumns(
      block.rows,
      columns.map((column) => column.read(block)),
    );
  }
}

/** The longest lists go first: there is least of a value that comes again. */
function keepLight(columns: readonly CsvColumn[]): void {
  while (weightOf(columns) > MOST_LIST_BYTES) {
    columns.reduce((heaviest, column) => (column.weight > heaviest.weight ? column : heaviest)).dropList();
  }
}

function weightOf(columns: readonly CsvColumn[]): number {
  return columns.reduce((sum, { weight }) => sum + weight, 0);
}
