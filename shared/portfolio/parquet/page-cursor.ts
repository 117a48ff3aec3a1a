import type { AsyncBuffer, ColumnMetaData, DecodedArray, Encoding, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import type { Json } from '../../release/json.ts';
import { type ColumnPiece, lengthOf } from './column-stream.ts';
import { COMPRESSORS } from './compressors.ts';
import { PARSERS } from './parquet-values.ts';

/** Bytes that are read at once: a page has about as many. */
const WINDOW_BYTES = 1 << 20;
/** Bytes that the header of a page has at most, with the longest statistics. */
const HEADER_BYTES = 1 << 16;

type Decoder = Parameters<typeof readPage>[2];

/**
 * The values of one flat column in one row group, page by page: each is read and decoded once, and no more than one is
 * held, so that a row group may have any size.
 */
export class PageCursor {
  readonly #file: AsyncBuffer;
  readonly #decoder: Decoder;
  readonly #toJson: (values: DecodedArray) => readonly Json[];
  /** Definition level of rows that have a value. */
  readonly #present: number;
  readonly #end: number;
  #at: number;
  #left: number;
  #window = new Uint8Array();
  #windowAt = 0;
  /** Its last value is null, for rows without one. */
  #dictionary: readonly Json[] | undefined;

  /**
   * @param path the column in the schema, from the root
   * @param rows of the row group
   * @param toJson makes of decoded values what JSON carries
   */
  constructor(
    file: AsyncBuffer,
    column: ColumnMetaData,
    path: readonly SchemaTree[],
    rows: number,
    toJson: (values: DecodedArray) => readonly Json[],
  ) {
    const [, leaf] = path;
    if (leaf === undefined) throw new Error('a flat column lies right below the root');
    this.#file = file;
    this.#toJson = toJson;
    this.#present = leaf.element.repetition_type === 'REQUIRED' ? 0 : 1;
    this.#at = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#end = this.#at + Number(column.total_compressed_size);
    this.#left = rows;
    this.#decoder = {
      ...column,
      pathInSchema: column.path_in_schema,
      element: leaf.element,
      schemaPath: [...path],
      compressors: COMPRESSORS,
      parsers: { ...DEFAULT_PARSERS, ...PARSERS },
      utf8: true,
    };
  }

  /** The values of the next page; undefined after the last. */
  async next(): Promise<ColumnPiece | undefined> {
    while (this.#left > 0) {
      const view = await this.#view(Math.min(HEADER_BYTES, this.#end - this.#at));
      const header = parquetHeader(view);
      this.#at += view.offset;
      const page = await this.#view(header.compressed_page_size);
      this.#at += header.compressed_page_size;
      if (header.type === 'INDEX_PAGE') continue;
      if (header.type === 'DICTIONARY_PAGE') {
        const { data } = readPage(page, header, this.#decoder, undefined, undefined, 0);
        this.#dictionary = data && [...this.#toJson(convert(data, this.#decoder)), null];
        continue;
      }
      const piece = this.#piece(pageBytes(page.view, header.compressed_page_size), header);
      this.#left -= lengthOf(piece);
      if (this.#left < 0) throw new Error('a column holds more values than its row group has rows');
      if (lengthOf(piece) > 0) return piece;
    }
    return undefined;
  }

  #piece(bytes: Uint8Array, header: PageHeader): ColumnPiece {
    const { page, encoding, count } = this.#dataPage(bytes, header);
    const levels = page.definitionLevels?.length ? page.definitionLevels : undefined;
    const has = (row: number): boolean => levels === undefined || levels[row] === this.#present;
    const dictionary = encoding.endsWith('_DICTIONARY') ? this.#dictionary : undefined;
    if (encoding.endsWith('_DICTIONARY') && dictionary === undefined) throw new Error('a dictionary is missing');
    const values = dictionary === undefined ? this.#toJson(convert(page.dataPage, this.#decoder)) : page.dataPage;
    if (dictionary !== undefined)
      return { values: dictionary, places: placesOf(values, count, has, dictionary.length - 1) };
    if (levels === undefined && values.length === count)
      return { values: values as readonly Json[], places: undefined };
    let at = 0;
    const spread = Array.from({ length: count }, (_, row) => (has(row) ? (values[at++] as Json) : null));
    if (at !== values.length) throw new Error('a page does not hold as many values as it says');
    return { values: spread, places: undefined };
  }

  #dataPage(
    bytes: Uint8Array,
    header: PageHeader,
  ): { readonly page: ReturnType<typeof readDataPage>; readonly encoding: Encoding; readonly count: number } {
    const { codec, compressors } = this.#decoder;
    const { data_page_header: one, data_page_header_v2: two } = header;
    if (two)
      return { page: readDataPageV2(bytes, header, this.#decoder), encoding: two.encoding, count: two.num_values };
    if (one === undefined) throw new Error(`a page is of a kind that is not known: ${header.type}`);
    const unpacked = decompressPage(bytes, Number(header.uncompressed_page_size), codec, compressors);
    return { page: readDataPage(unpacked, one, this.#decoder), encoding: one.encoding, count: one.num_values };
  }

  /** The bytes from the current position on, at least so many. */
  async #view(bytes: number): Promise<{ readonly view: DataView; offset: number }> {
    if (bytes <= 0 || this.#at + bytes > this.#end) throw new Error('a column ends before its row group does');
    if (this.#at < this.#windowAt || this.#at + bytes > this.#windowAt + this.#window.length) {
      const end = Math.min(this.#end, this.#at + Math.max(bytes, WINDOW_BYTES));
      this.#window = new Uint8Array(await this.#file.slice(this.#at, end));
      this.#windowAt = this.#at;
    }
    const start = this.#window.byteOffset + this.#at - this.#windowAt;
    return {
      view: new DataView(this.#window.buffer, start, this.#windowAt + this.#window.length - this.#at),
      offset: 0,
    };
  }
}

function pageBytes({ buffer, byteOffset }: DataView, length: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** @param missing place of the value for rows without one */
function placesOf(
  found: ArrayLike<unknown>,
  count: number,
  has: (row: number) => boolean,
  missing: number,
): Uint32Array {
  const places = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const place = has(row) ? (found[at++] as number) : missing;
    if (!(place <= missing)) throw new Error('a page names a value that its dictionary does not have');
    places[row] = place;
  }
  if (at !== found.length) throw new Error('a page does not hold as many values as it says');
  return places;
}
