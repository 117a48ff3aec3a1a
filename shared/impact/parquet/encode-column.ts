import type { ColumnMetaData, CompressionCodec, Encoding } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { type ColumnData, type FileColumn, NO_CODE, NO_FLAG } from './column-data.ts';
import { plainFlags, plainIntegers, plainNumbers, plainTexts } from './plain-values.ts';
import { writeRuns } from './write-runs.ts';

const PARQUET_TYPES = { INT32: 'INT32', DOUBLE: 'DOUBLE', STRING: 'BYTE_ARRAY', BOOLEAN: 'BOOLEAN' } as const;

/** Where the rows of a page are, and which of them have a value. */
interface Page {
  readonly from: number;
  readonly to: number;
  readonly present: Uint8Array;
  readonly count: number;
}

/**
 * Writes one column of a row group. The writer of the library makes an object of each value, looks each up and writes
 * byte by byte; here values go from arrays of numbers into bytes at once, and only headers are left to it.
 * @param pageRows rows of a page
 */
export function encodeColumn(
  writer: ByteWriter,
  { name, type }: FileColumn,
  data: ColumnData,
  rows: number,
  pageRows: number,
): ColumnMetaData {
  const start = writer.offset;
  // A list of no values is more than some readers expect.
  const isCoded = data.kind === 'coded' && data.values.length > 0;
  // Texts are worth packing; numbers hardly, and codes are packed as they are.
  const codec: CompressionCodec = data.kind === 'texts' ? 'SNAPPY' : 'UNCOMPRESSED';
  const encoding: Encoding = isCoded ? 'RLE_DICTIONARY' : 'PLAIN';
  let bytes = isCoded ? writeDictionary(writer, data.values) : 0;
  const firstPage = writer.offset;
  for (let from = 0; from < rows; from += pageRows) {
    const page = pageOf(data, from, Math.min(from + pageRows, rows));
    bytes += writePage(writer, page, valuesOf(data, type, page), encoding, codec);
  }
  return {
    type: PARQUET_TYPES[type],
    encodings: isCoded ? ['PLAIN', 'RLE', encoding] : ['RLE', encoding],
    path_in_schema: [name],
    codec,
    num_values: BigInt(rows),
    total_uncompressed_size: BigInt(bytes),
    total_compressed_size: BigInt(writer.offset - start),
    data_page_offset: BigInt(firstPage),
    ...(isCoded && { dictionary_page_offset: BigInt(start) }),
  };
}

function writeDictionary(writer: ByteWriter, values: readonly string[] | Float64Array): number {
  const start = writer.offset;
  const bytes = values instanceof Float64Array ? plainNumbers(values) : plainTexts(values);
  writePageHeader(writer, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    dictionary_page_header: { num_values: values.length, encoding: 'PLAIN' },
  });
  writer.appendBytes(bytes);
  return writer.offset - start;
}

function writePage(
  writer: ByteWriter,
  { present, count }: Page,
  values: Uint8Array,
  encoding: Encoding,
  codec: CompressionCodec,
): number {
  const levels = writeRuns(present, 1);
  const packed = codec === 'SNAPPY' ? snappyCompress(values) : values;
  const start = writer.offset;
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: levels.length + values.length,
    compressed_page_size: levels.length + packed.length,
    data_page_header_v2: {
      num_values: present.length,
      num_nulls: present.length - count,
      num_rows: present.length,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: codec !== 'UNCOMPRESSED',
    },
  });
  const header = writer.offset - start;
  writer.appendBytes(levels);
  writer.appendBytes(packed);
  return header + levels.length + values.length;
}

function pageOf(data: ColumnData, from: number, to: number): Page {
  const present = new Uint8Array(to - from);
  let count = 0;
  for (let row = from; row < to; row++) {
    if (!hasValue(data, row)) continue;
    present[row - from] = 1;
    count += 1;
  }
  return { from, to, present, count };
}

function hasValue(data: ColumnData, row: number): boolean {
  if (data.kind === 'coded') return data.codes[row] !== NO_CODE;
  if (data.kind === 'numbers') return !Number.isNaN(data.values[row]);
  return data.kind === 'flags' ? data.values[row] !== NO_FLAG : data.values[row] !== null;
}

function valuesOf(data: ColumnData, type: FileColumn['type'], page: Page): Uint8Array {
  if (data.kind === 'flags') return plainFlags(presentIn(data.values, page));
  if (page.count === 0) return new Uint8Array();
  if (data.kind === 'texts') return plainTexts(presentTexts(data.values, page));
  if (data.kind === 'coded') return codesOf(presentIn(data.codes, page), data.values.length);
  const numbers = presentIn(data.values, page);
  return type === 'INT32' ? plainIntegers(numbers) : plainNumbers(numbers);
}

/** The first byte says how many bits a code has. */
function codesOf(codes: Uint32Array, values: number): Uint8Array {
  const width = 32 - Math.clz32(Math.max(0, values - 1));
  const runs = writeRuns(codes, width);
  const bytes = new Uint8Array(1 + runs.length);
  bytes[0] = width;
  bytes.set(runs, 1);
  return bytes;
}

function presentTexts(values: readonly (string | null)[], { from, to }: Page): readonly string[] {
  const rows = from === 0 && to === values.length ? values : values.slice(from, to);
  return rows.includes(null) ? rows.filter((value) => value !== null) : (rows as readonly string[]);
}

function presentIn<A extends Float64Array | Uint32Array | Uint8Array>(
  values: A,
  { from, to, present, count }: Page,
): A {
  const rows = values.subarray(from, to) as A;
  if (count === rows.length) return rows;
  const found = rows.slice(0, count) as A;
  let at = 0;
  for (let row = 0; row < rows.length; row++) if (present[row] === 1) found[at++] = rows[row] as number;
  return found;
}
