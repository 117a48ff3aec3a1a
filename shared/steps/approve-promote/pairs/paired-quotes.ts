import { ProviderError } from '../../../errors.ts';
import type { QuoteEndpoint, ScoredRow } from '../../../ports/quote-endpoint.ts';
import type { Deployment } from '../../../release/deployment.ts';
import type { JsonObject } from '../../../release/json.ts';
import type { StepContext } from '../../context.ts';
import type { CheckOutcome } from '../../promotion/runner.ts';
import type { DrawnPairs, DrawnQuote } from './draw-pairs.ts';
import { faultOfPair, isTold } from './judge-pair.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Quotes of the portfolio that both deployments are asked for in the same moment, each on its own address, while
 * traffic moves: some at every check, others each time.
 */
export class PairedQuotes {
  readonly #context: Pick<StepContext, 'endpoints'>;
  readonly #drawn: DrawnPairs | string;
  readonly #each: number;
  #next = 0;
  #compared = 0;
  #why = '';

  /** @param drawn why there are none, where that is so @param each quotes of one check */
  constructor(context: Pick<StepContext, 'endpoints'>, drawn: DrawnPairs | string, each: number) {
    this.#context = context;
    this.#drawn = drawn;
    this.#each = each;
  }

  /** How it went, for people and the evidence; undefined where nobody wanted to know. */
  get told(): string | undefined {
    if (this.#compared > 0) return `${this.#compared} quotes asked of both, as in the approved report`;
    return this.#why === '' ? undefined : `none: ${this.#why}`;
  }

  /** The outcome of the other checks with that of the pairs: theirs alone where it is no, or where nothing is paired. */
  async after(
    outcome: CheckOutcome,
    candidate: Deployment,
    current: Deployment | undefined,
    signal: AbortSignal,
  ): Promise<CheckOutcome> {
    if (this.#each === 0 || outcome.verdict === 'fail' || outcome.verdict === 'error') return outcome;
    const detail = (text: string): string => `${outcome.detail}; ${text}`;
    const why = whyNone(this.#drawn, candidate, current);
    if (why !== undefined) {
      this.#why = why;
      return { ...outcome, detail: detail(`not paired: ${why}`) };
    }
    const paired = await this.#compare(candidate, current as Deployment, signal);
    const verdict = paired.verdict === 'fail' ? 'fail' : outcome.verdict;
    return { verdict, detail: detail(paired.detail) };
  }

  async #compare(candidate: Deployment, current: Deployment, signal: AbortSignal): Promise<CheckOutcome> {
    const { report, quotes } = this.#drawn as DrawnPairs;
    const asked = this.#take(quotes);
    const sides = {
      current: this.#context.endpoints.open(current.address as NonNullable<Deployment['address']>),
      candidate: this.#context.endpoints.open(candidate.address as NonNullable<Deployment['address']>),
    };
    let compared = 0;
    try {
      for (const { row, input, approved } of asked) {
        const [before, now] = await Promise.all([
          answerOf(sides.current, input, signal),
          answerOf(sides.candidate, input, signal),
        ]);
        if (now instanceof ProviderError) return fail(row, `the candidate does not answer: ${now.problem.what}`);
        // A current deployment that is broken is no fault of the candidate, and may be why there is one.
        const current: ScoredRow =
          before instanceof ProviderError ? { ok: false, error: before.problem.what, status: before.status } : before;
        const fault = faultOfPair({ current, candidate: now }, report, approved);
        if (fault !== undefined) return fail(row, fault);
        if (current.ok || isTold(approved)) compared += 1;
      }
    } finally {
      await Promise.all([sides.current.close(), sides.candidate.close()]);
    }
    this.#compared += compared;
    if (compared > 0)
      return { verdict: 'pass', detail: `${compared} of ${asked.length} paired quotes as in the approved report` };
    this.#why = 'the current deployment answers none of the quotes';
    return { verdict: 'pass', detail: `not paired: ${this.#why}` };
  }

  /** The next of the drawn quotes, from the first again after the last. */
  #take(quotes: readonly DrawnQuote[]): readonly DrawnQuote[] {
    const count = Math.min(this.#each, quotes.length);
    const taken = Array.from(
      { length: count },
      (_, index) => quotes[(this.#next + index) % quotes.length] as DrawnQuote,
    );
    this.#next += count;
    return taken;
  }
}

function whyNone(
  drawn: DrawnPairs | string,
  candidate: Deployment,
  current: Deployment | undefined,
): string | undefined {
  if (typeof drawn === 'string') return drawn;
  if (!current || current.id === candidate.id) return 'there is nothing else to pair it with';
  if (!candidate.address || !current.address) return 'a deployment has no address of its own here';
  return drawn.quotes.length === 0 ? 'the portfolio has no rows' : undefined;
}

/** One quote as a live client asks it. A deployment that cannot be asked is the answer too. */
async function answerOf(
  endpoint: QuoteEndpoint,
  input: JsonObject,
  signal: AbortSignal,
): Promise<ScoredRow | ProviderError> {
  try {
    const [answer] = await endpoint.score([input], { signal, timeoutMs: REQUEST_TIMEOUT_MS });
    return answer ?? { ok: false, error: 'no answer', status: undefined };
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

function fail(row: number, why: string): CheckOutcome {
  return { verdict: 'fail', detail: `row ${row} of the portfolio: ${why}` };
}
