import { appendFileSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
import { retry } from '../../shared/io/retry.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { BatchScorer } from '../../shared/scoring/batch-scorer.ts';
import type { StepContext } from '../../shared/steps/context.ts';
import type { RecordingHost } from '../fakes/recording-host.ts';
import { ImpactBench } from './impact-bench.ts';
import { type Handler, hauteLike, json, QuoteServer, type SeenRequest, text } from './quote-server.ts';

/** Half a percent more on staging: every gate passes, so what is not a pass is of the bad input. */
function rates(row: JsonObject, side: 'staging' | 'production'): JsonObject {
  const premium = Math.round((100 + Number(row.age)) * (side === 'staging' ? 100.5 : 100)) / 100;
  return { quote_id: row.quote_id ?? null, premium };
}

const STAGING = hauteLike((row) => rates(row, 'staging'));
const PRODUCTION = hauteLike((row) => rates(row, 'production'));

let bench: ImpactBench;
beforeEach(async () => {
  bench = await ImpactBench.start(rates);
});
afterEach(() => bench.stop());

const clock = new SystemClock();
/** The real scorer, which waits for servers that fail for as long as a test may. */
const scorer = new BatchScorer({
  clock,
  retry: (call, tools) => retry({ attempts: 6, baseMs: 20, capMs: 200 }, { clock, random: () => 0.9, ...tools }, call),
});

/** The step on two addresses. */
function compare(
  inputs: Readonly<Record<string, string>> = {},
  parts: Partial<StepContext> = {},
): Promise<RecordingHost> {
  return bench.standalone(inputs, { scorer, ...parts });
}

/** Rows of a portfolio. @param change what is odd about one */
function book(count: number, change: (row: JsonObject, id: number) => JsonObject = (row) => row): void {
  bench.portfolio(Array.from({ length: count }, (_, id) => change({ quote_id: `q${id}`, age: 20 + (id % 50) }, id)));
}

function report(): ImpactJson {
  return JSON.parse(bench.read('.haute/impact/impact.json')) as ImpactJson;
}

function codes(): readonly string[] {
  return report().notes.map(({ code }) => code);
}

/** What the run ended with, and the one error that it told, with what to do about it. */
function stoppedBy({ end, annotations }: RecordingHost) {
  const [error] = annotations;
  expect(annotations).toHaveLength(1);
  // What happened, a full stop, and what to do, as an instruction.
  expect(error?.message).toMatch(/\. [A-Z][^.]/);
  expect(end?.outputs).toEqual({});
  return { code: error?.title, exitCode: end?.exitCode, result: end?.result };
}

/** Lines as Haute writes them, as the caller changes them. */
function lines(
  change: (lines: string[], rows: JsonObject[]) => string,
  side: 'staging' | 'production' = 'staging',
): Handler {
  return (request, response) => {
    const rows = JSON.parse(request.body) as JsonObject[];
    const body = change(
      rows.map((row) => `${JSON.stringify(rates(row, side))}\n`),
      rows,
    );
    text(response, 200, body, { 'content-type': 'application/x-ndjson' });
  };
}

describe('keys', () => {
  it('that the portfolio does not have stop the run', async () => {
    book(10, ({ quote_id: id = null, age = null }) => ({ policy: id, age }));
    expect(stoppedBy(await compare())).toEqual({ code: 'PORTFOLIO-NO-KEY', exitCode: 2, result: 'error' });
  });

  it.each(['staging', 'production'] as const)('that %s does not answer stop the run', async (side) => {
    book(10);
    const keyless = await bench.serve(hauteLike(({ age = null }) => ({ premium: Number(age) })));
    expect(stoppedBy(await compare({ [`${side}-url`]: keyless }))).toEqual({
      code: 'IMPACT-KEY-NOT-ANSWERED',
      exitCode: 2,
      result: 'error',
    });
  });

  it('that nobody names leave the order, which the report says', async () => {
    book(300);
    const { end } = await compare({ key: '' });
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '300', 'rows-changed': '300' } });
    expect(report().subject.key).toBeNull();
    expect(end?.summary).toContain('Rows are paired by position: each answer has exactly as many rows as its request.');
  });

  it('that rows do not have leave these rows out', async () => {
    book(1_000, (row, id) => (id < 5 ? { ...row, quote_id: null } : row));
    const { end } = await compare();
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '995' } });
    expect(report().rows).toMatchObject({ total: 1_000, scored: 995, without_key: 5 });
    expect(codes()).toEqual(['KEY-EMPTY']);
  });

  it.each([
    [3, 'pass', '995'],
    [4, 'inconclusive', '994'],
  ])('that %i rows share with another in the portfolio leave all of them out: %s', async (more, result, scored) => {
    book(1_000, (row, id) => (id < 2 || (id >= 2 && id < 2 + more) ? { ...row, quote_id: 'same' } : row));
    const { end, annotations } = await compare();
    expect(end).toMatchObject({ result, outputs: { 'rows-scored': scored } });
    expect(codes()).toEqual(['KEY-REPEATED']);
    expect(annotations.map(({ title }) => title)).toEqual(result === 'pass' ? [] : ['IMPACT-MIN-SCORED']);
  });

  it.each(['staging', 'production'] as const)(
    'that %s answers twice, and another not at all, mix up no rows',
    async (side) => {
      book(400);
      const twice = await bench.serve(
        lines((all) => all.map((line, at) => (at === 7 ? (all[6] ?? '') : line)).join(''), side),
      );
      const { end } = await compare({ [`${side}-url`]: twice });
      expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '399', 'rows-changed': '399' } });
      expect(report().rows).toMatchObject({ without_answer: 1, [`extra_answers_${side}`]: 1 });
      expect(codes()).toEqual(['KEY-NOT-ANSWERED', 'KEY-UNKNOWN']);
      expect(report().outputs[0]?.max_increase_pct).toBeLessThan(0.51);
    },
  );

  it('that come back as another type are compared as text, which the report says', async () => {
    book(100, (row, id) => ({ ...row, quote_id: id }));
    const asText = await bench.serve(hauteLike((row) => ({ ...rates(row, 'staging'), quote_id: `${row.quote_id}` })));
    const { end } = await compare({ 'staging-url': asText });
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '100' } });
    expect(codes()).toEqual(['KEY-TYPES-DIFFER']);
  });
});

