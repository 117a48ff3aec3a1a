import type { ProviderError } from '../errors.ts';

export interface RetryTools {
  readonly signal: AbortSignal;
  /** Told before each wait. */
  readonly onRetry?: (error: ProviderError, waitMs: number) => void;
}

/**
 * Calls until it succeeds, a bounded number of times, waiting with jitter in between. Only a ProviderError that says it
 * is retryable is tried again. @throws the last error as it was; Interrupted when the signal fires
 */
export type Retry = <T>(call: () => Promise<T>, tools: RetryTools) => Promise<T>;
