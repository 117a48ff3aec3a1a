import { ABSENT_AT, type AnswerColumn, NULL_AT, type TextAnswers } from '../../release/answers.ts';
import type { Json } from '../../release/json.ts';
import { type ColumnData, NO_CODE, NO_FLAG } from '../parquet/column-data.ts';
import type { ColumnKind } from './column-names.ts';
import { jsonText } from './json-text.ts';

/** Different values after which it is looked at whether they repeat at all. */
const ENOUGH = 1_024;
/** Values that repeat as often on average are written once each. */
const REPEATS = 4;

/** The values of one column in the rows of a file. Rows that are not set have none, as those that are null. */
export class ValuesBuilder {
  #codes = new Uint32Array();
  readonly #values: Json[] = [];
  /** Undefined once it has shown that values hardly repeat. */
  #known: Map<Json, number> | undefined = new Map();
  #set = 0;
  /** The codes of the last list of values: the same list comes many times. */
  #listed: { readonly values: readonly (Json | undefined)[]; readonly codes: Uint32Array } | undefined;

  /** No row has a value. */
  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  set(row: number, value: Json | undefined): void {
    if (value === null || value === undefined) return;
    if (row >= this.#codes.length) this.#codes = longEnough(this.#codes, row + 1);
    this.#codes[row] = this.#code(value);
  }

  /** @param places for each row from the first one on the place of its value in the list; without them its own */
  setAll(
    first: number,
    values: readonly (Json | undefined)[],
    places: Uint32Array | undefined,
    from: number,
    to: number,
  ): void {
    if (places === undefined) {
      for (let index = from; index < to; index++) this.set(first + index - from, values[index]);
      return;
    }
    this.#codes = longEnough(this.#codes, first + to - from);
    this.#set += to - from;
    if (this.#listed?.values !== values) {
      this.#listed = { values, codes: new Uint32Array(values.length).fill(NO_CODE) };
    }
    const { codes } = this.#listed;
    for (let index = from; index < to; index++) {
      const place = places[index] as number;
      let code = codes[place] ?? NO_CODE;
      if (code === NO_CODE) {
        const value = values[place];
        if (value === null || value === undefined) continue;
        code = this.#code(value);
        codes[place] = code;
      }
      this.#codes[first + index - from] = code;
    }
  }

  setAnswers(first: number, column: AnswerColumn, from: number, to: number): void {
    if (column.kind === 'others') this.setAll(first, column.values, undefined, from, to);
    else if (column.kind === 'texts') this.#setTexts(first, column, from, to);
    else {
      this.#codes = longEnough(this.#codes, first + to - from);
      for (let index = from; index < to; index++) {
        const value = column.values[index] as number;
        if (Number.isFinite(value)) this.#codes[first + index - from] = this.#code(value);
      }
    }
  }

  #setTexts(first: number, { bytes, starts, ends }: TextAnswers, from: number, to: number): void {
    this.#codes = longEnough(this.#codes, first + to - from);
    for (let index = from; index < to; index++) {
      const start = starts[index] as number;
      if (start === NULL_AT || start === ABSENT_AT) continue;
      this.#codes[first + index - from] = this.#code(bytes.toString('utf8', start, ends[index]));
    }
  }

  /** @param rows of the file */
  finish(rows: number): { readonly kind: ColumnKind; readonly data: ColumnData } {
    const codes = longEnough(this.#codes, rows).subarray(0, rows);
    const kind = kindOf(this.#values);
    if (kind === 'flag') return { kind, data: { kind: 'flags', values: flagsOf(codes, this.#values) } };
    const repeats = this.#values.length * REPEATS <= rows;
    if (kind === 'number') {
      const values = Float64Array.from(this.#values as number[]);
      if (repeats) return { kind, data: { kind: 'coded', codes, values } };
      return { kind, data: { kind: 'numbers', values: numbersOf(codes, values) } };
    }
    const values = kind === 'text' ? (this.#values as string[]) : this.#values.map(jsonText);
    if (repeats) return { kind, data: { kind: 'coded', codes, values } };
    return { kind, data: { kind: 'texts', values: Array.from(codes, (code) => values[code] ?? null) } };
  }

  #code(value: Json): number {
    this.#set += 1;
    // A map takes minus zero for zero, and tells objects apart that are the same.
    if (this.#known === undefined || Object.is(value, -0) || typeof value === 'object') {
      return this.#values.push(value) - 1;
    }
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const code = this.#values.push(value) - 1;
    if (code >= ENOUGH && code * 2 > this.#set) this.#known = undefined;
    else this.#known.set(value, code);
    return code;
  }
}

/** The same codes, with room for so many rows: those that were not set have none. */
export function longEnough(codes: Uint32Array<ArrayBuffer>, rows: number): Uint32Array<ArrayBuffer> {
  if (rows <= codes.length) return codes;
  const grown = new Uint32Array(Math.max(rows, codes.length * 2)).fill(NO_CODE);
  grown.set(codes);
  return grown;
}

function kindOf(values: readonly Json[]): ColumnKind {
  const [first] = values;
  if (values.every((value) => typeof value === 'number')) return 'number';
  if (typeof first === 'boolean') return values.every((value) => typeof value === 'boolean') ? 'flag' : 'json';
  // Half a letter, which JSON may hold, cannot be written in UTF-8.
  return values.every((value) => typeof value === 'string' && value.isWellFormed()) ? 'text' : 'json';
}

function flagsOf(codes: Uint32Array, values: readonly Json[]): Uint8Array {
  return Uint8Array.from(codes, (code) => (code === NO_CODE ? NO_FLAG : Number(values[code])));
}

function numbersOf(codes: Uint32Array, values: Float64Array): Float64Array {
  const numbers = new Float64Array(codes.length).fill(Number.NaN);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (code !== NO_CODE) numbers[row] = values[code] as number;
  }
  return numbers;
}