describe('answers', () => {
  const isIn = ({ body }: SeenRequest): boolean => body.includes('"q70"');
  const onRow70 =
    (bad: (response: ServerResponse) => void): Handler =>
    (request, response) =>
      isIn(request) ? bad(response) : STAGING(request, response);
  const replaced = (line: string): Handler =>
    lines((all) => all.map((each) => (each.includes('"q70"') ? line : each)).join(''));

  it.each<[string, Handler, string]>([
    [
      'with a row too few',
      lines((all) => all.filter((line) => !line.includes('"q70"')).join('')),
      '0 rows came back for 1',
    ],
    [
      'with a row too many',
      lines((all) => all.map((line) => (line.includes('"q70"') ? line + line : line)).join('')),
      '2 rows',
    ],
    [
      'that end in mid-line',
      lines((all) => (all.some((line) => line.includes('"q70"')) ? all.join('').slice(0, -4) : all.join(''))),
      'cut short',
    ],
    ['with NaN', replaced('{"quote_id":"q70","premium":NaN}\n'), 'is not one JSON value'],
    ['with Infinity', replaced('{"quote_id":"q70","premium":-Infinity}\n'), 'is not one JSON value'],
    ['with a number beyond the largest', replaced('{"quote_id":"q70","premium":1e999}\n'), 'too large a number'],
    [
      'of 422',
      onRow70((response) => json(response, 422, { error_code: 'contract_error', detail: 'no such risk' })),
      '422 contract_error',
    ],
    ['of 500', onRow70((response) => text(response, 500, 'oops')), '500 oops'],
    [
      'of 413, even to one row',
      onRow70((response) => json(response, 413, { error_code: 'too_large' })),
      '413 too_large',
    ],
  ])('%s lose that row, which is named with the reason', async (_, handler, reason) => {
    book(1_000);
    bench.write('haute.release.toml', '[gates.impact]\nquotability = { fail = "0.2%" }\n');
    const { end, annotations } = await compare({ 'staging-url': await bench.serve(handler) });
    expect(annotations).toEqual([]);
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '999', 'rows-failed': '1' } });
    expect(report().failures).toMatchObject([
      { side: 'staging', rows: 1, examples: ['q70'], error: expect.stringContaining(reason) },
    ]);
    expect(end?.summary).toContain('### Rows that could not be priced');
    expect(end?.summary).toContain('`q70`');
  });

  it('of one row in 60,000 that is refused fail the gate of lost quotes at its default only beyond 0.1 %', async () => {
    book(60_000);
    const refusing = await bench.serve((request, response) =>
      request.body.includes('"q41007"') ? json(response, 422, { detail: 'no' }) : STAGING(request, response),
    );
    const { end } = await compare({ 'staging-url': refusing, rows: 'false' });
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-failed': '1', 'rows-scored': '59999' } });
    expect(report().failures).toMatchObject([{ rows: 1, examples: ['q41007'] }]);
  });

  it('with text for a number are errors, and too many of them inconclusive', async () => {
    book(1_000);
    const texts = hauteLike((row) => ({
      ...rates(row, 'staging'),
      ...(Number(row.age) === 20 && { premium: '120.00' }),
    }));
    const { end } = await compare({ 'staging-url': await bench.serve(texts) });
    expect(end).toMatchObject({ result: 'inconclusive', exitCode: 1, outputs: { 'rows-failed': '20' } });
    expect(codes()).toEqual(['OUTPUT-NOT-A-NUMBER']);
  });

  it('that are nested are compared by the path of the premium', async () => {
    book(100);
    const nested = (side: 'staging' | 'production') =>
      bench.serve(
        hauteLike((row) => ({
          quote_id: row.quote_id ?? null,
          price: { gross: rates(row, side).premium ?? null, net: 1 },
        })),
      );
    const addresses = { 'staging-url': await nested('staging'), 'production-url': await nested('production') };
    expect((await compare({ ...addresses, outputs: 'price.gross' })).end).toMatchObject({ result: 'pass' });
    expect(report().outputs.map(({ name }) => name)).toEqual(['price.gross']);
    expect(stoppedBy(await compare({ ...addresses, outputs: 'gross' }))).toMatchObject({
      code: 'IMPACT-OUTPUT-MISSING',
      exitCode: 2,
    });
  });

  it('in envelopes that are truncated are asked for again in smaller requests', async () => {
    book(4_000);
    const envelopes = await bench.serve((request, response) => STAGING({ ...request, headers: {} }, response));
    const host = await compare({ 'staging-url': envelopes });
    expect(host.end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '4000', 'rows-failed': '0' } });
    expect(host.lines.some((line) => line.includes('truncated to 1000 of'))).toBe(true);
  });

  it('of 413 make the requests smaller', async () => {
    book(4_000);
    const small = await bench.serve((request, response) =>
      request.body.length > 30_000 ? json(response, 413, { error_code: 'body_too_large' }) : STAGING(request, response),
    );
    const { end } = await compare({ 'staging-url': small });
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '4000', 'rows-failed': '0' } });
  });

  it('that were cut once on their way are asked for again', async () => {
    book(1_000);
    let cut = false;
    const once = await bench.serve((request, response) => {
      if (cut) return STAGING(request, response);
      cut = true;
      return lines((all) => all.join('').slice(0, -9))(request, response);
    });
    const host = await compare({ 'staging-url': once });
    expect(host.end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '1000', 'rows-failed': '0' } });
    expect(host.lines.some((line) => line.includes('cut short'))).toBe(true);
  });
});

