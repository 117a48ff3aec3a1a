import type { Json } from '../../release/json.ts';
import { growingShorts } from '../numbers/growing.ts';
import { roundTo3Digits } from '../numbers/round-to-3-digits.ts';

export type SegmentValue = string | number | null;

/** Different numbers that are kept apart; more are rounded to three digits. */
const EXACT_NUMBERS = 256;
/** Different texts that are kept apart; a column with more is no category. */
const MOST_TEXTS = 1_000;
/** Codes that 16 bits can hold. */
const MOST_CODES = 65_535;

/**
 * One column of the portfolio, as a code of two bytes for each row. Texts and few different numbers are kept as they
 * are; many different numbers are rounded to three significant digits, which is fine enough to cut them into bands.
 */
export class SegmentColumn {
  readonly name: string;
  readonly codes = growingShorts();
  #kind: 'empty' | 'numbers' | 'texts' = 'empty';
  #rounded = false;
  #dropped: 'many-values' | 'nested' | undefined;
  #values: SegmentValue[] = [null];
  #codeOf = new Map<string | number, number>();

  /** @param rows rows before the first one that has the column */
  constructor(name: string, rows: number) {
    this.name = name;
    for (let row = 0; row < rows; row++) this.codes.push(0);
  }

  /** The value of each code; code 0 is null, for rows without a value. */
  get values(): readonly SegmentValue[] {
    return this.#values;
  }

  get isNumeric(): boolean {
    return this.#kind === 'numbers';
  }

  /** Why the column is of no use for segments; undefined where it is. */
  get dropped(): 'many-values' | 'nested' | undefined {
    return this.#dropped;
  }

  push(value: Json | undefined): void {
    if (this.#dropped !== undefined) return;
    if (value === null || value === undefined) this.codes.push(0);
    else if (typeof value === 'object') this.#dropped = 'nested';
    else if (typeof value === 'number' && this.#kind !== 'texts') this.#pushNumber(value);
    else this.#pushText(String(value));
  }

  #pushNumber(value: number): void {
    this.#kind = 'numbers';
    this.codes.push(this.#code(this.#rounded ? roundTo3Digits(value) : value + 0));
    if (!this.#rounded && this.#values.length > EXACT_NUMBERS + 1) this.#round();
    if (this.#values.length > MOST_CODES) this.#dropped = 'many-values';
  }

  #pushText(text: string): void {
    if (this.#kind === 'numbers') this.#recode((value) => String(value));
    this.#kind = 'texts';
    this.codes.push(this.#code(text));
    if (this.#values.length > MOST_TEXTS + 1) this.#dropped = 'many-values';
  }

  #round(): void {
    this.#rounded = true;
    this.#recode((value) => roundTo3Digits(value as number));
  }

  #recode(change: (value: string | number) => string | number): void {
    const before = this.#values;
    this.#values = [null];
    this.#codeOf = new Map();
    const codes = before.map((value) => (value === null ? 0 : this.#code(change(value))));
    for (let row = 0; row < this.codes.length; row++) this.codes.values[row] = codes[this.codes.at(row)] as number;
  }

  #code(value: string | number): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    this.#codeOf.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }
}
