import type { AsyncBuffer, ColumnMetaData, DecodedArray, SchemaTree } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { convertWithDictionary } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { CHUNK_ROWS } from '../portfolio-file.ts';
import { ColumnPages, type Page } from './column-pages.ts';
import { aboutValues, codedValues, type Decoder, decoderOf, dictionaryValues } from './page-values.ts';

/** A decoded page, and what of it was not made rows of yet: from which level on, and from which value. */
interface Levels {
  readonly definitions: readonly number[];
  readonly repetitions: readonly number[];
  readonly values: DecodedArray;
  readonly count: number;
  at: number;
  valueAt: number;
}

/** What a leaf of a nested column holds in one row group, in lists of lists, row by row; decoded page by page. */
export class LeafRows {
  /** Its name and those of what it lies in. */
  readonly path: readonly string[];
  readonly #pages: ColumnPages;
  readonly #decoder: Decoder;
  /** Whether a row may go on in the next page. */
  readonly #repeats: boolean;
  /** Definition level of what has a value. */
  readonly #present: number;
  #left: number;
  #dictionary: DecodedArray | undefined;
  #page: Levels | undefined;
  #rows: unknown[] = [];

  /** @param path the leaf in the schema, from the root */
  constructor(file: AsyncBuffer, column: ColumnMetaData, path: readonly SchemaTree[]) {
    this.path = column.path_in_schema;
    this.#pages = new ColumnPages(file, column);
    this.#decoder = decoderOf(column, path);
    this.#repeats = getMaxRepetitionLevel([...path]) > 0;
    this.#present = getMaxDefinitionLevel([...path]);
    this.#left = Number(column.num_values);
  }

  /** Whole rows that can be taken without reading on; reads on where there are none. */
  async ready(): Promise<number> {
    while (this.#whole === 0) {
      if (this.#page !== undefined) this.#assemble(this.#page);
      else if (this.#left === 0) throw new Error('a column ends before its row group does');
      else this.#decode(await this.#pages.next());
    }
    return this.#whole;
  }

  /** The next rows. Only as many may be taken as are ready. */
  take(count: number): unknown[] {
    return this.#rows.splice(0, count);
  }

  get #whole(): number {
    const isLast = this.#left === 0 && this.#page === undefined;
    return this.#repeats && !isLast ? Math.max(0, this.#rows.length - 1) : this.#rows.length;
  }

  #decode(page: Page): void {
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
    const levels = { definitions: definitionLevels ?? [], repetitions: repetitionLevels };
    this.#page = { ...levels, values, count, at: 0, valueAt: 0 };
  }

  /** Makes some of the rows of a page: as lists they take up many times the memory. */
  #assemble(page: Levels): void {
    const { definitions, repetitions, values, count, at, valueAt } = page;
    const end = this.#repeats ? afterRows(repetitions, at, CHUNK_ROWS) : Math.min(at + CHUNK_ROWS, count);
    const some = definitions.slice(at, end);
    const present = definitions.length === 0 ? end - at : some.filter((level) => level === this.#present).length;
    // Only the row that goes on is touched.
    const last = repetitions[at] ? this.#rows.splice(-1) : [];
    const own = values.slice(valueAt, valueAt + present);
    const rows = assembleLists(last, some, repetitions.slice(at, end), own, this.#decoder.schemaPath);
    for (let row = 0; row < rows.length; row++) this.#rows.push(rows[row]);
    if (end === count) this.#page = undefined;
    else [page.at, page.valueAt] = [end, valueAt + present];
  }
}

/** Where so many rows end, which begin where nothing repeats. */
function afterRows(repetitions: readonly number[], from: number, rows: number): number {
  let left = rows;
  let at = from + 1;
  while (at < repetitions.length && (repetitions[at] !== 0 || --left > 0)) at++;
  return at;
}

/** The decoder would make nothing of a value that is not in the dictionary. */
function checkPlaces(places: DecodedArray, dictionary: DecodedArray | undefined): void {
  if (dictionary === undefined) throw new Error('a dictionary is missing');
  for (let index = 0; index < places.length; index++) {
    if ((places[index] as number) < dictionary.length) continue;
    throw new Error('a page names a value that its dictionary does not have');
  }
}
