import type { ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js';
import type { Page } from './column-pages.ts';
import { COMPRESSORS } from './compressors.ts';
import { PARSERS } from './parquet-values.ts';
import { readRuns } from './read-runs.ts';

/** What the decoder is told of a column. */
export type Decoder = Parameters<typeof readPage>[2];

/** Levels and values of a page as they are coded. */
export type CodedValues = ReturnType<typeof readDataPage>;

/** @param path the column in the schema, from the root */
export function decoderOf(column: ColumnMetaData, path: readonly SchemaTree[]): Decoder {
  const leaf = path.at(-1);
  if (leaf === undefined) throw new Error('a column lies below the root');
  return {
    ...column,
    pathInSchema: column.path_in_schema,
    element: leaf.element,
    schemaPath: [...path],
    compressors: COMPRESSORS,
    parsers: { ...DEFAULT_PARSERS, ...PARSERS },
    utf8: true,
  };
}

/** The values of a page with a dictionary. */
export function dictionaryValues({ header, bytes }: Page, decoder: Decoder): DecodedArray | undefined {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const { data } = readPage(reader, header, decoder, undefined, undefined, 0);
  return data && convert(data, decoder);
}

/** What a page says of its values. */
export function aboutValues({ type, data_page_header: one, data_page_header_v2: two }: PageHeader): {
  readonly num_values: number;
  readonly encoding: NonNullable<PageHeader['data_page_header']>['encoding'];
} {
  const about = one ?? two;
  if (about === undefined) throw new Error(`a page is of a kind that is not known: ${type}`);
  return about;
}

/** The values of a page with values, before they are looked up in a dictionary. */
export function codedValues({ header, bytes }: Page, decoder: Decoder): CodedValues {
  if (!isWide(header, decoder)) return decode(bytes, header, decoder);
  const page = decode(bytes, header, { ...decoder, type: 'INT64' });
  return {
    ...page,
    dataPage: Int32Array.from(page.dataPage as BigInt64Array, (long) => Number(BigInt.asIntN(32, long))),
  };
}

/**
 * Numbers of 32 bits without a sign that are told by their differences: DuckDB writes the first of them as one of 64 bits,
 * of which the decoder would cut half.
 */
function isWide(header: PageHeader, { element }: Decoder): boolean {
  const isUnsigned = element.type === 'INT32' && element.converted_type === 'UINT_32';
  return isUnsigned && aboutValues(header).encoding === 'DELTA_BINARY_PACKED';
}

function decode(bytes: Uint8Array, header: PageHeader, decoder: Decoder): CodedValues {
  const { uncompressed_page_size: size, data_page_header: one, data_page_header_v2: two } = header;
  if (one) return readDataPage(decompressPage(bytes, size, decoder.codec, decoder.compressors), one, decoder);
  if (!two) throw new Error(`a page is of a kind that is not known: ${header.type}`);
  // Some count only those that are missing, and not empty lists, which have no value either.
  const missing = two.num_values - presentIn(bytes, two, decoder);
  return readDataPageV2(bytes, { ...header, data_page_header_v2: { ...two, num_nulls: missing } }, decoder);
}

/** How many values there are, by the levels of a page of the second kind. */
function presentIn(
  bytes: Uint8Array,
  { num_values: count, ...lengths }: NonNullable<PageHeader['data_page_header_v2']>,
  { schemaPath }: Decoder,
): number {
  const most = getMaxDefinitionLevel(schemaPath);
  if (most === 0) return count;
  const start = lengths.repetition_levels_byte_length;
  const levels = new Uint8Array(count);
  readRuns(bytes.subarray(0, start + lengths.definition_levels_byte_length), start, 32 - Math.clz32(most), levels);
  return levels.reduce((present, level) => present + (level === most ? 1 : 0), 0);
}
