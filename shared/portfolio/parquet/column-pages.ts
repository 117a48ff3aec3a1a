import type { AsyncBuffer, ColumnMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

/** Bytes that are read at once: a page has about as many. */
const WINDOW_BYTES = 1 << 20;
/** Bytes that the header of a page has at most, with the longest statistics. */
const HEADER_BYTES = 1 << 16;

export interface Page {
  readonly header: PageHeader;
  /** As they are in the file. */
  readonly bytes: Uint8Array;
}

/** The pages of one column in one row group, one after the other; no more than one is held, or what is read at once. */
export class ColumnPages {
  readonly #file: AsyncBuffer;
  readonly #end: number;
  #at: number;
  #window = new Uint8Array();
  #windowAt = 0;

  constructor(file: AsyncBuffer, column: ColumnMetaData) {
    this.#file = file;
    this.#at = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#end = this.#at + Number(column.total_compressed_size);
  }

  /** The next page with a dictionary or with values. @throws where there is none */
  async next(): Promise<Page> {
    for (;;) {
      if (this.#at >= this.#end) throw new Error('a column ends before its row group does');
      const view = await this.#view(Math.min(HEADER_BYTES, this.#end - this.#at));
      const header = parquetHeader(view);
      this.#at += view.offset;
      const length = header.compressed_page_size;
      const { view: page } = await this.#view(length);
      this.#at += length;
      if (header.type !== 'INDEX_PAGE') return { header, bytes: new Uint8Array(page.buffer, page.byteOffset, length) };
    }
  }

  /** The bytes from the current position on, at least so many. */
  async #view(bytes: number): Promise<{ readonly view: DataView; offset: number }> {
    if (bytes < 0 || this.#at + bytes > this.#end) throw new Error('a column ends before its row group does');
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
