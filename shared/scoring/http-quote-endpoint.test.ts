import { afterEach, describe, expect, it } from 'vitest';
import { type Handler, hauteLike, json, QuoteServer, text } from '../../tests/impact/quote-server.ts';
import { ConfigError, Interrupted, ProviderError } from '../errors.ts';
import type { QuoteEndpoint, ScoreOptions } from '../ports/quote-endpoint.ts';
import type { ServingAddress } from '../release/deployment.ts';
import type { JsonObject } from '../release/json.ts';
import { HttpQuoteEndpoints } from './http-quote-endpoints.ts';

const PRICED = hauteLike((row) => ({ id: row.id ?? null, premium: 100 }));
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(handler: Handler): Promise<QuoteServer> {
  const server = await QuoteServer.start(handler);
  closers.push(() => server.stop());
  return server;
}

function endpoint(address: ServingAddress): QuoteEndpoint {
  const opened = new HttpQuoteEndpoints({
    retryAfterMs: (header) => (header ? Number(header) * 1000 : undefined),
  }).open(address);
  closers.push(() => opened.close());
  return opened;
}

function options(over: Partial<ScoreOptions> = {}): ScoreOptions {
  return { signal: new AbortController().signal, timeoutMs: 5_000, ...over };
}

function rows(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, id) => ({ id }));
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`);
  return error;
}

describe('scoring on a Haute container', () => {
  it('posts an array and answers each row in order', async () => {
    const server = await serve(PRICED);
    const answers = await endpoint({ url: server.url, wire: 'haute' }).score(rows(2), options());
    expect(answers).toEqual([
      { ok: true, row: { id: 0, premium: 100 } },
      { ok: true, row: { id: 1, premium: 100 } },
    ]);
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/quote', body: '[{"id":0},{"id":1}]' }]);
  });

  it.each([
    ['a few rows, as a live client asks', 2, false, 'application/json'],
    ['more rows than an envelope holds', 1001, false, 'application/x-ndjson, application/json;q=0.5'],
    ['one row of many to be compared', 1, true, 'application/x-ndjson, application/json;q=0.5'],
  ])('asks for the right form: %s', async (_, count, bulk, accept) => {
    const server = await serve(PRICED);
    expect(await endpoint({ url: server.url, wire: 'haute' }).score(rows(count), options({ bulk }))).toHaveLength(
      count,
    );
    expect(server.requests[0]?.headers.accept).toBe(accept);
  });

  it('does not take an envelope of 1,000 rows for the answer to 1,001', async () => {
    const server = await serve((request, response) => {
      const all = JSON.parse(request.body) as unknown[];
      json(response, 200, {
        rows: all.slice(0, 1000),
        row_count: all.length,
        returned_rows: 1000,
        truncated: true,
        limit: 1000,
      });
    });
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(1001), options()));
    expect(error.problem.code).toBe('ENDPOINT-TRUNCATED');
    expect(error.message).toContain('truncated to 1000 of 1001 rows');
  });

  it('keeps its connections for requests that follow each other', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((request, response) => {
      ports.add(response.socket?.remotePort);
      return PRICED(request, response);
    });
    const opened = endpoint({ url: server.url, wire: 'haute' });
    for (let i = 0; i < 20; i++) await opened.score(rows(1), options());
    expect(ports.size).toBeLessThan(4);
  });

  it('answers no rows without asking', async () => {
    const server = await serve(PRICED);
    expect(await endpoint({ url: server.url, wire: 'haute' }).score([], options())).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('does not send a body that such a server cannot take', async () => {
    const server = await serve(PRICED);
    const big = [{ text: 'x'.repeat(5_000_000) }, { text: 'x'.repeat(5_000_000) }];
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(big, options()));
    expect(error.problem.code).toBe('ENDPOINT-TOO-LARGE');
    expect(server.requests).toEqual([]);
  });
});

describe('addresses and wire shapes', () => {
  it.each([
    ['haute', '', '/quote'],
    ['haute', '/', '/quote'],
    ['haute', '/motor/', '/motor/quote'],
    ['haute', '/motor/quote', '/motor/quote'],
    ['haute', '/motor?code=1', '/motor/quote?code=1'],
    ['databricks', '/serving-endpoints/motor', '/serving-endpoints/motor/invocations'],
    ['databricks', '/serving-endpoints/motor/invocations', '/serving-endpoints/motor/invocations'],
    ['baseten', '/environments/staging', '/environments/staging/predict'],
  ] as const)('%s at %j is asked at %s', async (wire, suffix, path) => {
    const server = await serve((_, response) => json(response, 200, [{ premium: 1 }]));
    await endpoint({ url: server.url + suffix, wire }).score(rows(1), options());
    expect(server.requests[0]?.path).toBe(path);
  });

  it('wraps rows into dataframe_records for Databricks and reads predictions', async () => {
    const server = await serve((_, response) => json(response, 200, { predictions: [{ premium: 1 }] }));
    const answers = await endpoint({ url: server.url, wire: 'databricks' }).score(rows(1), options());
    expect(server.requests[0]?.body).toBe('{"dataframe_records":[{"id":0}]}');
    expect(answers).toEqual([{ ok: true, row: { premium: 1 } }]);
  });

  it('sends the headers of the address', async () => {
    const server = await serve(PRICED);
    await endpoint({ url: server.url, wire: 'haute', headers: { authorization: 'Bearer s3cret' } }).score(
      rows(1),
      options(),
    );
    expect(server.requests[0]?.headers.authorization).toBe('Bearer s3cret');
  });

  it.each(['motor', 'file:///etc/passwd', 'http://user:pw@host', ''])('%j is refused', (url) => {
    expect(() => endpoint({ url, wire: 'haute' })).toThrow(ConfigError);
  });

  it('never shows a password', () => {
    expect(() => endpoint({ url: 'https://user:hunter2@host/', wire: 'haute' })).toThrow(/^(?!.*hunter2)/);
  });
});

describe('a server that does not answer with rows', () => {
  it.each([
    [400, 'ENDPOINT-REFUSED', false],
    [401, 'ENDPOINT-DENIED', false],
    [403, 'ENDPOINT-DENIED', false],
    [404, 'ENDPOINT-NOT-FOUND', false],
    [413, 'ENDPOINT-TOO-LARGE', false],
    [422, 'ENDPOINT-REFUSED', false],
    [429, 'ENDPOINT-BUSY', true],
    [500, 'ENDPOINT-REFUSED', false],
    [502, 'ENDPOINT-BUSY', true],
    [503, 'ENDPOINT-BUSY', true],
    [504, 'ENDPOINT-BUSY', true],
    [507, 'ENDPOINT-TOO-LARGE', false],
    [302, 'ENDPOINT-BAD-ANSWER', false],
  ])('%i to several rows is %s', async (status, code, retryable) => {
    const server = await serve((_, response) =>
      json(response, status, { error_code: 'x', detail: 'why' }, { 'x-request-id': 'r-1' }),
    );
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(2), options()));
    expect(error).toMatchObject({ status, retryable, requestId: 'r-1', problem: { code } });
    expect(error.message).toContain(`${status} x: why`);
  });

  it.each([400, 413, 422, 500, 507])('%i to a single row is the answer of that row', async (status) => {
    const server = await serve((_, response) =>
      json(response, status, { error_code: 'contract', error: 'bad', detail: { column: 'age' } }),
    );
    expect(await endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options())).toEqual([
      { ok: false, status, error: `${status} contract: bad: {"column":"age"}` },
    ]);
  });

  it.each([401, 404, 429, 503])('%i to a single row is not about that row', async (status) => {
    const server = await serve((_, response) => text(response, status, 'no'));
    expect((await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options()))).status).toBe(
      status,
    );
  });

  it('hands on how long a busy server asks to wait', async () => {
    const server = await serve((_, response) => text(response, 429, '', { 'retry-after': '7' }));
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options()));
    expect(error.retryAfterMs).toBe(7_000);
  });

  it('shows the start of a page and not all of it, and never the query of the address', async () => {
    const server = await serve((_, response) => text(response, 500, `<h1>\n Oops</h1>${'x'.repeat(10_000)}`));
    const error = await failureOf(
      endpoint({ url: `${server.url}/?key=s3cret`, wire: 'haute' }).score(rows(2), options()),
    );
    expect(error.message).toContain('500 <h1> Oops</h1>xxx');
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toContain('s3cret');
  });

  it('says that it can be tried again when the stream of rows was cut', async () => {
    const server = await serve((_, response) =>
      text(response, 200, '{"a":1}\n{"a"', { 'content-type': 'application/x-ndjson' }),
    );
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(2), options({ bulk: true })));
    expect(error).toMatchObject({ retryable: true, problem: { code: 'ENDPOINT-BAD-ANSWER' } });
  });

  it('says that it can be tried again when the connection ended', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('[{"premium":');
      response.socket?.destroy();
    });
    const error = await failureOf(endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options()));
    expect(error).toMatchObject({ retryable: true, problem: { code: 'ENDPOINT-DROPPED' } });
  });

  it('says that nothing answers', async () => {
    const server = await QuoteServer.start(PRICED);
    const url = server.url;
    await server.stop();
    const error = await failureOf(
      endpoint({ url, wire: 'haute', headers: { 'x-key': 's3cret' } }).score(rows(1), options()),
    );
    expect(error).toMatchObject({ retryable: true, problem: { code: 'ENDPOINT-UNREACHABLE' } });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('s3cret');
  });

  it.each([
    ['the answer does not start', () => {}],
    [
      'the answer does not end',
      (_: unknown, response: Parameters<Handler>[1]) => {
        response.writeHead(200);
        response.write('[');
      },
    ],
  ] as const)('gives up after its time when %s', async (_, handler) => {
    const server = await serve(handler);
    const error = await failureOf(
      endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options({ timeoutMs: 50 })),
    );
    expect(error).toMatchObject({ retryable: true, problem: { code: 'ENDPOINT-TIMEOUT' } });
  });

  it('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    await expect(
      endpoint({ url: server.url, wire: 'haute' }).score(rows(1), options({ signal: stop.signal })),
    ).rejects.toThrow(Interrupted);
  });
});

describe('asking who serves', () => {
  it('reads the release from the headers of the health answer', async () => {
    const headers = { 'x-haute-package': 'sha256:aa', 'x-haute-release': 'sha256:bb', 'x-haute-deployment': 'd-1' };
    const server = await serve((_, response) => json(response, 200, { status: 'ok' }, headers));
    expect(await endpoint({ url: server.url, wire: 'haute' }).identify(options())).toEqual({
      ok: true,
      packageDigest: 'sha256:aa',
      releaseId: 'sha256:bb',
      deploymentId: 'd-1',
      detail: '{"status":"ok"}',
    });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/health' });
  });

  it('says when a server is not well, and does not invent who it is', async () => {
    const server = await serve((_, response) => text(response, 404, 'inactive'));
    expect(await endpoint({ url: server.url, wire: 'haute' }).identify(options())).toEqual({
      ok: false,
      packageDigest: undefined,
      releaseId: undefined,
      deploymentId: undefined,
      detail: 'inactive',
    });
  });

  it('fails when nothing answers', async () => {
    const server = await QuoteServer.start(PRICED);
    const url = server.url;
    await server.stop();
    expect((await failureOf(endpoint({ url, wire: 'haute' }).identify(options()))).problem.code).toBe(
      'ENDPOINT-UNREACHABLE',
    );
  });
});
