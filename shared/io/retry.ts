import { Interrupted, ProviderError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

export interface RetryPlan {
  /** Calls in all, the first one included; at least 1. */
  readonly attempts: number;
  /** Upper bound of the first wait, in milliseconds; it doubles with every further one. */
  readonly baseMs: number;
  /** Upper bound of any wait, in milliseconds, `Retry-After` included. */
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryPlan = { attempts: 5, baseMs: 200, capMs: 20_000 };

export interface RetryTools {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told before each wait. */
  readonly onRetry?: (error: ProviderError, waitMs: number, attempt: number) => void;
}

/**
 * Calls until it succeeds, up to `attempts` times, waiting in between: exponential backoff with full jitter, or the
 * provider's own `Retry-After` where it gave one. Only a ProviderError that says it is retryable is tried again. A
 * provider that asks for a longer wait than `capMs` is not asked again: a shorter wait than asked would be refused too.
 *
 * @param call told the number of the attempt, from 1.
 * @throws the last error as it was; Interrupted when the signal fires.
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export async function retry<T>(plan: RetryPlan, tools: RetryTools, call: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    if (tools.signal.aborted) throw new Interrupted();
    try {
      return await call(attempt);
    } catch (error) {
      const waitMs = attempt < plan.attempts ? waitAfter(error, plan, attempt, tools.random) : undefined;
      if (waitMs === undefined) throw error;
      tools.onRetry?.(error as ProviderError, waitMs, attempt);
      await tools.clock.sleep(waitMs, tools.signal);
    }
  }
}

/** Milliseconds to wait; undefined when the call must not be made again. */
function waitAfter(error: unknown, plan: RetryPlan, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof ProviderError) || !error.retryable) return undefined;
  const asked = error.retryAfterMs;
  if (asked !== undefined) return asked <= plan.capMs ? asked : undefined;
  return Math.floor(random() * Math.min(plan.capMs, plan.baseMs * 2 ** (attempt - 1)));
}

/**
 * Milliseconds from a `Retry-After` header: whole seconds or an HTTP date. Undefined where it is missing or neither.
 *
 * @param nowMs milliseconds since the epoch.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
