import type { Problem } from '../errors.ts';
import type { JsonObject } from '../release/json.ts';
import { nearest } from './nearest.ts';
import { type JsonFault, scanJson } from './scan-json.ts';
import type { TestQuote } from './test-quote.ts';
import { type PlaceAt, placesIn } from './text-place.ts';

/** The keys of a golden case. Keys that begin with `_` are notes. */
const GOLDEN_KEYS = ['input', 'expected', 'tolerance_pct'] as const;

const FAULT_CODES: Readonly<Record<JsonFault['kind'], { readonly code: string; readonly fix: string }>> = {
  syntax: { code: 'QUOTES-SYNTAX', fix: 'Correct the JSON' },
  'duplicate-key': { code: 'QUOTES-DUPLICATE-KEY', fix: 'Remove one of the two' },
  'too-deep': { code: 'QUOTES-TOO-DEEP', fix: 'Write them less deeply nested' },
  'half-character': { code: 'QUOTES-HALF-CHARACTER', fix: 'Write the whole character' },
  'inexact-number': { code: 'QUOTES-INEXACT-NUMBER', fix: 'Write fewer digits, or put it in quotes' },
};

/**
 * The test quotes of one file. Both forms are read: an array of quotes as they are sent, and an array of golden cases
 * `{"input": {…}, "expected": {…}?, "tolerance_pct": 0.01?}`. Every problem of the file is found; with problems, the
 * quotes are not to be used.
 *
 * @param file relative to the project, for places
 */
export function readQuotes(
  text: string,
  file: string,
): { readonly quotes: readonly TestQuote[]; readonly problems: readonly Problem[] } {
  const { faults, elements } = scanJson(text);
  const placeAt = placesIn(file, text);
  if (faults.length > 0) return { quotes: [], problems: faults.map((fault) => faultProblem(fault, placeAt)) };
  const all: unknown = JSON.parse(text);
  if (!Array.isArray(all)) {
    const what = `the file holds ${describe(all)}, not an array of quotes`;
    return only({ code: 'QUOTES-NOT-ARRAY', what, fix: 'Put the quotes between [ and ]', place: { file, line: 1 } });
  }
  if (all.length === 0) {
    const fix = 'Write at least one quote, or remove the file';
    return only({ code: 'QUOTES-EMPTY', what: 'the file holds no quote', fix, place: { file, line: 1 } });
  }
  const placeOf = (index: number) => placeAt(elements[index] ?? 0);
  const problems: Problem[] = [];
  const quotes = all.flatMap((element: unknown, index) => {
    const tell = (code: string, what: string, fix: string) =>
      void problems.push({ code, what: `quote ${index}: ${what}`, fix, place: placeOf(index) });
    const quote = readQuote(element, tell);
    return quote ? [{ file, index, ...quote }] : [];
  });
  return { quotes, problems: [...mixedForms(all, placeOf), ...problems] };
}

type Tell = (code: string, what: string, fix: string) => void;
type Quote = Omit<TestQuote, 'file' | 'index'>;

function readQuote(element: unknown, tell: Tell): Quote | undefined {
  if (!isObject(element)) {
    tell(
      'QUOTES-NOT-OBJECT',
      `it is ${describe(element)}, not an object`,
      'Write each quote as { "column": value, … }',
    );
    return undefined;
  }
  return isGolden(element) ? readGolden(element, tell) : readPlain(element, tell);
}

/** True for a golden case, and for what was meant to be one: an `expected` must never be sent as if it were a column. */
function isGolden(quote: JsonObject): boolean {
  if (isObject(quote.input) || Object.hasOwn(quote, 'expected') || Object.hasOwn(quote, 'tolerance_pct')) return true;
  const keys = columnsOf(quote);
  return keys.length > 0 && keys.every((key) => GOLDEN_KEYS.some((golden) => golden === key));
}

function readPlain(quote: JsonObject, tell: Tell): Quote {
  return { description: describedBy(quote), input: readInput(quote, tell), expected: undefined, tolerance: undefined };
}

