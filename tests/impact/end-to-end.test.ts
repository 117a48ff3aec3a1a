import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../shared/errors.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import type { ImpactPolicy } from '../../shared/impact/gates/judge-gates.ts';
import { renderMarkdown } from '../../shared/impact/render/markdown.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import { retry } from '../../shared/io/retry.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { BatchScorer } from '../../shared/scoring/batch-scorer.ts';
import { HttpQuoteEndpoints } from '../../shared/scoring/http-quote-endpoints.ts';
import { POLICY, SUBJECT } from './make-book.ts';
import { type Handler, hauteLike, json, QuoteServer, text } from './quote-server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Prices by the rates in force, times a factor. */
function rate(factor: number): (row: JsonObject) => JsonObject {
  return (row) => ({
    quote_id: row.quote_id ?? null,
    premium: Math.round((100 + Number(row.age)) * factor * 100) / 100,
  });
}

const IN_FORCE = hauteLike(rate(1));
const NEW = hauteLike(rate(1.005));

interface Setup {
  readonly rows?: number;
  readonly policy?: Partial<ImpactPolicy>;
  readonly timeoutMs?: number;
}

interface Outcome {
  readonly report: ImpactJson;
  readonly warnings: readonly string[];
}

async function serve(handler: Handler): Promise<string> {
  const server = await QuoteServer.start(handler);
  closers.push(() => server.stop());
  return server.url;
}

