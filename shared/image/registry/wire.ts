import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { ConfigError, Interrupted, ProviderError } from '../../errors.ts';
import { VERSION } from '../../version.ts';
import { elsewhere, nextAddress, tooManyRedirects, unexpectedRedirect } from './address.ts';
import type { RegistryTools } from './registry-tools.ts';
import { timedOut, transportError } from './transport-errors.ts';

export interface WireBody {
  /** Bytes. */
  readonly length: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` and to no other. */
  readonly authorization?: string | undefined;
  readonly body?: WireBody | Uint8Array | string;
  readonly signal: AbortSignal;
  /** A whole request within its time, its answer included; without it each byte has its own. */
  readonly timed: boolean;
  /** Not followed to another origin. */
  readonly staysHome?: boolean;
  /** Milliseconds until the answer begins; as long as for a byte where it is not given. */
  readonly answerMs?: number;
}

/** An answer whose body has to be read or discarded. */
export interface WireAnswer {
  readonly status: number;
  /** Where it came from, after redirects. */
  readonly url: URL;
  header(name: string): string | undefined;
  headers(name: string): readonly string[];
  /** The body as it comes. @throws ProviderError REGISTRY-DROPPED, REGISTRY-TIMEOUT; Interrupted */
  chunks(): AsyncGenerator<Uint8Array, void>;
  /** The body, or its first bytes where it is longer than that. */
  bytes(maxBytes: number): Promise<Uint8Array>;
  discard(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * One request, with redirects followed by hand: credentials stay with the host that they were sent to.
 * @throws ProviderError REGISTRY-UNREACHABLE, REGISTRY-DROPPED, REGISTRY-TIMEOUT, REGISTRY-REDIRECT; Interrupted
 */
export async function send(tools: RegistryTools, request: WireRequest): Promise<WireAnswer> {
  let { url, authorization } = request;
  for (let hops = 0; ; hops++) {
    const answer = await sendOnce(tools, { ...request, url, authorization });
    if (!REDIRECTS.has(answer.status)) return answer;
    await answer.discard();
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !KEEPS_METHOD.has(answer.status)) throw unexpectedRedirect(url, answer.status);
    if (hops === MAX_REDIRECTS) throw tooManyRedirects(url);
    const next = nextAddress(answer.header('location'), url, tools.insecure);
    if (next.origin !== url.origin && request.staysHome) throw elsewhere(url, next);
    if (next.origin !== url.origin) authorization = undefined;
    url = next;
  }
}

async function sendOnce(tools: RegistryTools, request: WireRequest): Promise<WireAnswer> {
  const { url, method, signal } = request;
  if (signal.aborted) throw new Interrupted();
  const deadline = request.timed ? AbortSignal.timeout(tools.limits.requestMs) : undefined;
  const explain = (error: unknown): Error => {
    if (signal.aborted) return new Interrupted();
    // What the source of a body throws is told as it is.
    if (error instanceof ProviderError || error instanceof ConfigError || error instanceof Interrupted) return error;
    return deadline?.aborted
      ? timedOut(url.host, `it took over ${tools.limits.requestMs / 1000} s`, error)
      : transportError(url.host, error);
  };
  const { body, length } = bodyOf(request.body);
  try {
    const stop = deadline ? AbortSignal.any([signal, deadline]) : signal;
    const asking = tools.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        'user-agent': `haute-deploy/${VERSION}`,
        // Digests are of the bytes as they are stored.
        'accept-encoding': 'identity',
        ...(length !== undefined && { 'content-length': String(length) }),
        ...request.headers,
        ...(request.authorization !== undefined && { authorization: request.authorization }),
      },
      ...(body !== undefined && { body }),
      signal: stop,
      headersTimeout: request.answerMs ?? tools.limits.idleMs,
      bodyTimeout: tools.limits.idleMs,
    });
    return answerOf(await unlessStopped(asking, stop), url, explain);
  } catch (error) {
    throw explain(error);
  }
}

/** Undici hears of a signal when it is connected, and not before: nobody waits for that. */
async function unlessStopped<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
  let stopped = (): void => undefined;
  const stopping = new Promise<never>((_, reject) => {
    stopped = () => reject(signal.reason);
    signal.addEventListener('abort', stopped, { once: true });
  });
  try {
    return await Promise.race([asking, stopping]);
  } finally {
    signal.removeEventListener('abort', stopped);
    asking.catch(() => undefined);
  }
}

function bodyOf(body: WireRequest['body']): { body?: string | Uint8Array | Readable; length?: number } {
  if (body === undefined) return {};
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  return { body: Readable.from(body.open(), { objectMode: false }), length: body.length };
}

function answerOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  explain: (error: unknown) => Error,
): WireAnswer {
  const all = (name: string): readonly string[] => {
    const value = headers[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (error) {
      throw explain(error);
    }
  }
  return {
    status: statusCode,
    url,
    header: (name) => all(name)[0],
    headers: all,
    chunks,
    async bytes(maxBytes) {
      const read: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of chunks()) {
        read.push(chunk);
        length += chunk.length;
        if (length >= maxBytes) break;
      }
      return Buffer.concat(read).subarray(0, maxBytes);
    },
    async discard() {
      try {
        await body.dump();
      } catch (error) {
        throw explain(error);
      }
    },
  };
}
