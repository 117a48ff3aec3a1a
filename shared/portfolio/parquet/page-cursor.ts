import type { AsyncBuffer, ColumnMetaData, DecodedArray, SchemaTree } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
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
  readonly #end: number;
  #at: number;
  #left: number;
  #window = new Uint8Array();
  #windowAt = 0;
  #dictionary: DecodedArray | undefined;

  /** @param path the column in the schema, from the root @param rows of the row group */
  constructor(file: AsyncBuffer, column: ColumnMetaData, path: readonly SchemaTree[], rows: number) {
    const [, leaf] = path;
    if (leaf === undefined) throw new Error('a flat column lies right below the root');
    this.#file = file;
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
  async next(): Promise<DecodedArray | undefined> {
    while (this.#left > 0) {
      const view = await this.#view(Math.min(HEADER_BYTES, this.#end - this.#at));
      const header = parquetHeader(view);
      this.#at += view.offset;
      const page = await this.#view(header.compressed_page_size);
      this.#at += header.compressed_page_size;
      if (header.type === 'INDEX_PAGE') continue;
      const { data } = readPage(page, header, this.#decoder, this.#dictionary, undefined, 0);
      if (header.type === 'DICTIONARY_PAGE') {
        this.#dictionary = data && convert(data, this.#decoder);
      } else if (data !== undefined && data.length > 0) {
        this.#left -= data.length;
        if (this.#left < 0) throw new Error('a column holds more values than its row group has rows');
        return data;
      }
    }
    return undefined;
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