/** From a file through two servers to the report, with everything real. */
async function compare(
  staging: string,
  production: string,
  { rows = 3_000, policy = {}, timeoutMs = 20_000 }: Setup = {},
): Promise<Outcome> {
  const root = await mkdtemp(join(tmpdir(), 'impact-'));
  closers.push(() => rm(root, { recursive: true, force: true }));
  const lines = Array.from({ length: rows }, (_, id) => JSON.stringify({ quote_id: `q${id}`, age: 17 + (id % 60) }));
  await writeFile(join(root, 'p.jsonl'), `${lines.join('\n')}\n`);
  const signal = new AbortController().signal;
  const portfolio = await new FilePortfolios().open({ root, dataset: 'p.jsonl', key: 'quote_id' }, signal);
  const clock = new SystemClock();
  const endpoints = new HttpQuoteEndpoints({ retryAfterMs: () => undefined });
  const sides = {
    staging: endpoints.open({ url: staging, wire: 'haute' }),
    production: endpoints.open({ url: production, wire: 'haute' }),
  };
  const scorer = new BatchScorer({
    clock,
    retry: (call, tools) =>
      retry({ attempts: 6, baseMs: 15, capMs: 150 }, { clock, random: () => 0.9, ...tools }, call),
  });
  const inForce = { ...POLICY, ...policy };
  const builder = new BookBuilder({ key: inForce.key, weightColumn: undefined });
  const warnings: string[] = [];
  try {
    const options = {
      signal,
      timeoutMs,
      concurrency: 4,
      total: rows,
      progress: () => undefined,
      warn: (line: string) => warnings.push(line),
    };
    for await (const batch of scorer.score(portfolio.rows({ signal }), sides, options)) builder.add(batch);
  } finally {
    await sides.staging.close();
    await sides.production.close();
  }
  const report = analyse(builder.finish(), { subject: SUBJECT, policy: inForce, sample: undefined });
  renderMarkdown(report);
  return { report, warnings };
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`);
  return error.message;
}

/** Lines as Haute writes them, with the body as the caller changes it. */
function lines(change: (lines: string[], rows: JsonObject[]) => string): Handler {
  return (request, response) => {
    const rows = JSON.parse(request.body) as JsonObject[];
    const body = change(
      rows.map((row) => `${JSON.stringify(rate(1.005)(row))}\n`),
      rows,
    );
    text(response, 200, body, { 'content-type': 'application/x-ndjson' });
  };
}

describe('two healthy servers', () => {
  it('give exact figures', async () => {
    const { report } = await compare(await serve(NEW), await serve(IN_FORCE));
    expect(report).toMatchObject({ verdict: 'pass', rows: { total: 3_000, scored: 3_000, failed: 0, unpaired: 0 } });
    expect(report.outputs[0]?.total_change_pct).toBeCloseTo(0.5, 2);
  });

  it('give the same whether they answer in lines, envelopes or bare arrays', async () => {
    const bare: Handler = (request, response) =>
      json(response, 200, (JSON.parse(request.body) as JsonObject[]).map(rate(1.005)));
    const lined = await compare(await serve(NEW), await serve(IN_FORCE));
    expect((await compare(await serve(bare), await serve(IN_FORCE))).report).toEqual(lined.report);
    const envelopes: Handler = (request, response) => NEW({ ...request, headers: {} }, response);
    const { report, warnings } = await compare(await serve(envelopes), await serve(IN_FORCE));
    expect(report).toEqual(lined.report);
    expect(warnings[0]).toContain('truncated to 1000 of');
  });
});

describe('a bad server', () => {
  it.each<[string, Handler, string]>([
    [
      'that drops a row',
      lines((all, rows) => all.filter((_, index) => rows[index]?.quote_id !== 'q700').join('')),
      '0 rows came back for 1 rows asked',
    ],
    [
      'that gives a row twice',
      lines((all, rows) => all.map((line, index) => (rows[index]?.quote_id === 'q700' ? line + line : line)).join('')),
      '2 rows came back for 1 rows asked',
    ],
    [
      'that writes NaN',
      lines((all) =>
        all.map((line) => (line.includes('"q700"') ? '{"quote_id":"q700","premium":NaN}\n' : line)).join(''),
      ),
      'line 1 of 1 is not one JSON value: {"quote_id":"q700","premium":NaN}',
    ],
    [
      'that writes numbers beyond the largest',
      lines((all) =>
        all.map((line) => (line.includes('"q700"') ? '{"quote_id":"q700","premium":1e999}\n' : line)).join(''),
      ),
      'premium is too large a number',
    ],
    [
      'that refuses a row',
      (request, response) => {
        if (request.body.includes('"q700"'))
          json(response, 422, { error_code: 'contract_error', detail: 'age of q700' });
        else return NEW(request, response);
      },
      '422 contract_error: age of q700',
    ],
    [
      'that fails on a row',
      (request, response) => {
        if (request.body.includes('"q700"')) text(response, 500, 'Internal Server Error');
        else return NEW(request, response);
      },
      '500 Internal Server Error',
    ],
    [
      'whose connection ends on a row',
      (request, response) => {
        if (request.body.includes('"q700"')) response.socket?.destroy();
        else return NEW(request, response);
      },
      'ended the connection',
    ],
    [
      'whose lines are cut on a row',
      lines((all) => (all.some((line) => line.includes('"q700"')) ? all.join('').slice(0, -5) : all.join(''))),
      'cut short',
    ],
  ])('%s loses that row, which is reported', async (_, handler, error) => {
    const { report } = await compare(await serve(handler), await serve(IN_FORCE));
    expect(report.rows).toMatchObject({ total: 3_000, scored: 2_999, failed: 1, failed_staging: 1 });
    expect(report.failures).toMatchObject([
      { side: 'staging', rows: 1, examples: ['q700'], error: expect.stringContaining(error) },
    ]);
    expect(report.quotability).toMatchObject({ changed: 1 });
    expect(report.gates.find(({ name }) => name === 'quotability')?.rows).toEqual([
      expect.objectContaining({ row: 'q700' }),
    ]);
  });

  it('that writes a text where a number was has errors, not premiums', async () => {
    const texts = hauteLike((row) => ({ ...rate(1)(row), ...(Number(row.age) === 20 && { premium: '120.00' }) }));
    const { report } = await compare(await serve(texts), await serve(IN_FORCE));
    expect(report.rows).toMatchObject({ scored: 2_950, failed: 50 });
    expect(report.notes.map(({ code }) => code)).toContain('OUTPUT-NOT-A-NUMBER');
    expect(report.verdict).toBe('inconclusive');
  });

  it('that nests its answers is compared by the path of the premium', async () => {
    const nested = (factor: number) =>
      hauteLike((row) => ({ quote_id: row.quote_id ?? null, price: { gross: rate(factor)(row).premium ?? null } }));
    const setup = { policy: { outputs: ['price.gross'] } };
    const { report } = await compare(await serve(nested(1.005)), await serve(nested(1)), setup);
    expect(report.outputs[0]).toMatchObject({ name: 'price.gross', rows: 3_000 });
  });

  it('that answers in another order is paired by key', async () => {
    const { report } = await compare(await serve(lines((all) => all.reverse().join(''))), await serve(IN_FORCE));
    expect(report).toMatchObject({
      verdict: 'pass',
      rows: { scored: 3_000 },
      outputs: [{ max_increase_pct: expect.closeTo(0.5, 0) }],
    });
  });

  it('that takes small bodies only gets small ones', async () => {
    const sizes: number[] = [];
    const small: Handler = (request, response) => {
      sizes.push(request.body.length);
      if (request.body.length > 20_000) json(response, 413, { error_code: 'body_too_large' });
      else return NEW(request, response);
    };
    const { report } = await compare(await serve(small), await serve(IN_FORCE), { rows: 40_000 });
    expect(report.rows.scored).toBe(40_000);
    expect(Math.max(...sizes.slice(-3))).toBeLessThanOrEqual(20_000);
  });

  it('that is busy now and then is waited for', async () => {
    let requests = 0;
    const busy: Handler = (request, response) => {
      requests += 1;
      if (requests % 2 === 0) return text(response, 503, 'busy');
      return NEW(request, response);
    };
    const { report } = await compare(await serve(busy), await serve(IN_FORCE), { rows: 60_000 });
    expect(report).toMatchObject({ verdict: 'pass', rows: { scored: 60_000 } });
  });

  it('that slows down, dies and comes back loses nothing', async () => {
    const flaky = await QuoteServer.start(NEW);
    const { url } = flaky;
    let asked = 0;
    let current = Promise.resolve(flaky);
    closers.push(async () => (await current).stop());
    const dying: Handler = async (request, response) => {
      asked += 1;
      if (asked === 2) {
        await delay(30);
        current = flaky.stop().then(async () => {
          await delay(60);
          return QuoteServer.start(dying, Number(new URL(url).port));
        });
        return;
      }
      return NEW(request, response);
    };
    flaky.handler = dying;
    const { report, warnings } = await compare(url, await serve(IN_FORCE), { rows: 60_000 });
    expect(report).toMatchObject({ verdict: 'pass', rows: { scored: 60_000 } });
    expect(warnings.some((line) => line.startsWith('trying again'))).toBe(true);
  });

  it('that never answers again ends the run', async () => {
    let asked = 0;
    const gone: Handler = (request, response) => {
      asked += 1;
      if (asked > 1) response.socket?.destroy();
      else return NEW(request, response);
    };
    expect(await failureOf(compare(await serve(gone), await serve(IN_FORCE), { rows: 60_000 }))).toContain(
      'ENDPOINT-DROPPED',
    );
  });

  it('that hangs on a row loses that row', async () => {
    const hanging: Handler = (request, response) =>
      request.body.includes('"q30"') ? undefined : NEW(request, response);
    const { report } = await compare(await serve(hanging), await serve(IN_FORCE), { rows: 40, timeoutMs: 1_000 });
    expect(report.failures).toMatchObject([
      { rows: 1, examples: ['q30'], error: expect.stringContaining('did not answer within') },
    ]);
  });
});

describe('production', () => {
  it('that answers 404 is a first deployment', async () => {
    const nothing = await serve((_, response) => text(response, 404, 'not found'));
    const { report } = await compare(await serve(NEW), nothing);
    expect(report).toMatchObject({ verdict: 'pass', baseline: 'none' });
  });

  it('that answers 500 to everything is an error, not a first deployment', async () => {
    const broken = await serve((_, response) => text(response, 500, 'oops'));
    expect(await failureOf(compare(await serve(NEW), broken))).toContain('ENDPOINT-PRICES-NOTHING');
    const { report } = await compare(await serve(NEW), broken, { rows: 20 });
    expect(report).toMatchObject({ verdict: 'inconclusive', baseline: 'production', rows: { scored: 0, failed: 20 } });
  });

  it.each([
    [401, 'ENDPOINT-DENIED'],
    [302, 'ENDPOINT-BAD-ANSWER'],
  ])('that answers %i is an error', async (status, code) => {
    const closed = await serve((_, response) => text(response, status, 'no'));
    const failed = await compare(await serve(NEW), closed, { rows: 20 }).then(
      ({ report }) => report.failures[0]?.error ?? '',
      (error: unknown) => String(error),
    );
    expect(failed).toContain(status === 302 ? '302 no' : code);
  });
});
