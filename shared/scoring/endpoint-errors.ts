import { messageOf, type Problem, ProviderError } from '../errors.ts';

/** What a server said when it did not answer with rows. */
export interface Refusal {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Statuses that another try, later, may change. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);
/** Too many bytes, or more memory than the server has: fewer rows may fit. */
const TOO_LARGE: ReadonlySet<number> = new Set([413, 507]);

/** True where the refusal is about the rows that were sent, not about the caller, the address or the moment. */
export function isAboutRows(status: number): boolean {
  return status >= 400 && status !== 401 && status !== 403 && status !== 404 && status !== 405 && !BUSY.has(status);
}

/** A refusal as an error, for one that is not about a single row. */
export function refusalError(refusal: Refusal): ProviderError {
  const { status, requestId, retryAfterMs } = refusal;
  const retryable = BUSY.has(status);
  return new ProviderError(problemOf(refusal), {
    status,
    retryable,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function problemOf(refusal: Refusal): Problem {
  const { status, url } = refusal;
  const what = `${url} answered ${describeRefusal(refusal)}`;
  if (status >= 300 && status < 400) {
    return {
      code: 'ENDPOINT-BAD-ANSWER',
      what,
      fix: 'Use the address that it redirects to; a login page is no quote service',
    };
  }
  if (status === 401 || status === 403) {
    return { code: 'ENDPOINT-DENIED', what, fix: 'Check the credentials in the headers for this address' };
  }
  if (status === 404 || status === 405) {
    return {
      code: 'ENDPOINT-NOT-FOUND',
      what,
      fix: 'Check the address; a deployment that is off answers like this too',
    };
  }
  if (BUSY.has(status))
    return { code: 'ENDPOINT-BUSY', what, fix: 'Look at the service and its log, then run the step again' };
  if (TOO_LARGE.has(status)) return { code: 'ENDPOINT-TOO-LARGE', what, fix: 'Send fewer rows in one request' };
  return { code: 'ENDPOINT-REFUSED', what, fix: 'Look at the log of the service' };
}

/** `422 contract_error: column age is missing`, or the start of whatever the body holds. */
export function describeRefusal(refusal: Pick<Refusal, 'status' | 'body'>): string {
  const text = saidIn(refusal.body);
  return text === '' ? String(refusal.status) : `${refusal.status} ${text}`;
}

function saidIn(body: string): string {
  const value = jsonOrUndefined(body);
  if (typeof value !== 'object' || value === null) return shorten(body);
  const { error_code: code, error, detail, message } = value as Record<string, unknown>;
  const said = [code, error, detail, message].filter((part) => part !== undefined && part !== null);
  return shorten(said.length > 0 ? said.map(asText).join(': ') : body);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** An answer that came and cannot be used. Another try may help only where it was cut on its way. */
export function badAnswer(url: string, why: string, kind: 'cut' | 'truncated' | 'wrong' = 'wrong'): ProviderError {
  const what = `${url}: ${why}`;
  if (kind === 'truncated') {
    return new ProviderError({ code: 'ENDPOINT-TRUNCATED', what, fix: 'Send fewer rows in one request' });
  }
  const fix = 'Check that the address is a quote service and look at its log';
  return new ProviderError({ code: 'ENDPOINT-BAD-ANSWER', what, fix }, { retryable: kind === 'cut' });
}

export function timedOut(url: string, timeoutMs: number): ProviderError {
  return new ProviderError(
    {
      code: 'ENDPOINT-TIMEOUT',
      what: `${url} did not answer within ${timeoutMs / 1000} s`,
      fix: 'Look at the load of the service, or allow more time',
    },
    { retryable: true },
  );
}

/** No connection, or one that ended before the answer did. Undici and the system name the cause by a code. */
export function transportError(url: string, error: unknown): ProviderError {
  const code = deepestCode(error);
  const dropped = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_.*|UND_ERR_ABORTED)$/.test(
    code,
  );
  const why = `${messageOf(error)}${code && !messageOf(error).includes(code) ? ` (${code})` : ''}`;
  return dropped
    ? new ProviderError(
        {
          code: 'ENDPOINT-DROPPED',
          what: `${url} ended the connection: ${why}`,
          fix: 'Look at the log of the service',
        },
        { retryable: true, cause: error },
      )
    : new ProviderError(
        {
          code: 'ENDPOINT-UNREACHABLE',
          what: `nothing answers at ${url}: ${why}`,
          fix: 'Check the address, that the service runs, and that this machine may connect to it',
        },
        { retryable: true, cause: error },
      );
}

function deepestCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const below = deepestCode(error.cause);
  return below || ('code' in error && typeof error.code === 'string' ? error.code : '');
}
