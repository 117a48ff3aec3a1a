import type { Answer, AnswerColumn, Answers } from '../../release/answers.ts';
import type { Json } from '../../release/json.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';

/** Rows of the portfolio and the answers of both addresses, one for each row. */
export interface Batch {
  readonly rows: QuoteRows;
  readonly staging: Answers;
  /** Undefined where production serves nothing. */
  readonly production: Answers | undefined;
}

/** Answers at the places of their rows. Undefined where no answer has the row's key. */
export interface PlacedAnswers {
  readonly length: number;
  at(index: number): Answer | undefined;
  /** The same answers as columns, where they are at hand; then each row has one. */
  readonly columns?: readonly AnswerColumn[];
}

/** A batch in which each answer stands at the place of its row. */
export interface PairedBatch {
  readonly rows: QuoteRows;
  readonly staging: PlacedAnswers;
  readonly production: PlacedAnswers | undefined;
}

/** The new rates and the rates in force. */
export type Side = 'staging' | 'production';
export const SIDES: readonly [Side, Side] = ['staging', 'production'];

/** A key as text, which is how keys are compared; undefined for what cannot name a row. */
export function keyText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
