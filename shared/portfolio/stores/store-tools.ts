import type { Clock } from '../../ports/clock.ts';
import type { Federation } from '../../ports/identity.ts';
import type { Retry } from '../../ports/retry.ts';

export type StoreEnv = Readonly<Record<string, string | undefined>>;

/** What object stores use of the outside. */
export interface StoreTools {
  /** Where credentials are found by their usual names. */
  readonly env: StoreEnv;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Pick<Clock, 'now'>;
  readonly retry: Retry;
  /** Milliseconds that a `Retry-After` header asks to wait; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Hides a secret from all output of this process. Called before anything else is done with one. */
  readonly mask: (secret: string) => void;
  /** Content of a file of credentials; undefined where there is none. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Logs in as the job; undefined where it has no identity. */
  readonly federation: Federation | undefined;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
}
