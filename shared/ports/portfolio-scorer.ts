import type { Answers } from '../release/answers.ts';
import type { QuoteRows } from '../release/quote-rows.ts';
import type { QuoteEndpoint } from './quote-endpoint.ts';

/** Some rows of the portfolio with the answers of both addresses, one for each row, in the order of the rows. */
export interface ScoredBatch {
  readonly rows: QuoteRows;
  readonly staging: Answers;
  /** Undefined where production serves nothing yet. */
  readonly production: Answers | undefined;
}

export interface ScoringProgress {
  readonly rows: number;
  /** Undefined where the number of rows was not given. */
  readonly total: number | undefined;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number | undefined;
}

export interface ScorePortfolioOptions {
  readonly signal: AbortSignal;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Requests in flight at one address. */
  readonly concurrency: number;
  /** Rows to come, where known: for the time left. */
  readonly total: number | undefined;
  readonly progress: (progress: ScoringProgress) => void;
  /** Told what went wrong and what is done about it: a retry, a smaller batch, a row singled out. */
  readonly warn: (line: string) => void;
}

/** The addresses to compare. */
export interface ScoredSides {
  readonly staging: QuoteEndpoint;
  /** Undefined where there is none. One that answers 404 to the first rows counts as none: nothing is deployed there. */
  readonly production: QuoteEndpoint | undefined;
}

/** Scores a portfolio on one or two addresses at once. */
export interface PortfolioScorer {
  /**
   * Batches in the order of the rows, whatever the order of the answers. Reads rows only as fast as they are scored.
   * A row that a server cannot price is an answer with an error, never an exception.
   * @throws ProviderError when an address is gone, refuses the caller, or prices no row at all; Interrupted
   */
  score(rows: AsyncIterable<QuoteRows>, sides: ScoredSides, options: ScorePortfolioOptions): AsyncIterable<ScoredBatch>;
}
