import { ABSENT_AT, type AnswerColumn, NULL_AT, type TextAnswers } from '../../release/answers.ts';
import type { Json } from '../../release/json.ts';
import type { PageStore } from '../pages/page-store.ts';
import { Paged } from '../pages/paged.ts';
import type { Side } from './batch.ts';

/** In a column of numbers: there is no value (null, or no such column). */
export const NOTHING = Number.NaN;
/** In a column of numbers: there is a value and it is no number. Answers hold no infinities, so none is lost. */
export const NO_NUMBER = Number.POSITIVE_INFINITY;

/** One column of the answers: its numbers on both sides, row by row. */
export class OutputColumn {
  readonly name: string;
  readonly staging: Paged<Float64Array<ArrayBuffer>>;
  readonly production: Paged<Float64Array<ArrayBuffer>>;
  /** Numbers seen on each side. */
  readonly numbers: Record<Side, number> = { staging: 0, production: 0 };
  /** Values seen that are no numbers. */
  readonly others: Record<Side, number> = { staging: 0, production: 0 };
  /** Answers that had the column at all, null or not. */
  readonly present: Record<Side, number> = { staging: 0, production: 0 };

  /** @param rows rows before the first one that has the column */
  constructor(name: string, rows: number, store: PageStore) {
    this.name = name;
    this.staging = new Paged(Float64Array, store);
    this.production = new Paged(Float64Array, store);
    this.staging.pushMany(NOTHING, rows);
    this.production.pushMany(NOTHING, rows);
  }

  /** Adds the values of some rows. @param column undefined where no answer has the column */
  pushAll(side: Side, column: AnswerColumn | undefined, rows: number): void {
    if (column === undefined) this[side].pushMany(NOTHING, rows);
    else if (column.kind === 'numbers') this.#pushNumbers(side, column.values);
    else if (column.kind === 'texts') this.#pushTexts(side, column);
    else for (const value of column.values) this.push(side, value);
  }

  #pushNumbers(side: Side, values: Float64Array): void {
    const numbers = new Float64Array(values.length);
    let [present, counted] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number;
      const isNumber = Number.isFinite(value);
      numbers[row] = isNumber ? value : NOTHING;
      if (isNumber) counted += 1;
      if (value !== Number.NEGATIVE_INFINITY) present += 1;
    }
    this.numbers[side] += counted;
    this.present[side] += present;
    this[side].pushAll(numbers);
  }

  #pushTexts(side: Side, { starts }: TextAnswers): void {
    const marks = new Float64Array(starts.length);
    let [absent, nulls] = [0, 0];
    for (let row = 0; row < starts.length; row++) {
      const start = starts[row] as number;
      if (start === ABSENT_AT) absent += 1;
      else if (start === NULL_AT) nulls += 1;
      marks[row] = start === ABSENT_AT || start === NULL_AT ? NOTHING : NO_NUMBER;
    }
    this.present[side] += starts.length - absent;
    this.others[side] += starts.length - absent - nulls;
    this[side].pushAll(marks);
  }

  push(side: Side, value: Json | undefined): void {
    if (value !== undefined) this.present[side] += 1;
    if (typeof value === 'number') {
      this.numbers[side] += 1;
      this[side].push(value);
    } else if (value === null || value === undefined) {
      this[side].push(NOTHING);
    } else {
      this.others[side] += 1;
      this[side].push(NO_NUMBER);
    }
  }
}
