import type { Clock } from '../ports/clock.ts';
import type { Retry } from '../ports/retry.ts';

/** What a forge uses of the outside. */
export interface ForgeTools {
  /** Makes the requests, where the client of a forge lets another make them. */
  readonly fetch: typeof globalThis.fetch;
  readonly retry: Retry;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that a `Retry-After` header asks to wait; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Markdown cut to a number of UTF-8 bytes, so that what is left still reads. */
  readonly fitMarkdown: (markdown: string, limitBytes: number) => string;
  /** Told what a person may want to know and no answer says: no change request, a retry. One line. */
  readonly note: (line: string) => void;
  /** Time one request may take, in milliseconds. */
  readonly timeoutMs: number;
}
