import type { AsyncBuffer, ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { convert } from 'hyparquet/src/convert.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import type { Json } from '../../release/json.ts';
import { ColumnPages, type Page } from './column-pages.ts';
import { type ColumnPiece, lengthOf } from './column-stream.ts';
import { aboutValues, codedValues, type Decoder, decoderOf, dictionaryValues } from './page-values.ts';
import { readRuns } from './read-runs.ts';

/** Before the levels in a page of the first kind stands how long they are. */
const LENGTH_BYTES = 4;

/**
 * The values of one flat column in one row group, page by page: each is read and decoded once, and no more than one is
 * held, so that a row group may have any size.
 */
export class PageCursor {
  readonly #pages: ColumnPages;
  readonly #decoder: Decoder;
  readonly #toJson: (values: DecodedArray) => readonly Json[];
  /** Definition level of rows that have a value. */
  readonly #present: number;
  #left: number;
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
    this.#pages = new ColumnPages(file, column);
    this.#toJson = toJson;
    this.#present = leaf.element.repetition_type === 'REQUIRED' ? 0 : 1;
    this.#left = rows;
    this.#decoder = decoderOf(column, path);
  }

  /** The values of the next page; undefined after the last. */
  async next(): Promise<ColumnPiece | undefined> {
    while (this.#left > 0) {
      const page = await this.#pages.next();
      if (page.header.type === 'DICTIONARY_PAGE') {
        const values = dictionaryValues(page, this.#decoder);
        this.#dictionary = values && [...this.#toJson(values), null];
        continue;
      }
      const piece = this.#piece(page);
      this.#left -= lengthOf(piece);
      if (this.#left < 0) throw new Error('a column holds more values than its row group has rows');
      if (lengthOf(piece) > 0) return piece;
    }
    return undefined;
  }

  #piece(page: Page): ColumnPiece {
    const about = aboutValues(page.header);
    if (about.encoding.endsWith('_DICTIONARY')) return this.#codedPiece(page);
    const { definitionLevels: levels, dataPage } = codedValues(page, this.#decoder);
    const values = this.#toJson(convert(dataPage, this.#decoder));
    let at = 0;
    const has = (row: number): boolean => !levels?.length || levels[row] === this.#present;
    const isFull = values.length === about.num_values && !levels?.some((level) => level !== this.#present);
    if (isFull) return { values, places: undefined };
    const spread = Array.from({ length: about.num_values }, (_, row) => (has(row) ? (values[at++] as Json) : null));
    if (at !== values.length) throw new Error('a page does not hold as many values as it says');
    return { values: spread, places: undefined };
  }

  /** The places of a page's values in the dictionary, read into memory of the right size and type at once. */
  #codedPiece({ bytes, header }: Page): ColumnPiece {
    const dictionary = this.#dictionary;
    if (dictionary === undefined) throw new Error('a dictionary is missing');
    const { count, levels, coded } = this.#sections(bytes, header);
    const missing = dictionary.length - 1;
    const present = levels === undefined ? count : presentIn(levels);
    const found = new Uint32Array(present);
    if (present > 0) readPlaces(coded, found);
    for (let index = 0; index < present; index++) {
      if ((found[index] as number) < missing) continue;
      throw new Error('a page names a value that its dictionary does not have');
    }
    if (levels === undefined || present === count) return { values: dictionary, places: found };
    const places = new Uint32Array(count).fill(missing);
    for (let row = 0, at = 0; row < count; row++) if (levels[row] === 1) places[row] = found[at++] as number;
    return { values: dictionary, places };
  }

  /** The levels of a page, which say which rows have a value, and the bytes with the values. */
  #sections(
    bytes: Uint8Array,
    { uncompressed_page_size: size, data_page_header: one, data_page_header_v2: two }: PageHeader,
  ): { readonly count: number; readonly levels: Uint8Array | undefined; readonly coded: Uint8Array } {
    if (two) {
      const { num_values: count, definition_levels_byte_length: length } = two;
      const first = two.repetition_levels_byte_length;
      const levels = this.#present === 0 ? undefined : readLevels(bytes.subarray(first, first + length), 0, count);
      const packed = bytes.subarray(first + length);
      const coded = two.is_compressed === false ? packed : this.#unpack(packed, size - length);
      return { count, levels, coded };
    }
    const page = this.#unpack(bytes, size);
    const count = one?.num_values ?? 0;
    if (this.#present === 0) return { count, levels: undefined, coded: page };
    const end = LENGTH_BYTES + new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
    return { count, levels: readLevels(page.subarray(0, end), LENGTH_BYTES, count), coded: page.subarray(end) };
  }

  #unpack(bytes: Uint8Array, size: number): Uint8Array {
    return decompressPage(bytes, size, this.#decoder.codec, this.#decoder.compressors);
  }
}

/** 1 for rows with a value, 0 for rows without one. */
function readLevels(bytes: Uint8Array, start: number, count: number): Uint8Array {
  const levels = new Uint8Array(count);
  readRuns(bytes, start, 1, levels);
  return levels;
}

function presentIn(levels: Uint8Array): number {
  let present = 0;
  for (let row = 0; row < levels.length; row++) {
    const level = levels[row] as number;
    if (level > 1) throw new Error('a page has a level that a flat column does not have');
    present += level;
  }
  return present;
}

/** The first byte says how many bits a place has: none where all are the first. */
function readPlaces(coded: Uint8Array, into: Uint32Array): void {
  const [width] = coded;
  if (width === undefined) throw new Error('a page ends before its values do');
  if (width > 0) readRuns(coded, 1, width, into);
}
