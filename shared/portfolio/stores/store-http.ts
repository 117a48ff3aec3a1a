import { busy, cut, silence } from './store-errors.ts';
import type { StoreTools } from './store-tools.ts';

export interface StoreRequest {
  /** Who is asked, for people. */
  readonly store: string;
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly timeoutMs?: number;
  /** Bytes that a successful answer has; one that ended too early is asked for again. */
  readonly bytes?: number;
  /** Header that says which version is answered with, and the one that is wanted. */
  readonly version?: { readonly header: string; readonly wanted: string };
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks a store until it gives an answer that asking again would not change: a success or a refusal. The address may
 * carry a key, so it is in no error.
 * @throws ProviderError STORE-BUSY, STORE-CUT, STORE-UNREACHABLE, STORE-TIMEOUT; Interrupted
 */
export function askStore(tools: StoreTools, request: StoreRequest, signal: AbortSignal): Promise<StoreAnswer> {
  return tools.retry(
    async () => {
      const answer = await askOnce(tools, request, signal);
      const { bytes = answer.body.length } = request;
      if (answer.status < 300 && answer.body.length !== bytes) throw cut(request.store, answer.body.length, bytes);
      if (!BUSY.has(answer.status)) return answer;
      const retryAfterMs = tools.retryAfterMs(answer.headers.get('retry-after') ?? undefined);
      throw busy(request.store, answer.status, '', retryAfterMs);
    },
    { signal },
  );
}

async function askOnce(tools: StoreTools, request: StoreRequest, signal: AbortSignal): Promise<StoreAnswer> {
  const { store, url, method = 'GET', headers = {}, body, timeoutMs = tools.timeoutMs } = request;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await tools.fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, deadline]),
      ...(body !== undefined && { body }),
    });
    const content = new Uint8Array(await response.arrayBuffer());
    const status = response.ok && isOther(response.headers, request.version) ? PRECONDITION_FAILED : response.status;
    return { status, headers: response.headers, body: content };
  } catch (error) {
    throw silence(store, error, { signal, deadline, timeoutMs });
  }
}

export const PRECONDITION_FAILED = 412;

/** A store that heeds no precondition answers with the version that it has. */
function isOther(headers: Headers, version: StoreRequest['version']): boolean {
  const found = version && headers.get(version.header);
  return typeof found === 'string' && found !== version?.wanted;
}

export function textOf({ body }: Pick<StoreAnswer, 'body'>): string {
  return new TextDecoder().decode(body);
}

/** JSON of an answer; undefined where it is none. */
export function jsonOf(answer: Pick<StoreAnswer, 'body'>): unknown {
  try {
    return JSON.parse(textOf(answer));
  } catch {
    return undefined;
  }
}
