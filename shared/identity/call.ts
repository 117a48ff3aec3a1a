import { Interrupted, messageOf, ProviderError } from '../errors.ts';
import type { IdentityTools } from './identity-tools.ts';

/** A request to somebody who gives out tokens. */
export interface TokenCall {
  /** Who is asked, for people: `AWS STS`. */
  readonly whom: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** A form where it is given as one, JSON otherwise. */
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface TokenAnswer {
  readonly status: number;
  readonly text: string;
}

/** Statuses that another try, later, may change. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Asks until there is an answer that asking again would not change: a success or a refusal.
 * @param retryable true for a refusal that may go away, by what it says
 * @throws ProviderError LOGIN-BUSY, LOGIN-UNAVAILABLE, LOGIN-UNREACHABLE or LOGIN-TIMEOUT; Interrupted
 */
export function call(
  tools: IdentityTools,
  request: TokenCall,
  signal: AbortSignal,
  retryable: (answer: TokenAnswer) => boolean = () => false,
): Promise<TokenAnswer> {
  return tools.retry(
    async () => {
      const { response, text } = await send(tools, request, signal);
      const answer = { status: response.status, text };
      const busy = BUSY.has(answer.status) || retryable(answer);
      if (!busy && answer.status < 500) return answer;
      const retryAfterMs = tools.retryAfterMs(response.headers.get('retry-after') ?? undefined);
      const code = busy ? 'LOGIN-BUSY' : 'LOGIN-UNAVAILABLE';
      const problem = { code, what: `${request.whom} answered ${answer.status}`, fix: 'Run the step again later' };
      throw new ProviderError(problem, {
        status: answer.status,
        retryable: true,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    },
    { signal },
  );
}

async function send(
  tools: IdentityTools,
  request: TokenCall,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string }> {
  const { whom, url, method = 'POST', headers = {}, form, json } = request;
  const deadline = AbortSignal.timeout(tools.timeoutMs);
  const content = form ? { body: new URLSearchParams(form) } : json !== undefined ? { body: JSON.stringify(json) } : {};
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await tools.fetch(url, {
      method,
      headers: { accept: 'application/json', ...type, ...headers },
      redirect: 'error',
      signal: AbortSignal.any([signal, deadline]),
      ...content,
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    if (deadline.aborted) throw silence('LOGIN-TIMEOUT', `${whom} took over ${tools.timeoutMs} ms`, error);
    throw silence('LOGIN-UNREACHABLE', `${whom} could not be reached: ${causeOf(error)}`, error);
  }
}

function silence(code: string, what: string, cause: unknown): ProviderError {
  return new ProviderError(
    { code, what, fix: 'Check the network of the runner, then run the step again' },
    { retryable: true, cause },
  );
}

/** The deepest message: fetch wraps "fetch failed" around what happened. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? causeOf(cause) : messageOf(error);
}
