import { Interrupted, messageOf } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QuoteEndpoint, ScoredRow } from '../../ports/quote-endpoint.ts';
import { describeMismatch, describeQuote, judgeAnswer } from '../../project/judge-answer.ts';
import type { TestQuote } from '../../project/test-quote.ts';
import { canonicalJson } from '../../release/canonical-json.ts';
import type { JsonObject } from '../../release/json.ts';

/** How one test quote went on a live address. */
export interface QuoteOutcome {
  readonly quote: TestQuote;
  /** Empty when the answer was as expected. */
  readonly faults: readonly string[];
  /** Time of the single-row request, in milliseconds; undefined where there was no answer. */
  readonly ms: number | undefined;
  /** What was answered; undefined where nothing was. */
  readonly row: JsonObject | undefined;
}

export interface AskOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Fraction allowed where a quote has no tolerance of its own. */
  readonly tolerance: number;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Asks once and throws the answer away: the first quote that a fresh server prices makes it load its models, which is
 * true of every deployment and says nothing of how fast it answers its callers.
 */
export async function warmUp(
  endpoint: QuoteEndpoint,
  quotes: readonly TestQuote[],
  options: AskOptions,
): Promise<void> {
  await askQuotes(endpoint, quotes.slice(0, 1), options);
}

/** Asks an address for every quote, one row a request, and judges the answers. A failed request is a fault, not an exception. */
export async function askQuotes(
  endpoint: QuoteEndpoint,
  quotes: readonly TestQuote[],
  options: AskOptions,
): Promise<readonly QuoteOutcome[]> {
  const outcomes: QuoteOutcome[] = [];
  for (const quote of quotes) outcomes.push(await askOne(endpoint, quote, options));
  return outcomes;
}

/**
 * Asks for the quotes again, all in one request, and compares with what each was answered alone: servers take another
 * path for many rows than for one. Haute gives rows that are answered alike only once, so of those one is asked for.
 * @param alone how the quotes went one by one; those without an answer are left out
 * @returns one outcome for each quote that was asked for; empty for fewer than two
 */
export async function askTogether(
  endpoint: QuoteEndpoint,
  alone: readonly QuoteOutcome[],
  options: Pick<AskOptions, 'signal' | 'timeoutMs'>,
): Promise<readonly QuoteOutcome[]> {
  const asked = differentAnswers(alone);
  if (asked.length < 2) return [];
  try {
    const rows = await endpoint.score(
      asked.map(({ quote }) => quote.input),
      { signal: options.signal, timeoutMs: options.timeoutMs },
    );
    return asked.map(({ quote, row }, index) => compareWithAlone(quote, row, rows.at(index)));
  } catch (error) {
    rethrowInterruption(error, options.signal);
    return asked.map(({ quote }) => ({ quote, faults: [messageOf(error)], ms: undefined, row: undefined }));
  }
}

/** Sums over many rows may be taken in another order: far below a penny of any premium. */
const ROUNDING = 1e-12;

type Answered = QuoteOutcome & { readonly row: JsonObject };

function differentAnswers(alone: readonly QuoteOutcome[]): readonly Answered[] {
  const byAnswer = new Map<string, Answered>();
  for (const outcome of alone) {
    const { row } = outcome;
    if (row && !byAnswer.has(comparable(row))) byAnswer.set(comparable(row), { ...outcome, row });
  }
  return [...byAnswer.values()];
}

function compareWithAlone(quote: TestQuote, alone: JsonObject, answer: ScoredRow | undefined): QuoteOutcome {
  if (!answer?.ok) return { quote, faults: [answer?.error ?? 'no answer'], ms: undefined, row: undefined };
  const asAlone: TestQuote = { ...quote, expected: alone, tolerance: ROUNDING };
  const faults = judgeAnswer(asAlone, withNulls(asAlone, answer.row), 0).map(
    ({ column, actual, expected }) =>
      `${column} is ${JSON.stringify(actual)} in one request with the others, and ${JSON.stringify(expected)} alone`,
  );
  return { quote, faults, ms: undefined, row: answer.row };
}

/** One line for each fault: which quote, and what is wrong with its answer. */
export function describeFaults(outcomes: readonly QuoteOutcome[]): readonly string[] {
  return outcomes.flatMap(({ quote, faults }) => faults.map((fault) => `${describeQuote(quote)}: ${fault}`));
}

async function askOne(endpoint: QuoteEndpoint, quote: TestQuote, options: AskOptions): Promise<QuoteOutcome> {
  const start = options.clock.now();
  try {
    const [row] = await endpoint.score([quote.input], { signal: options.signal, timeoutMs: options.timeoutMs });
    const ms = options.clock.now() - start;
    return { quote, faults: faultsOf(quote, row, options.tolerance), ms, row: row?.ok ? row.row : undefined };
  } catch (error) {
    rethrowInterruption(error, options.signal);
    return { quote, faults: [messageOf(error)], ms: undefined, row: undefined };
  }
}

function faultsOf(quote: TestQuote, row: ScoredRow | undefined, tolerance: number): readonly string[] {
  if (!row) return ['no answer'];
  if (!row.ok) return [row.error];
  return judgeAnswer(quote, withNulls(quote, row.row), tolerance).map(describeMismatch);
}

/**
 * Haute's JSON answers leave out what is null, so on the wire a column that is not there is null. That the pipeline
 * has the column at all was seen in process, where nulls are there.
 */
function withNulls(quote: TestQuote, row: JsonObject): JsonObject {
  const absent = Object.keys(quote.expected ?? {}).filter((column) => !Object.hasOwn(row, column));
  return { ...row, ...Object.fromEntries(absent.map((column) => [column, null])) };
}

/** An answer as text to compare by, the same whether its nulls were sent or left out. */
function comparable(row: JsonObject): string {
  return canonicalJson(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}

function rethrowInterruption(error: unknown, signal: AbortSignal): void {
  if (signal.aborted || error instanceof Interrupted) throw error;
}
