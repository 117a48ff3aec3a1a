import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js';
import type { Book } from '../book/book.ts';
import { chooseOutputs, type OutputChoice } from '../figures/choose-outputs.ts';
import { type Cell, type RowColumn, rowColumns } from './row-columns.ts';

/** Rows that are in memory at once: a whole fraction of a page of the book's columns, so that each page is read once. */
const GROUP_ROWS = 16_384;

/**
 * Every row of the book as a Parquet file, piece by piece: memory does not grow with the book. The same bytes for the
 * same book.
 * @param choice as the report chose its outputs
 * @throws ConfigError as `chooseOutputs`
 */
export async function* rowsAsParquet(book: Book, choice: OutputChoice): AsyncIterable<Uint8Array> {
  const columns = rowColumns(book, chooseOutputs(book, choice));
  const bytes = new ByteWriter(1 << 20);
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    createdBy: 'haute/deploy',
    statistics: false,
  });
  for (let first = 0; first < book.rows; first += GROUP_ROWS) {
    const length = Math.min(GROUP_ROWS, book.rows - first);
    const columnData = columns.map(({ name, at, isMeasure }) => ({
      name,
      data: cellsOf(at, first, length),
      offsetIndex: false,
      // Measures hardly repeat: looking for a dictionary of them is time lost.
      ...(isMeasure && { encoding: 'PLAIN' as const }),
    }));
    await file.write({ columnData, rowGroupSize: length });
    yield taken(bytes);
  }
  await file.finish();
  yield taken(bytes);
}

function cellsOf(at: RowColumn['at'], first: number, length: number): Cell[] {
  const cells = new Array<Cell>(length);
  for (let index = 0; index < length; index++) cells[index] = at(first + index);
  return cells;
}

/** What was written since, copied: the writer goes on in the same memory. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}

function schemaOf(columns: readonly RowColumn[]): ConstructorParameters<typeof ParquetWriter>[0]['schema'] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) =>
      type === 'STRING'
        ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
        : ({ name, type, repetition_type: 'OPTIONAL' } as const),
    ),
  ];
}