describe('servers', () => {
  it('that slow down, die and come back in mid-run lose nothing', async () => {
    book(60_000);
    const server = await QuoteServer.start(STAGING);
    const { url } = server;
    let asked = 0;
    let current = Promise.resolve(server);
    const dying: Handler = async (request, response) => {
      asked += 1;
      if (asked !== 2) return STAGING(request, response);
      await delay(30);
      current = server.stop().then(async () => {
        await delay(60);
        return QuoteServer.start(dying, Number(new URL(url).port));
      });
      return undefined;
    };
    server.handler = dying;
    try {
      const host = await compare({ 'staging-url': url, rows: 'false' });
      expect(host.end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '60000', 'rows-failed': '0' } });
      expect(host.lines.some((line) => line.includes('trying again'))).toBe(true);
    } finally {
      await (await current).stop();
    }
  });

  it('of production that answer 500 to everything stop the run: that is no first deployment', async () => {
    book(1_000);
    const broken = await bench.serve((_, response) => text(response, 500, 'oops'));
    const inputs = { 'production-url': broken, 'first-deployment': 'true' };
    expect(stoppedBy(await compare(inputs))).toEqual({
      code: 'ENDPOINT-PRICES-NOTHING',
      exitCode: 3,
      result: 'error',
    });
  });

  it('of production that answer 500 to a few rows are inconclusive', async () => {
    book(20);
    const broken = await bench.serve((_, response) => text(response, 500, 'oops'));
    const { end } = await compare({ 'production-url': broken, 'first-deployment': 'true' });
    expect(end).toMatchObject({
      result: 'inconclusive',
      exitCode: 1,
      outputs: { 'rows-scored': '0', 'rows-failed': '20' },
    });
    expect(report().baseline).toBe('production');
  });

  it('of production that answer 404 once they have priced rows stop the run', async () => {
    book(60_000);
    let asked = 0;
    const gone = await bench.serve((request, response) => {
      asked += 1;
      return asked > 1 ? text(response, 404, 'gone') : PRODUCTION(request, response);
    });
    const inputs = { 'production-url': gone, 'first-deployment': 'true', rows: 'false' };
    expect(stoppedBy(await compare(inputs))).toMatchObject({ code: 'ENDPOINT-NOT-FOUND', exitCode: 3 });
  });
});

