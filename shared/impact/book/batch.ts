import type { Json, JsonObject } from '../../release/json.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';

/** What an address answered for one row. */
export type Answer =
  | { readonly ok: true; readonly row: JsonObject }
  | { readonly ok: false; readonly error: string; readonly status: number | undefined };

/** Rows of the portfolio and the answers of both addresses, one for each row. */
export interface Batch {
  readonly rows: QuoteRows;
  readonly staging: readonly Answer[];
  /** Undefined where production serves nothing. */
  readonly production: readonly Answer[] | undefined;
}

/** A batch in which each answer stands at the place of its row. Undefined where no answer has the row's key. */
export interface PairedBatch {
  readonly rows: QuoteRows;
  readonly staging: readonly (Answer | undefined)[];
  readonly production: readonly (Answer | undefined)[] | undefined;
}

/** The new rates and the rates in force. */
export type Side = 'staging' | 'production';
export const SIDES: readonly [Side, Side] = ['staging', 'production'];

/** A key as text, which is how keys are compared; undefined for what cannot name a row. */
export function keyText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
