import type { ColumnMetaData, CompressionCodec, Encoding } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { type ColumnData, type FileColumn, NO_CODE, NO_FLAG } from './column-data.ts';
import { plainFlags, plainIntegers, plainNumbers, plainTexts } from './plain-values.ts';
import { writeRuns } from './write-runs.ts';

const PARQUET_TYPES = { INT32: 'INT32', DOUBLE: 'DOUBLE', STRING: 'BYTE_ARRAY', BOOLEAN: 'BOOLEAN' } as const;

/** How a file is laid out. */
export interface Layout {
  /** Rows of a page, which is what readers decode at once. */
  readonly pageRows: number;
  /** Bytes as a gzip file. */
  readonly pack: (bytes: Uint8Array) => Uint8Array;
}

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
 */
export function encodeColumn(
  writer: ByteWriter,
  { name, type }: FileColumn,
  data: ColumnData,
  rows: number,
  { pageRows, pack }: Layout,
): ColumnMetaData {
  const start = writer.offset;
  // A list of no values is more than some readers expect.
  const isCoded = data.kind === 'coded' && data.values.length > 0;
  // Codes are packed as they are.
  const codec: CompressionCodec = isCoded ? 'UNCOMPRESSED' : 'GZIP';
  const encoding: Encoding = isCoded ? 'RLE_DICTIONARY' : 'PLAIN';
  let bytes = isCoded ? writeDictionary(writer, data.values) : 0;
  const firstPage = writer.offset;
  for (let from = 0; from < rows; from += pageRows) {
    const page = pageOf(data, from, Math.min(from + pageRows, rows));
    bytes += writePage(writer, page, valuesOf(data, type, page), encoding, isCoded ? undefined : pack);
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
  pack: Layout['pack'] | undefined,
): number {
  const levels = writeRuns(present, 1);
  const packed = pack === undefined ? values : pack(values);
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
      is_compressed: pack !== undefined,
    },
  });
  const header = writer.offset - start;
  writer.appendBytes(levels);
  writer.appendBytes(packed);
  return header + levels.length + values.length;
}

function pageOf(data: ColumnData, from: number, to: number): Page {
  const present = presentOf(data, from, to);
  let count = 0;
  for (let row = 0; row < present.length; row++) count += present[row] as number;
  return { from, to, present, count };
}

/** 1 for rows with a value, 0 for rows without one. A loop for each kind, so that each is a quick one. */
function presentOf(data: ColumnData, from: number, to: number): Uint8Array {
  const present = new Uint8Array(to - from).fill(1);
  const { kind, values } = data;
  if (kind === 'coded') {
    for (let row = from; row < to; row++) if (data.codes[row] === NO_CODE) present[row - from] = 0;
  } else if (kind === 'numbers') {
    for (let row = from; row < to; row++) if (Number.isNaN(values[row])) present[row - from] = 0;
  } else if (kind === 'flags') {
    for (let row = from; row < to; row++) if (values[row] === NO_FLAG) present[row - from] = 0;
  } else {
    for (let row = from; row < to; row++) if (values[row] === null) present[row - from] = 0;
  }
  return present;
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