describe('portfolios', () => {
  it.each([
    ['an empty one', 'book.jsonl', '', 'PORTFOLIO-EMPTY'],
    ['a header alone', 'book.csv', 'quote_id,age\n', 'PORTFOLIO-EMPTY'],
    ['none', 'nowhere.jsonl', undefined, 'PORTFOLIO-MISSING'],
    ['NaN', 'book.jsonl', '{"quote_id":1,"age":NaN}\n', 'PORTFOLIO-ROW'],
    ['a line cut in two', 'book.jsonl', '{"quote_id":1,"age":2}\n{"quote_id":2,"a', 'PORTFOLIO-ROW'],
  ])('that are %s stop the run before anything is scored', async (_, dataset, content, code) => {
    if (content !== undefined) bench.write(dataset, content);
    expect(stoppedBy(await compare({ dataset }))).toEqual({ code, exitCode: 2, result: 'error' });
  });

  it('that are Parquet with a broken footer stop the run before anything is scored', async () => {
    const good = readFileSync(join(import.meta.dirname, 'fixtures/codec-snappy.parquet'));
    for (const broken of [
      good.subarray(0, -60),
      Buffer.concat([good.subarray(0, -8), Buffer.from([255, 255, 255, 127]), good.subarray(-4)]),
    ]) {
      bench.write('book.parquet', broken);
      expect(stoppedBy(await compare({ dataset: 'book.parquet', key: '' }))).toMatchObject({
        code: 'PORTFOLIO-CORRUPT',
        exitCode: 2,
      });
    }
  });

  it('that change while they are read stop the run', async () => {
    book(60_000);
    let appended = false;
    const writing = await bench.serve((request, response) => {
      if (!appended) appendFileSync(join(bench.root, 'book.jsonl'), '{"quote_id":"late","age":30}\n');
      appended = true;
      return STAGING(request, response);
    });
    expect(stoppedBy(await compare({ 'staging-url': writing }))).toMatchObject({
      code: 'PORTFOLIO-CHANGED',
      exitCode: 2,
    });
  });

  it('with a column that is null in every row, and one of 10,000 categories, are scored; the latter is told', async () => {
    book(10_100, (row, id) => ({ ...row, nothing: null, postcode: `P${id % 10_000}` }));
    const { end } = await compare({ rows: 'false' });
    expect(end).toMatchObject({ result: 'pass', outputs: { 'rows-scored': '10100' } });
    expect(report().notes).toEqual([
      { code: 'COLUMN-MANY-VALUES', text: expect.stringMatching(/more than 1,000 different values: postcode\.$/) },
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('a disk that fills', () => {
  it('stops the run, and leaves nothing behind and no report', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
    // Keys so long that they do not fit into what the book may take of the memory.
    book(21_000, (row) => ({ ...row, quote_id: `${row.quote_id} ${'long'.repeat(250)}` }));
    try {
      const scratch = () => new DiskScratch(folder, () => openSync('/dev/full', 'w'));
      expect(stoppedBy(await compare({}, { scratch }))).toEqual({
        code: 'DISK-FULL',
        exitCode: 3,
        result: 'error',
      });
      expect(readdirSync(folder)).toEqual([]);
      expect(existsSync(join(bench.root, '.haute/impact'))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the share of rows that must be scored, by default 99.5 %', () => {
  const ROWS = 2_000;

  /** Rows that neither side can price: no quote is won or lost, so no other gate has a say. */
  async function failing(rows: number, isFailing: (id: number) => boolean): Promise<Readonly<Record<string, string>>> {
    book(rows);
    const refusing = (priced: Handler): Promise<string> =>
      bench.serve((request, response) => {
        const ids = (JSON.parse(request.body) as JsonObject[]).map(({ quote_id: id }) => Number(String(id).slice(1)));
        return ids.some(isFailing) ? json(response, 422, { detail: 'no such risk' }) : priced(request, response);
      });
    return { 'staging-url': await refusing(STAGING), 'production-url': await refusing(PRODUCTION) };
  }

  it.each([
    ['just above', 9, 'pass'],
    ['exactly', 10, 'pass'],
    ['just below', 11, 'inconclusive'],
  ])('is judged %s it', async (_, count, result) => {
    const { end, annotations } = await compare(await failing(ROWS, (id) => id < count));
    expect(end).toMatchObject({ result, exitCode: result === 'pass' ? 0 : 1, outputs: { 'rows-failed': `${count}` } });
    expect(report().gates[0]).toMatchObject({ name: 'min_scored', limit: 99.5, value: 100 - count / 20 });
    expect(annotations.map(({ title }) => title)).toEqual(result === 'pass' ? [] : ['IMPACT-MIN-SCORED']);
  });

  it.each([
    ['exactly', 10, 'pass'],
    ['just below', 11, 'inconclusive'],
  ])('is judged %s it over all shards together, whichever of them the rows are in', async (_, count, result) => {
    // All in the first of four shards, of which they are two percent.
    const inputs = await failing(ROWS, (id) => id % 4 === 0 && id < 4 * count);
    for (const index of [1, 2, 3, 4])
      expect((await compare({ ...inputs, shard: `${index}/4` })).end).toMatchObject({ result: 'warn' });
    const { end } = await compare({ ...inputs, merge: '.haute/impact/shard-*' });
    expect(end).toMatchObject({ result, outputs: { 'rows-failed': `${count}` } });
  });

  it.each([
    ['exactly', 5, 'pass'],
    ['just below', 6, 'inconclusive'],
  ])('is judged %s it of the rows of a sample, not of the portfolio', async (_, count, result) => {
    // Shares of a sample this small may be anything in the portfolio: no gate but this one is asked.
    bench.write('haute.release.toml', '[gates.impact]\nrows_over = { fail = 1 }\nquotability = { fail = 1 }\n');
    book(ROWS);
    const taken: number[] = [];
    const watching = await bench.serve((request, response) => {
      taken.push(...(JSON.parse(request.body) as JsonObject[]).map(({ quote_id: id }) => Number(String(id).slice(1))));
      return STAGING(request, response);
    });
    await compare({ 'staging-url': watching, sample: '1000' });
    expect(taken).toHaveLength(1_000);
    const bad = new Set(taken.slice(0, count));
    const { end } = await compare({ ...(await failing(ROWS, (id) => bad.has(id))), sample: '1000' });
    expect(end).toMatchObject({ result, outputs: { 'rows-scored': `${1_000 - count}`, 'rows-failed': `${count}` } });
  });
});
