import type { Dispatcher } from 'undici';
import { Interrupted, ProviderError } from '../errors.ts';
import type { QuoteEndpoint, ScoreOptions, ServingIdentity } from '../ports/quote-endpoint.ts';
import type { Answers } from '../release/answers.ts';
import { type ServingAddress, shownUrl } from '../release/deployment.ts';
import type { QuoteRows } from '../release/quote-rows.ts';
import { BadAnswer } from './answer-rows.ts';
import { answersIn } from './answers-in.ts';
import {
  badAnswer,
  describeRefusal,
  isAboutRows,
  type Refusal,
  refusalError,
  timedOut,
  transportError,
} from './endpoint-errors.ts';
import type { RowEncoder } from './row-encoder.ts';
import { ENVELOPE_ROW_LIMIT, pathUnder, WIRE_SHAPES, type WireShape } from './wire-shapes.ts';

/** Most bytes of an answer that are read, so that a broken server cannot fill the memory. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface EndpointTools {
  readonly pool: Dispatcher;
  readonly encoder: RowEncoder;
  /** Milliseconds from a `Retry-After` header; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
}

/** A quote service over HTTP. Holds its connections until it is closed. */
export class HttpQuoteEndpoint implements QuoteEndpoint {
  readonly address: ServingAddress;
  readonly #tools: EndpointTools;
  readonly #shape: WireShape;
  readonly #quoteUrl: string;
  readonly #healthUrl: string;

  constructor(address: ServingAddress, tools: EndpointTools) {
    this.address = address;
    this.#tools = tools;
    this.#shape = WIRE_SHAPES[address.wire];
    this.#quoteUrl = pathUnder(address.url, this.#shape.quotePath);
    this.#healthUrl = pathUnder(address.url, '/health');
  }

  async identify(options: ScoreOptions): Promise<ServingIdentity> {
    const reply = await this.#ask(this.#healthUrl, { method: 'GET', headers: { accept: 'application/json' } }, options);
    return {
      ok: reply.status >= 200 && reply.status < 300,
      packageDigest: header(reply, 'x-haute-package'),
      releaseId: header(reply, 'x-haute-release'),
      deploymentId: header(reply, 'x-haute-deployment'),
      detail: reply.body.toString(),
    };
  }

  async score(rows: QuoteRows, options: ScoreOptions): Promise<Answers> {
    if (rows.length === 0) return [];
    const body = this.#tools.encoder.encode(rows, this.#shape);
    if (body.length > this.#shape.maxBodyBytes && rows.length > 1) {
      throw refusalError(this.#refusal(413, `the request has ${body.length} bytes, more than such a service takes`));
    }
    const asLines = this.#shape.lines && (options.bulk === true || rows.length > ENVELOPE_ROW_LIMIT);
    const headers = {
      'content-type': 'application/json',
      accept: asLines ? 'application/x-ndjson, application/json;q=0.5' : 'application/json',
    };
    const reply = await this.#ask(this.#quoteUrl, { method: 'POST', headers, body }, options);
    if (reply.status === 200) return this.#scored(reply, rows.length, options.repeatsOnce);
    const refusal = this.#refusal(reply.status, reply.body.toString(), reply);
    if (rows.length > 1 || !isAboutRows(reply.status)) throw refusalError(refusal);
    return [{ ok: false, error: describeRefusal(refusal), status: reply.status }];
  }

  async close(): Promise<void> {
    await this.#tools.pool.close();
  }

  #scored(reply: Reply, expected: number, repeatsOnce: boolean | undefined): Answers {
    try {
      return answersIn(reply.body, header(reply, 'content-type') ?? '', expected, repeatsOnce);
    } catch (error) {
      if (error instanceof BadAnswer) throw badAnswer(shownUrl(this.#quoteUrl), error.message, error.kind);
      throw error;
    }
  }

  #refusal(status: number, body: string, reply?: Reply): Refusal {
    return {
      url: shownUrl(this.#quoteUrl),
      status,
      body,
      requestId: reply && (header(reply, 'x-request-id') ?? header(reply, 'x-baseten-request-id')),
      retryAfterMs: reply && this.#tools.retryAfterMs(header(reply, 'retry-after')),
    };
  }

  /** One request within its time. Header values are sent and never part of an error. */
  async #ask(
    url: string,
    request: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
    options: ScoreOptions,
  ): Promise<Reply> {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const { origin, pathname, search } = new URL(url);
    const shown = shownUrl(url);
    try {
      const answer = await this.#tools.pool.request({
        origin,
        path: `${pathname}${search}`,
        method: request.method,
        headers: { ...this.address.headers, ...(request.headers as Record<string, string>) },
        ...(request.body !== undefined && { body: request.body }),
        signal: AbortSignal.any([options.signal, timeout]),
      });
      return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer.body, shown) };
    } catch (error) {
      if (options.signal.aborted) throw new Interrupted();
      if (timeout.aborted) throw timedOut(shown, options.timeoutMs);
      throw error instanceof ProviderError ? error : transportError(shown, error);
    }
  }
}

async function readBody(body: AsyncIterable<Uint8Array>, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw badAnswer(url, `the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function header(reply: Reply, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
