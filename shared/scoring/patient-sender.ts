import { ProviderError } from '../errors.ts';
import type { QuoteEndpoint } from '../ports/quote-endpoint.ts';
import type { Answers } from '../release/answers.ts';
import type { QuoteRows } from '../release/quote-rows.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';

/**
 * Calls again, with waits in between, while it throws a ProviderError that is retryable; throws the last one when
 * patience is over.
 */
export type Retry = <T>(
  call: () => Promise<T>,
  tools: { readonly signal: AbortSignal; readonly onRetry: (error: ProviderError, waitMs: number) => void },
) => Promise<T>;

export interface SenderTools {
  readonly limit: ConcurrencyLimit;
  readonly retry: Retry;
  readonly signal: AbortSignal;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly warn: (line: string) => void;
}

/** Sends batches to one address, not more at once than it bears, and waits out its bad moments. */
export class PatientSender {
  readonly #endpoint: QuoteEndpoint;
  readonly #tools: SenderTools;

  constructor(endpoint: QuoteEndpoint, tools: SenderTools) {
    this.#endpoint = endpoint;
    this.#tools = tools;
  }

  /**
   * @param tries times to send them at most, where that is less than there is patience for
   * @throws what the endpoint throws, when trying again does not help
   */
  async send(rows: QuoteRows, tries = Number.POSITIVE_INFINITY): Promise<Answers> {
    for (;;) {
      const sent = await this.#tools.limit.run(() => this.#sendNow(rows, tries));
      if (sent !== 'crowded') return sent;
      this.#tools.limit.lower();
    }
  }

  async #sendNow(rows: QuoteRows, tries: number): Promise<Answers | 'crowded'> {
    const { limit, retry, signal, warn } = this.#tools;
    const crowdedBefore = limit.inFlight > 1;
    const onRetry = (error: ProviderError, waitMs: number): void => {
      if (error.problem.code === 'ENDPOINT-BUSY') limit.lower();
      warn(`trying again in ${(waitMs / 1000).toFixed(1)} s: ${error.problem.what}`);
    };
    let tried = 0;
    const sent = await retry(() => this.#sendOnce(rows, ++tried >= tries), { signal, onRetry });
    if (!(sent instanceof ProviderError)) return sent;
    if (sent.status === OUT_OF_MEMORY && (crowdedBefore || limit.inFlight > 1)) return 'crowded';
    throw sent;
  }

  /** A timeout is an error to hand on and not to try again: the same rows would take as long. */
  async #sendOnce(rows: QuoteRows, isLast: boolean): Promise<Answers | ProviderError> {
    const { signal, timeoutMs } = this.#tools;
    try {
      return await this.#endpoint.score(rows, { signal, timeoutMs, bulk: true });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const { code } = error.problem;
      // A server that is gone has not seen the rows.
      if (!error.retryable || code === 'ENDPOINT-TIMEOUT' || (isLast && code !== 'ENDPOINT-UNREACHABLE')) return error;
      throw error;
    }
  }
}

/** A Haute container answers this to a second batch at the same time, as it gives all its memory to the first. */
const OUT_OF_MEMORY = 507;
