import type { Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import type { Retry } from '../../ports/retry.ts';
import type { Credentials } from '../login/credentials.ts';

/** What the client of registries uses of the outside. */
export interface RegistryTools {
  /** Connections. It follows no redirect by itself. */
  readonly dispatcher: Dispatcher;
  readonly credentials: Credentials;
  readonly retry: Retry;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds from a `Retry-After` header; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Hides a secret from all output of this process. Called before anything else is done with one. */
  readonly mask: (secret: string) => void;
  /** Text with every hidden secret taken out. */
  readonly redact: (text: string) => string;
  /** A line for the log: what is tried again, and why. */
  readonly note: (line: string) => void;
  /** Hosts, with their ports, that are spoken to over plain http though they are not this machine. */
  readonly insecure: readonly string[];
  readonly limits: RegistryLimits;
}

export interface RegistryLimits {
  /** Milliseconds in which a registry must take or give a byte. */
  readonly idleMs: number;
  /** Milliseconds for a whole request without a blob: a token, a manifest, a list. */
  readonly requestMs: number;
  /** Blobs up to as many bytes go in one request. */
  readonly wholeBytes: number;
  /** Bytes of each request of a larger blob. */
  readonly chunkBytes: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: RegistryLimits = {
  idleMs: 60_000,
  requestMs: 120_000,
  wholeBytes: 16 * MIB,
  chunkBytes: 32 * MIB,
};
