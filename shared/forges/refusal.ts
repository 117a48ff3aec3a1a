import { ConfigError, type Place, type Problem, ProviderError } from '../errors.ts';

/** What was asked of a forge. */
export interface Asked {
  /** `the reviews of pull request 7`. */
  readonly what: string;
  /** What a token needs for it, as the forge calls it: `pull-requests: read`. */
  readonly permission: string;
}

/** An answer other than a success. */
export interface Refusal {
  readonly status: number;
  /** What the forge said. */
  readonly message: string;
  readonly requestId: string | undefined;
  /** Milliseconds that it asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** True where it refuses because it was asked too often, whatever the status. */
  readonly tooOften: boolean;
}

/** How a forge's users give a token what it lacks. */
export interface Granting {
  /** `GitHub`. */
  readonly forge: string;
  /** What to do, in the imperative, and in which file. */
  readonly grant: (permission: string) => { readonly fix: string; readonly place?: Place };
  /** How to get a token that is valid. */
  readonly renew: string;
}

/**
 * A refusal as an error: what the user must change, or what the forge failed to do. Never a denial, never an approval.
 * @returns ConfigError FORGE-TOKEN, FORGE-PERMISSION or FORGE-NOT-FOUND; ProviderError FORGE-BUSY, FORGE-UNAVAILABLE or
 *   FORGE-REFUSED
 */
export function refusalError({ forge, grant, renew }: Granting, asked: Asked, refusal: Refusal): Error {
  const { status, message } = refusal;
  const what = `${forge} answered ${status} when asked for ${asked.what}${message === '' ? '' : `: ${shorten(message)}`}`;
  if (refusal.tooOften || status === 429) {
    return providerError({ code: 'FORGE-BUSY', what, fix: busyFix(refusal.retryAfterMs) }, refusal, true);
  }
  if (status === 401) {
    return new ConfigError({ code: 'FORGE-TOKEN', what, fix: renew });
  }
  if (status === 403) return new ConfigError({ code: 'FORGE-PERMISSION', what, ...grant(asked.permission) });
  if (status === 404 || status === 410) {
    const { fix, place } = grant(asked.permission);
    const either = `It is not there, or the token may not see it. If it is there: ${lowerFirst(fix)}`;
    return new ConfigError({ code: 'FORGE-NOT-FOUND', what, fix: either, ...(place && { place }) });
  }
  if (status === 408 || status >= 500) {
    return providerError(
      { code: 'FORGE-UNAVAILABLE', what, fix: `Look at the status page of ${forge}, then run the step again` },
      refusal,
      true,
    );
  }
  return providerError(
    { code: 'FORGE-REFUSED', what, fix: 'Read what it said; the request itself was refused' },
    refusal,
    false,
  );
}

function providerError(
  problem: Problem,
  { status, requestId, retryAfterMs }: Refusal,
  retryable: boolean,
): ProviderError {
  return new ProviderError(problem, {
    status,
    retryable,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function busyFix(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined) return 'Run the step again later; fewer jobs at a time ask less often';
  return `Run the step again in ${Math.ceil(retryAfterMs / 1000)} s or later; fewer jobs at a time ask less often`;
}

/** One line, short enough to read. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
