import type { QuoteAnswer } from '../ports/engine.ts';
import type { ScoredRow } from '../ports/quote-endpoint.ts';
import type { Json, JsonObject } from '../release/json.ts';

/**
 * `exact`: the same number bit by bit. `rounding`: 32-bit numbers may be written with fewer digits, and a sum over many
 * rows at once may be taken in another order; 1e-12 of the value is far below a penny of any premium.
 */
export type Precision = 'exact' | 'rounding';

const ROUNDING = 1e-12;

/** How the served answer to a quote differs from the in-process one, in words; undefined when it does not. */
export function answerDifference(
  inProcess: QuoteAnswer,
  served: ScoredRow | undefined,
  precision: Precision,
): string | undefined {
  if (served === undefined) return 'there is no answer';
  if (inProcess.ok && served.ok) return firstDifference(inProcess.row, served.row, precision);
  if (inProcess.ok && !served.ok) return `it refuses it (${served.error}); in process it has a price`;
  if (!inProcess.ok && served.ok) return `it prices it; in process it fails (${inProcess.error})`;
  return undefined;
}

/**
 * The first column in which two answers differ, in words; undefined when they do not. Haute leaves out what is null or
 * empty, so what is not there counts as null.
 */
export function firstDifference(inProcess: JsonObject, served: JsonObject, precision: Precision): string | undefined {
  const columns = [...new Set([...Object.keys(inProcess), ...Object.keys(served)])];
  const column = columns.find((name) => !isSame(valueIn(inProcess, name), valueIn(served, name), precision));
  if (column === undefined) return undefined;
  return `${column} is ${JSON.stringify(valueIn(served, column))}, in process ${JSON.stringify(valueIn(inProcess, column))}`;
}

function valueIn(row: JsonObject, name: string): Json {
  return Object.hasOwn(row, name) ? (row[name] as Json) : null;
}

function isSame(a: Json, b: Json, precision: Precision): boolean {
  if (typeof a === 'number' && typeof b === 'number') return isSameNumber(a, b, precision);
  if (isAbsent(a) && isAbsent(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return isSameList(a, b, precision);
  if (isObject(a) && isObject(b)) return firstDifference(a, b, precision) === undefined;
  return a === b;
}

function isSameList(a: readonly Json[], b: readonly Json[], precision: Precision): boolean {
  const [left, right] = [a.filter((each) => !isEmptyObject(each)), b.filter((each) => !isEmptyObject(each))];
  return left.length === right.length && left.every((each, index) => isSame(each, right[index] as Json, precision));
}

function isSameNumber(a: number, b: number, precision: Precision): boolean {
  if (a === b) return true;
  if (precision === 'exact') return false;
  return Math.fround(a) === a && Math.fround(b) === a
    ? true
    : Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

function isAbsent(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0) || isEmptyObject(value);
}

/** No field of it is there. */
function isEmptyObject(value: Json): boolean {
  return isObject(value) && Object.values(value).every(isAbsent);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
