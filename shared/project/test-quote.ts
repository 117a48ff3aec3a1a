import type { JsonObject } from '../release/json.ts';

/** One golden or plain test quote. `expected` is compared field by field; `tolerance` is a fraction (0.01 is 1 %). */
export interface TestQuote {
  /** File relative to the project. */
  readonly file: string;
  /** Position in the file, from 0. */
  readonly index: number;
  /** `_description` where the quote has one. */
  readonly description: string | undefined;
  /** What is sent: metadata keys (`_…`) removed. */
  readonly input: JsonObject;
  readonly expected: JsonObject | undefined;
  /** Undefined where the quote has none of its own: the policy's applies. */
  readonly tolerance: number | undefined;
}
