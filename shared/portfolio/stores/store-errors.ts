import { type ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import { portfolioError } from '../portfolio-errors.ts';

export type StoreAction = 'list' | 'read';

/** The words of one store: who it is, and what it calls things. */
export interface StoreWords {
  /** `Amazon S3`. */
  readonly store: string;
  /** `the bucket b`, as messages name it. */
  readonly bucket: string;
  /** What must be granted, and on what, for listing and for reading. */
  readonly permission: Readonly<Record<StoreAction, string>>;
  /** Where credentials are looked for. */
  readonly credentials: string;
}

export function bucketMissing({ store, bucket }: StoreWords): ConfigError {
  return portfolioError('PORTFOLIO-BUCKET', `${store} has not got ${bucket}`, 'Correct the address of the portfolio');
}

/** @param said what the store said of it, which may be nothing */
export function denied(words: StoreWords, action: StoreAction, said: string): ConfigError {
  const { store, bucket, permission } = words;
  const what = `${store} does not let this job ${action} in ${bucket}${said === '' ? '' : `: ${said}`}`;
  return portfolioError('PORTFOLIO-DENIED', what, `Grant ${permission[action]}`);
}

export function noCredentials({ store, bucket, credentials }: StoreWords, said: string): ConfigError {
  const what = `${store} asks who wants to read ${bucket}, and takes no answer that this job has${said === '' ? '' : `: ${said}`}`;
  return portfolioError('PORTFOLIO-CREDENTIALS', what, credentials);
}

/** Too many requests, or a bad moment of the store: another try may go well. */
export function busy(
  store: string,
  status: number | undefined,
  said: string,
  retryAfterMs: number | undefined,
): ProviderError {
  const answer = [status === undefined ? '' : ` ${status}`, said === '' ? '' : ` ${said}`].join('');
  const problem = {
    code: 'STORE-BUSY',
    what: `${store} answered${answer}, again and again`,
    fix: 'Run the step again later',
  };
  return new ProviderError(problem, {
    retryable: true,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

export function refused(store: string, status: number | undefined, said: string): ProviderError {
  const problem = {
    code: 'STORE-REFUSED',
    what: `${store} answered ${[status ?? '', said].join(' ').trim()}`,
    fix: 'Look at what it says; if it is no fault of the request, run the step again',
  };
  return new ProviderError(problem, { ...(status !== undefined && { status }) });
}

/** An answer that is none of the store's: a proxy, a login page. */
export function notUnderstood(store: string, status: number): ProviderError {
  return refused(store, status, 'with something that is no answer of its API');
}

/** An answer that ended before all of it was there. */
export function cut(store: string, got: number, expected: number): ProviderError {
  const problem = {
    code: 'STORE-CUT',
    what: `${store} sent ${got} of ${expected} bytes`,
    fix: 'Run the step again later',
  };
  return new ProviderError(problem, { retryable: true });
}

/** No answer: the connection failed, or time ran out. The address is not told: it may carry a key. */
export function silence(
  store: string,
  error: unknown,
  { signal, deadline, timeoutMs }: { signal: AbortSignal; deadline: AbortSignal; timeoutMs: number },
): Error {
  if (signal.aborted) return new Interrupted();
  const fix = 'Check the network of this machine, and the address of the store where one is set';
  const problem = deadline.aborted
    ? { code: 'STORE-TIMEOUT', what: `${store} did not answer within ${timeoutMs / 1000} s`, fix }
    : { code: 'STORE-UNREACHABLE', what: `${store} cannot be reached: ${causeOf(error)}`, fix };
  return new ProviderError(problem, { retryable: true, cause: error });
}

/** The deepest message: fetch and the SDK wrap what happened. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? causeOf(cause) : messageOf(error);
}
