import type { Answer, Answers } from '../release/answers.ts';
import type { ServingAddress } from '../release/deployment.ts';
import type { QuoteRows } from '../release/quote-rows.ts';

/** What an address says of itself. Undefined where the server does not say. */
export interface ServingIdentity {
  readonly ok: boolean;
  readonly packageDigest: string | undefined;
  readonly releaseId: string | undefined;
  readonly deploymentId: string | undefined;
  /** The body of the health answer, for display. */
  readonly detail: string;
}

/** One row's answer, in the order of the request. */
export type ScoredRow = Answer;

export interface ScoreOptions {
  readonly signal: AbortSignal;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Ask for the answer as a stream of lines where the server can, whatever the number of rows: an answer must not
   * depend on how many rows travelled with it. Without it a request is what a live client sends.
   */
  readonly bulk?: boolean;
  /**
   * Rows that are answered alike may come back once, which is how Haute answers them: then there may be fewer answers
   * than rows, each different from the others, in the order in which they first came up.
   */
  readonly repeatsOnce?: boolean;
}

/** A service that prices quotes. */
export interface QuoteEndpoint {
  readonly address: ServingAddress;
  /** Asks which release answers. ProviderError ENDPOINT-UNREACHABLE when nothing does. */
  identify(options: ScoreOptions): Promise<ServingIdentity>;
  /**
   * One request with these rows as they are; one answer for each, in their order. A single row that the server refuses
   * is an answer, not an exception.
   * @throws ProviderError ENDPOINT-REFUSED when it refuses several rows together, which does not say which of them it
   *   means; ENDPOINT-TOO-LARGE, ENDPOINT-DENIED, ENDPOINT-NOT-FOUND, ENDPOINT-BUSY, ENDPOINT-DROPPED,
   *   ENDPOINT-TIMEOUT, ENDPOINT-UNREACHABLE, ENDPOINT-TRUNCATED, ENDPOINT-BAD-ANSWER. Interrupted when the signal fires.
   */
  score(rows: QuoteRows, options: ScoreOptions): Promise<Answers>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

/** Opens endpoints by address and wire shape. */
export interface QuoteEndpoints {
  open(address: ServingAddress): QuoteEndpoint;
}
