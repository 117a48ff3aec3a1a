import type { ForgeTools } from '../forge-tools.ts';
import type { Refusal } from '../refusal.ts';

/** An answer that the client does not take for an error, and we do. */
export class AzureRefusal extends Error {
  override readonly name = 'AzureRefusal';
  readonly statusCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;

  constructor(statusCode: number, message: string, responseHeaders: Readonly<Record<string, string>>) {
    super(message);
    this.statusCode = statusCode;
    this.responseHeaders = responseHeaders;
  }
}

/** The answer that the client threw; undefined where nobody answered. */
export function refusalOf(error: unknown, { retryAfterMs }: Pick<ForgeTools, 'retryAfterMs'>): Refusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const { statusCode, responseHeaders = {} } = error as {
    statusCode: number;
    responseHeaders?: Record<string, string>;
  };
  return {
    status: isSignIn(statusCode) ? 401 : statusCode,
    message: isSignIn(statusCode) ? 'a page to sign in' : error.message,
    requestId: responseHeaders['x-vss-e2eid'],
    retryAfterMs: retryAfterMs(responseHeaders['retry-after']),
    tooOften: false,
  };
}

/** A token that is not accepted leads to a page to sign in, by 203 or by a redirect. */
function isSignIn(status: number): boolean {
  return status === 203 || status === 302;
}
