import type { ForgeTools } from '../forge-tools.ts';
import type { Refusal } from '../refusal.ts';

/** What octokit throws. @see https://github.com/octokit/request-error.js */
interface RequestError {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers: Readonly<Record<string, string | undefined>>; readonly data: unknown };
}

/** The answer that octokit threw; undefined where GitHub did not answer. */
export function readRefusal(error: unknown, tools: Pick<ForgeTools, 'clock' | 'retryAfterMs'>): Refusal | undefined {
  if (!isRequestError(error) || !error.response) return undefined;
  const { headers } = error.response;
  const accepted = headers['x-accepted-github-permissions'];
  const message = `${saidIn(error.response.data) ?? error.message}${accepted ? ` (it accepts ${accepted})` : ''}`;
  const tooOften = isLimit(error.status, headers, message);
  return {
    status: error.status,
    message,
    requestId: headers['x-github-request-id'],
    retryAfterMs: tooOften ? waitOf(headers, tools) : tools.retryAfterMs(headers['retry-after']),
    tooOften,
  };
}

/**
 * GitHub answers 403 as well as 429 when it is asked too often.
 * @see https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors
 */
function isLimit(status: number, headers: Readonly<Record<string, string | undefined>>, message: string): boolean {
  if (status !== 403 && status !== 429) return false;
  return (
    headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)
  );
}

function waitOf(
  headers: Readonly<Record<string, string | undefined>>,
  { clock, retryAfterMs }: Pick<ForgeTools, 'clock' | 'retryAfterMs'>,
): number | undefined {
  const asked = retryAfterMs(headers['retry-after']);
  if (asked !== undefined) return asked;
  const resetAt = Number(headers['x-ratelimit-reset']) * 1000;
  return headers['x-ratelimit-remaining'] === '0' && resetAt > 0 ? Math.max(0, resetAt - clock.now()) : undefined;
}

function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && error.name === 'HttpError' && 'status' in error;
}

function saidIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('message' in data)) return undefined;
  return typeof data.message === 'string' ? data.message : undefined;
}
