import type { Json } from '../../release/json.ts';
import type { QuoteColumn } from '../../release/quote-rows.ts';
import { type CellBlock, cellText } from './cell-block.ts';
import { NotPlain } from './cell-cutter.ts';
import { ColumnType, cellValue } from './csv-types.ts';
import { shortNumber } from './short-number.ts';
import { NOT_THERE, ValueList } from './value-list.ts';

/** Different values that are worth a list. */
const MOST_VALUES = 65_536;
/** Memory of a value beside its bytes: what stands in the list, the value itself, and what is made of it for requests. */
const VALUE_BYTES = 96;

/**
 * One column of a CSV file. First all of its cells are looked at, which gives its type, and a list of its different values
 * where they are few; then the cells are the places of their values in it, or values of their own.
 */
export class CsvColumn {
  readonly name: string;
  readonly #at: number;
  readonly #type = new ColumnType();
  #list: ValueList | undefined = new ValueList();
  #values: readonly Json[] | undefined;

  /** @param at which column it is, from 0 */
  constructor(name: string, at: number) {
    this.name = name;
    this.#at = at;
  }

  /** Memory of its list. */
  get weight(): number {
    return this.#list === undefined ? 0 : this.#list.length * VALUE_BYTES + this.#list.size;
  }

  /** From now on, and for the cells that were looked at, there is no list. */
  dropList(): void {
    this.#list = undefined;
  }

  look({ bytes, starts, ends, rows, columns }: CellBlock): void {
    const list = this.#list;
    for (let row = 0, cell = this.#at; row < rows; row++, cell += columns) {
      const [start, end] = [starts[cell] as number, ends[cell] as number];
      if (list === undefined) this.#lookAt(bytes, start, end);
      else if (list.find(bytes, start, end) === NOT_THERE) {
        list.add(bytes, start, end);
        this.#lookAt(bytes, start, end);
      }
    }
    if (list !== undefined && list.length > MOST_VALUES) this.dropList();
  }

  /** All cells were looked at. @param rows how many there are */
  finish(rows: number): void {
    const list = this.#list;
    if (list === undefined) return;
    if (list.length > rows / 2) this.dropList();
    else this.#values = list.map((bytes, start, end) => this.#value(bytes, start, end));
  }

  /** @throws NotPlain where a cell holds a value that was not there when it was looked at */
  read({ bytes, starts, ends, rows, columns }: CellBlock): QuoteColumn {
    const [name, list, known] = [this.name, this.#list, this.#values];
    if (list === undefined || known === undefined) {
      const values = new Array<Json>(rows);
      for (let row = 0, cell = this.#at; row < rows; row++, cell += columns) {
        values[row] = this.#value(bytes, starts[cell] as number, ends[cell] as number);
      }
      return { name, values, places: undefined };
    }
    const places = new Uint32Array(rows);
    for (let row = 0, cell = this.#at; row < rows; row++, cell += columns) {
      const place = list.find(bytes, starts[cell] as number, ends[cell] as number);
      if (place === NOT_THERE) throw new NotPlain();
      places[row] = place;
    }
    return { name, values: known, places };
  }

  #lookAt(bytes: Buffer, start: number, end: number): void {
    const type = this.#type;
    if (type.isText || (type.isNumber && !Number.isNaN(shortNumber(bytes, start, end)))) return;
    type.add(cellText(bytes, start, end));
  }

  #value(bytes: Buffer, start: number, end: number): Json {
    const { type } = this.#type;
    if (type === 'number') {
      const number = shortNumber(bytes, start, end);
      if (!Number.isNaN(number)) return number;
    }
    return cellValue(cellText(bytes, start, end), type);
  }
}
