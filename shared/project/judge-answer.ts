import type { Json, JsonObject } from '../release/json.ts';
import type { TestQuote } from './test-quote.ts';

/** One expected value that the answer does not meet. */
export interface Mismatch {
  readonly column: string;
  readonly expected: Json;
  /** Undefined when the answer has no such column. */
  readonly actual: Json | undefined;
  /** Difference allowed, in the unit of the column; undefined for values that are not numbers. */
  readonly allowed: number | undefined;
}

/**
 * Compares an answer with what a test quote expects, column by column. Numbers may differ by `tolerance` as a
 * fraction of the expected value; everything else must be equal, null (a declined risk) included. A quote without
 * expected values is met by any answer.
 * @param defaultTolerance fraction used where the quote has none of its own
 */
export function judgeAnswer(quote: TestQuote, row: JsonObject, defaultTolerance: number): readonly Mismatch[] {
  const tolerance = quote.tolerance ?? defaultTolerance;
  return Object.entries(quote.expected ?? {}).flatMap(([column, expected]) => {
    const actual = Object.hasOwn(row, column) ? row[column] : undefined;
    const allowed = typeof expected === 'number' ? Math.abs(expected) * tolerance : undefined;
    return isMet(expected, actual, allowed) ? [] : [{ column, expected, actual, allowed }];
  });
}

/** `premium is 930.10, expected 928.26 (at most 0.09 off)`. */
export function describeMismatch(mismatch: Mismatch): string {
  const is = mismatch.actual === undefined ? 'is missing' : `is ${JSON.stringify(mismatch.actual)}`;
  const within = mismatch.allowed ? ` (at most ${Number(mismatch.allowed.toPrecision(3))} off)` : '';
  return `${mismatch.column} ${is}, expected ${JSON.stringify(mismatch.expected)}${within}`;
}

/** `tests/quotes/young.json[2] "declined risk"`. */
export function describeQuote(quote: Pick<TestQuote, 'file' | 'index' | 'description'>): string {
  return `${quote.file}[${quote.index}]${named(quote)}`;
}

/** `quote 2 "declined risk"`: where the file is named already. */
export function describeQuoteInFile(quote: Pick<TestQuote, 'index' | 'description'>): string {
  return `quote ${quote.index}${named(quote)}`;
}

function named({ description }: Pick<TestQuote, 'description'>): string {
  return description ? ` "${description}"` : '';
}

function isMet(expected: Json, actual: Json | undefined, allowed: number | undefined): boolean {
  if (typeof expected === 'number' && typeof actual === 'number' && allowed !== undefined) {
    return expected === actual || (allowed > 0 && Math.abs(actual - expected) <= allowed + rounding(expected, actual));
  }
  return actual !== undefined && sameJson(expected, actual);
}

/** What binary fractions add to a difference of decimals: without it 100.01 is more than 0.01 away from 100. */
function rounding(a: number, b: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
}

function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value, (b as JsonObject)[key] as Json))
  );
}
