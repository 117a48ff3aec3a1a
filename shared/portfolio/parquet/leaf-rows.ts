import type { AsyncBuffer, ColumnMetaData, DecodedArray, SchemaTree } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { convertWithDictionary } from 'hyparquet/src/convert.js';
import { getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { ColumnPages, type Page } from './column-pages.ts';
import { aboutValues, codedValues, type Decoder, decoderOf, dictionaryValues } from './page-values.ts';

/** What a leaf of a nested column holds in one row group, in lists of lists, row by row; decoded page by page. */
export class LeafRows {
  /** Its name and those of what it lies in. */
  readonly path: readonly string[];
  readonly #pages: ColumnPages;
  readonly #decoder: Decoder;
  /** Whether a row may go on in the next page. */
  readonly #repeats: boolean;
  #left: number;
  #dictionary: DecodedArray | undefined;
  #rows: unknown[] = [];

  /** @param path the leaf in the schema, from the root */
  constructor(file: AsyncBuffer, column: ColumnMetaData, path: readonly SchemaTree[]) {
    this.path = column.path_in_schema;
    this.#pages = new ColumnPages(file, column);
    this.#decoder = decoderOf(column, path);
    this.#repeats = getMaxRepetitionLevel([...path]) > 0;
    this.#left = Number(column.num_values);
  }

  /** Whole rows that can be taken without reading on; reads on where there are none. */
  async ready(): Promise<number> {
    while (this.#whole === 0) {
      if (this.#left === 0) throw new Error('a column ends before its row group does');
      this.#add(await this.#pages.next());
    }
    return this.#whole;
  }

  /** The next rows. Only as many may be taken as are ready. */
  take(count: number): unknown[] {
    return this.#rows.splice(0, count);
  }

  get #whole(): number {
    return this.#repeats && this.#left > 0 ? Math.max(0, this.#rows.length - 1) : this.#rows.length;
  }

  #add(page: Page): void {
    if (page.header.type === 'DICTIONARY_PAGE') {
      this.#dictionary = dictionaryValues(page, this.#decoder);
      return;
    }
    const { num_values: count, encoding } = aboutValues(page.header);
    if (count > this.#left) throw new Error('a column holds more values than its row group has');
    const { definitionLevels, repetitionLevels, dataPage } = codedValues(page, this.#decoder);
    if (encoding.endsWith('_DICTIONARY')) checkPlaces(dataPage, this.#dictionary);
    const values = convertWithDictionary(dataPage, this.#dictionary, encoding, this.#decoder);
    this.#left -= count;
    if (count === 0) return;
    // Only the row that goes on in the page is touched.
    const last = repetitionLevels[0] ? this.#rows.splice(-1) : [];
    const rows = assembleLists(last, definitionLevels, repetitionLevels, values, this.#decoder.schemaPath);
    for (let row = 0; row < rows.length; row++) this.#rows.push(rows[row]);
  }
}

/** The decoder would make nothing of a value that is not in the dictionary. */
function checkPlaces(places: DecodedArray, dictionary: DecodedArray | undefined): void {
  if (dictionary === undefined) throw new Error('a dictionary is missing');
  for (let index = 0; index < places.length; index++) {
    if ((places[index] as number) < dictionary.length) continue;
    throw new Error('a page names a value that its dictionary does not have');
  }
}
