import type { Json, JsonObject } from './json.ts';
import { setOwnValue } from './own-value.ts';

/** What an address answered for one row: its columns, or the error that row alone caused. */
export type Answer =
  | { readonly ok: true; readonly row: JsonObject }
  | { readonly ok: false; readonly error: string; readonly status: number | undefined };

/** Answers in the order of their rows: an array of them, or columns that make an answer only when it is asked for. */
export interface Answers extends Iterable<Answer> {
  readonly length: number;
  /** As `Array.at`, for positions from 0. */
  at(index: number): Answer | undefined;
  /** The same answers as columns, where they are at hand: all of them were answered then, and none holds an object or list. */
  readonly columns?: readonly AnswerColumn[];
}

/** The values of one column of the answers. A row may have none, which is not the same as null. */
export type AnswerColumn = NumberAnswers | TextAnswers | OtherAnswers;

export interface NumberAnswers {
  readonly kind: 'numbers';
  readonly name: string;
  /** NaN is null, and minus infinity is no value at all. */
  readonly values: Float64Array;
}

/** Texts that are not made into strings before somebody asks. */
export interface TextAnswers {
  readonly kind: 'texts';
  readonly name: string;
  /** The answer that they stand in, as UTF-8; nothing in them is escaped. */
  readonly bytes: Buffer;
  /** Where each text starts; or one of `NULL_AT` and `ABSENT_AT`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

export interface OtherAnswers {
  readonly kind: 'others';
  readonly name: string;
  readonly values: readonly (Json | undefined)[];
}

/** No text starts as early in an answer. */
export const NULL_AT = 0;
export const ABSENT_AT = 1;

/** A value of a column; undefined in a row that does not have it. */
export function answerValue(column: AnswerColumn, index: number): Json | undefined {
  if (column.kind === 'others') return column.values[index];
  if (column.kind === 'numbers') {
    const value = column.values[index] as number;
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? null : undefined;
  }
  const start = column.starts[index] as number;
  if (start === NULL_AT) return null;
  return start === ABSENT_AT ? undefined : column.bytes.toString('utf8', start, column.ends[index]);
}

/** Answers in columns. */
export class ColumnAnswers implements Answers {
  readonly length: number;
  readonly columns: readonly AnswerColumn[];

  constructor(length: number, columns: readonly AnswerColumn[]) {
    this.length = length;
    this.columns = columns;
  }

  at(index: number): Answer | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const row: Record<string, Json> = {};
    for (const column of this.columns) {
      const value = answerValue(column, index);
      if (value !== undefined) setOwnValue(row, column.name, value);
    }
    return { ok: true, row };
  }

  *[Symbol.iterator](): Iterator<Answer> {
    for (let index = 0; index < this.length; index++) yield this.at(index) as Answer;
  }
}
