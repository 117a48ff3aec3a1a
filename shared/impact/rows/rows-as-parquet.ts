import type { Book } from '../book/book.ts';
import { chooseOutputs, type OutputChoice } from '../figures/choose-outputs.ts';
import { ParquetFile } from '../parquet/parquet-file.ts';
import { rowColumns } from './row-columns.ts';

/** Rows that are in memory at once: a whole fraction of a page of the book's columns, so that each page is read once. */
const GROUP_ROWS = 16_384;
/** The quickest: higher ones hardly save more of such numbers. */
const LEVEL = 1;

/**
 * Every row of the book as a Parquet file, piece by piece: memory does not grow with the book. The same bytes for the
 * same book.
 * @param choice as the report chose its outputs
 * @throws ConfigError as `chooseOutputs`
 */
export async function* rowsAsParquet(book: Book, choice: OutputChoice): AsyncIterable<Uint8Array> {
  const columns = rowColumns(book, chooseOutputs(book, choice));
  // Only needed for it, and not small.
  const { gzipMember } = await import('../../release/gzip-member.ts');
  const pack = (bytes: Uint8Array): Uint8Array => gzipMember(bytes, LEVEL);
  const file = new ParquetFile(columns, { pageRows: GROUP_ROWS, pack });
  for (let first = 0; first < book.rows; first += GROUP_ROWS) {
    const length = Math.min(GROUP_ROWS, book.rows - first);
    file.addGroup(
      length,
      columns.map(({ data }) => data(first, length)),
    );
    yield file.take();
  }
  file.finish();
  yield file.take();
}