function readGolden(quote: JsonObject, tell: Tell): Quote {
  for (const key of columnsOf(quote)) {
    if (GOLDEN_KEYS.some((golden) => golden === key)) continue;
    const meant = nearest(
      key,
      GOLDEN_KEYS.filter((golden) => !Object.hasOwn(quote, golden)),
    );
    const fix = meant ? `Did you mean '${meant}'?` : `Move it into input, or begin its name with _ if it is a note`;
    tell('QUOTES-UNKNOWN-KEY', `unknown key '${key}' beside ${GOLDEN_KEYS.join(', ')}`, fix);
  }
  const input = quote.input;
  if (!isObject(input))
    tell('QUOTES-INPUT', `its input is ${describe(input)}, not an object`, 'Write "input": { "column": value, … }');
  return {
    description: describedBy(quote) ?? (isObject(input) ? describedBy(input) : undefined),
    input: isObject(input) ? readInput(input, tell) : {},
    expected: readExpected(quote, tell),
    tolerance: readTolerance(quote, tell),
  };
}

/** What is sent: notes removed, as Haute does. */
function readInput(quote: JsonObject, tell: Tell): JsonObject {
  const columns = columnsOf(quote);
  if (columns.length === 0)
    tell('QUOTES-INPUT', 'it has no column to send', 'Write the columns that the pipeline takes');
  return Object.fromEntries(columns.map((column) => [column, quote[column] ?? null]));
}

function readExpected(quote: JsonObject, tell: Tell): JsonObject | undefined {
  const expected = quote.expected;
  if (isObject(expected) && Object.keys(expected).length > 0) return expected;
  const fix = 'Write "expected": { "column": value, … }, or leave it out';
  if (isObject(expected)) tell('QUOTES-EXPECTED', 'its expected names no column, so it would check nothing', fix);
  else if (expected !== undefined) tell('QUOTES-EXPECTED', `its expected is ${describe(expected)}, not an object`, fix);
  else if (quote.tolerance_pct !== undefined)
    tell('QUOTES-EXPECTED', 'it has a tolerance but expects nothing', 'Write "expected", or remove "tolerance_pct"');
  return undefined;
}

function readTolerance(quote: JsonObject, tell: Tell): number | undefined {
  const tolerance = quote.tolerance_pct;
  if (tolerance === undefined) return undefined;
  if (typeof tolerance === 'number' && tolerance >= 0 && tolerance <= 1) return tolerance;
  const meant = typeof tolerance === 'number' && tolerance > 1 ? `: ${tolerance}% is ${tolerance / 100}` : '';
  tell('QUOTES-TOLERANCE', `its tolerance_pct is ${shown(tolerance)}`, `Write a fraction from 0 to 1${meant}`);
  return undefined;
}

/** One file holds one form: otherwise a golden case with a slip would pass for a plain quote. */
function mixedForms(all: readonly unknown[], placeOf: PlaceAt): readonly Problem[] {
  const golden = all.findIndex((element) => isObject(element) && isGolden(element));
  const plain = all.findIndex((element) => isObject(element) && !isGolden(element));
  if (golden === -1 || plain === -1) return [];
  const what = `quote ${golden} is a golden case, quote ${plain} a plain quote`;
  const place = placeOf(Math.max(golden, plain));
  return [{ code: 'QUOTES-MIXED', what, fix: 'Write all quotes of a file in the same form', place }];
}

function columnsOf(quote: JsonObject): readonly string[] {
  return Object.keys(quote).filter((key) => !key.startsWith('_'));
}

function describedBy(quote: JsonObject): string | undefined {
  const description = quote._description;
  return typeof description === 'string' && description.trim() !== '' ? description : undefined;
}

function faultProblem({ kind, offset, what }: JsonFault, placeAt: PlaceAt): Problem {
  return { ...FAULT_CODES[kind], what, place: placeAt(offset) };
}

function only(problem: Problem): { quotes: []; problems: [Problem] } {
  return { quotes: [], problems: [problem] };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : shown(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
