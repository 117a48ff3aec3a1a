import type { FileMetaData, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { ColumnData, FileColumn } from './column-data.ts';
import { encodeColumn, type Layout } from './encode-column.ts';

/** `PAR1`, before and after everything else. */
const MAGIC = 0x3152_4150;
const FIRST_BYTES = 1 << 20;

/** A Parquet file that is written group by group. What is written so far may be taken at any time. */
export class ParquetFile {
  readonly #columns: readonly FileColumn[];
  readonly #layout: Layout;
  readonly #bytes = new ByteWriter(FIRST_BYTES);
  readonly #groups: RowGroup[] = [];

  constructor(columns: readonly FileColumn[], layout: Layout) {
    this.#columns = columns;
    this.#layout = layout;
    this.#bytes.appendUint32(MAGIC);
  }

  /** @param data of each column, in their order */
  addGroup(rows: number, data: readonly ColumnData[]): void {
    const start = this.#bytes.offset;
    const columns = this.#columns.map((column, index) => {
      const at = this.#bytes.offset;
      const about = encodeColumn(this.#bytes, column, data[index] as ColumnData, rows, this.#layout);
      return { file_offset: BigInt(at), meta_data: about };
    });
    this.#groups.push({
      columns,
      total_byte_size: columns.reduce((sum, { meta_data: about }) => sum + about.total_uncompressed_size, 0n),
      total_compressed_size: BigInt(this.#bytes.offset - start),
      num_rows: BigInt(rows),
    });
  }

  /** Writes the end of the file. */
  finish(): void {
    const metadata = {
      version: 2,
      created_by: 'haute/deploy',
      schema: schemaOf(this.#columns),
      num_rows: this.#groups.reduce((sum, { num_rows: rows }) => sum + rows, 0n),
      row_groups: this.#groups,
      metadata_length: 0,
    };
    writeMetadata(this.#bytes, metadata);
    this.#bytes.appendUint32(MAGIC);
  }

  /** What was written since, copied: the writer goes on in the same memory. */
  take(): Uint8Array {
    const piece = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return piece;
  }
}

function schemaOf(columns: readonly FileColumn[]): FileMetaData['schema'] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) =>
      type === 'STRING'
        ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
        : ({ name, type, repetition_type: 'OPTIONAL' } as const),
    ),
  ];
}
