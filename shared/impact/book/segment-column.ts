import type { Json } from '../../release/json.ts';
import { roundTo3Digits } from '../numbers/round-to-3-digits.ts';
import type { PageStore } from '../pages/page-store.ts';
import { Paged } from '../pages/paged.ts';
import { InputColumn, type SegmentValue } from './input-column.ts';

/** Different numbers that are kept apart; more are rounded to three digits. */
const EXACT_NUMBERS = 256;
/** Different texts that are kept apart; a column with more is no category. */
const MOST_TEXTS = 1_000;
/** What is to be written was not asked yet. */
const UNKNOWN = -1;
/** Whole numbers below it are looked up in a table. */
const SMALL = 65_536;
/** Codes that 16 bits can hold. */
const MOST_CODES = 65_535;

/**
 * Takes in one column of the portfolio, as a code of two bytes for each row. Texts and few different numbers are kept as they
 * are; many different numbers are rounded to three significant digits, which is fine enough to cut them into bands.
 */
export class SegmentColumn {
  readonly name: string;
  readonly #written: Paged<Uint16Array<ArrayBuffer>>;
  #kind: 'empty' | 'numbers' | 'texts' = 'empty';
  #rounded = false;
  #dropped: 'many-values' | 'nested' | undefined;
  #values: SegmentValue[] = [null];
  #codeOf = new Map<string | number, number>();
  /** The code that each written one stands for: what was written before values were changed is not written again. */
  #meaning: number[] = [0];
  /** What is written for each code. */
  #writtenOf: number[] = [0];

  /** What is written for the values of the last list: the same list comes many times. */
  #coded: { readonly values: readonly (Json | undefined)[]; readonly written: Int32Array } | undefined;
  /** What is written for small whole numbers, 0 for those that were not met: a column without a list has many of them. */
  #small: Uint16Array | undefined;
  #room = new Uint16Array();

  /** @param rows rows before the first one that has the column */
  constructor(name: string, rows: number, store: PageStore) {
    this.name = name;
    this.#written = new Paged(Uint16Array, store);
    this.#written.pushMany(0, rows);
  }

  /** The column, for reading: nothing may be added after it. */
  finish(): InputColumn {
    const { name } = this;
    const about = { name, values: this.#values, isNumeric: this.#kind === 'numbers', dropped: this.#dropped };
    return new InputColumn({ ...about, meaning: Uint16Array.from(this.#meaning) }, this.#written);
  }

  push(value: Json | undefined): void {
    this.#pushWritten(this.#write(value));
  }

  /** Adds the values of some rows. */
  pushAll(values: readonly (Json | undefined)[]): void {
    const pushed = this.#roomFor(values.length);
    for (let row = 0; row < values.length; row++) {
      pushed[row] = this.#writtenOfValue(values[row]);
      if (this.#dropped !== undefined) return;
    }
    this.#written.pushAll(pushed);
  }

  /**
   * Adds values that are given as places in a list of them.
   * @param values each value that there may be, undefined or null for none
   * @param places for each row the place of its value
   */
  pushCoded(values: readonly (Json | undefined)[], places: ArrayLike<number>): void {
    if (this.#dropped !== undefined) return;
    const known = this.#writtenFor(values);
    const pushed = this.#roomFor(places.length);
    for (let row = 0; row < places.length; row++) {
      const place = places[row] as number;
      // Beyond the list there is no value.
      let written = place < known.length ? (known[place] as number) : 0;
      if (written === UNKNOWN) {
        written = this.#write(values[place]);
        if (this.#dropped !== undefined) return;
        known[place] = written;
      }
      pushed[row] = written;
    }
    this.#written.pushAll(pushed);
  }

  #roomFor(rows: number): Uint16Array<ArrayBuffer> {
    if (this.#room.length < rows) this.#room = new Uint16Array(rows);
    return this.#room.subarray(0, rows);
  }

  #writtenOfValue(value: Json | undefined): number {
    // The bits without a sign are those of the number itself where it is whole and not too large.
    if (this.#kind !== 'numbers' || typeof value !== 'number' || value >>> 0 !== value || value >= SMALL) {
      return this.#write(value);
    }
    this.#small ??= new Uint16Array(SMALL);
    const known = this.#small[value] as number;
    if (known !== 0) return known;
    const written = this.#write(value);
    this.#small[value] = written;
    return written;
  }

  #writtenFor(values: readonly (Json | undefined)[]): Int32Array {
    if (this.#coded?.values !== values) {
      this.#coded = { values, written: new Int32Array(values.length).fill(UNKNOWN) };
    }
    return this.#coded.written;
  }

  #pushWritten(written: number): void {
    if (this.#dropped === undefined) this.#written.push(written);
  }

  /** What is to be written for a value. */
  #write(value: Json | undefined): number {
    if (this.#dropped !== undefined || value === null || value === undefined) return 0;
    if (typeof value === 'object') {
      this.#dropped = 'nested';
      return 0;
    }
    return typeof value === 'number' && this.#kind !== 'texts'
      ? this.#writeNumber(value)
      : this.#writeText(String(value));
  }

  #writeNumber(value: number): number {
    this.#kind = 'numbers';
    const code = this.#code(this.#rounded ? roundTo3Digits(value) : value + 0);
    const written = this.#writtenOf[code] as number;
    if (!this.#rounded && this.#values.length > EXACT_NUMBERS + 1) this.#round();
    return written;
  }

  #writeText(text: string): number {
    if (this.#kind === 'numbers') this.#change((value) => String(value));
    this.#kind = 'texts';
    const code = this.#code(text);
    if (this.#values.length > MOST_TEXTS + 1) this.#dropped = 'many-values';
    return this.#writtenOf[code] as number;
  }

  #round(): void {
    this.#rounded = true;
    this.#change((value) => roundTo3Digits(value as number));
  }

  /** Gives the values that there are other values, several of them the same one. */
  #change(change: (value: string | number) => string | number): void {
    const before = { values: this.#values, writtenOf: this.#writtenOf };
    this.#values = [null];
    this.#writtenOf = [0];
    this.#codeOf = new Map();
    const codes = before.values.map((value, code) =>
      value === null ? 0 : this.#code(change(value), before.writtenOf[code]),
    );
    this.#meaning = this.#meaning.map((code) => codes[code] as number);
  }

  /** @param written what stands for the value already; undefined for nothing yet */
  #code(value: string | number, written?: number): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    const code = this.#values.push(value) - 1;
    this.#codeOf.set(value, code);
    this.#writtenOf.push(written ?? this.#meaning.push(code) - 1);
    if (this.#meaning.length > MOST_CODES) this.#dropped = 'many-values';
    return code;
  }
}
