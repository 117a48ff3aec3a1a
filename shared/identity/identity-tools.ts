import type { Clock } from '../ports/clock.ts';
import type { Retry } from '../ports/retry.ts';

/** What logging in uses of the outside. */
export interface IdentityTools {
  readonly fetch: typeof globalThis.fetch;
  /** Hides a secret from all output of this process. Called before anything else is done with one. */
  readonly mask: (secret: string) => void;
  readonly retry: Retry;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that a `Retry-After` header asks to wait; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
}
