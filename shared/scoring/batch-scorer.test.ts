import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../errors.ts';
import type { ScoredBatch, ScorePortfolioOptions, ScoringProgress } from '../ports/portfolio-scorer.ts';
import type { QuoteEndpoint, ScoredRow, ScoreOptions } from '../ports/quote-endpoint.ts';
import type { Wire } from '../release/deployment.ts';
import type { JsonObject } from '../release/json.ts';
import { BatchScorer } from './batch-scorer.ts';
import type { Retry } from './patient-sender.ts';

type Behaviour = (rows: readonly JsonObject[], request: number) => readonly ScoredRow[] | Promise<readonly ScoredRow[]>;

/** An address in memory. */
class FakeEndpoint implements QuoteEndpoint {
  readonly address;
  readonly sizes: number[] = [];
  #behaviour: Behaviour;

  constructor(behaviour: Behaviour = (rows) => rows.map(price), wire: Wire = 'haute') {
    this.#behaviour = behaviour;
    this.address = { url: 'http://fake', wire };
  }

  async identify(): Promise<never> {
    throw new Error('not asked');
  }

  async score(rows: readonly JsonObject[], options: ScoreOptions): Promise<readonly ScoredRow[]> {
    options.signal.throwIfAborted();
    expect(options.bulk).toBe(true);
    this.sizes.push(rows.length);
    return await this.#behaviour(rows, this.sizes.length);
  }

  async close(): Promise<void> {}
}

function price(row: JsonObject): ScoredRow {
  return { ok: true, row: { id: row.id ?? null, premium: Number(row.id) + 100 } };
}

function failure(code: string, status: number | undefined, retryable = false): ProviderError {
  return new ProviderError(
    { code, what: `${code} ${status ?? ''}`, fix: 'Fix it' },
    { retryable, ...(status && { status }) },
  );
}

/** Refuses a batch as soon as it holds one of these ids. */
function poisoned(
  ids: ReadonlySet<number>,
  error: () => ProviderError = () => failure('ENDPOINT-REFUSED', 422),
): Behaviour {
  return (rows) => {
    if (!rows.some((row) => ids.has(Number(row.id)))) return rows.map(price);
    if (rows.length > 1 || error().retryable) throw error();
    return [{ ok: false, error: '422 bad', status: 422 }];
  };
}

const THREE_TRIES: Retry = async (call, { onRetry }) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable || attempt === 3) throw error;
      onRetry(error, 1_000);
    }
  }
};

class Ticks {
  #ms = 0;
  now(): number {
    this.#ms += 1_000;
    return this.#ms;
  }
  async sleep(): Promise<void> {}
}

async function* portfolio(count: number, chunk = 1_000): AsyncGenerator<readonly JsonObject[]> {
  for (let at = 0; at < count; at += chunk) {
    yield Array.from({ length: Math.min(chunk, count - at) }, (_, i) => ({ id: at + i }));
  }
}

interface Told {
  readonly warnings: string[];
  readonly progress: ScoringProgress[];
}

function options(told: Told, over: Partial<ScorePortfolioOptions> = {}): ScorePortfolioOptions {
  return {
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    concurrency: 4,
    total: undefined,
    progress: (progress) => told.progress.push(progress),
    warn: (line) => told.warnings.push(line),
    ...over,
  };
}

async function score(
  rows: AsyncIterable<readonly JsonObject[]>,
  staging: QuoteEndpoint,
  production: QuoteEndpoint | undefined,
  over: Partial<ScorePortfolioOptions> = {},
): Promise<
  Told & { readonly batches: ScoredBatch[]; readonly staging: ScoredRow[]; readonly production: ScoredRow[] }
> {
  const told: Told = { warnings: [], progress: [] };
  const batches: ScoredBatch[] = [];
  const scorer = new BatchScorer({ clock: new Ticks(), retry: THREE_TRIES });
  for await (const batch of scorer.score(rows, { staging, production }, options(told, over))) batches.push(batch);
  return {
    ...told,
    batches,
    staging: batches.flatMap((batch) => [...batch.staging]),
    production: batches.flatMap((batch) => [...(batch.production ?? [])]),
  };
}

describe('scoring a portfolio', () => {
  it('gives every row its answers, in the order of the rows, whatever the order of the answers', async () => {
    let turn = 0;
    const shuffled = new FakeEndpoint(async (rows) => {
      for (let wait = turn++ % 3; wait > 0; wait--) await new Promise((resolve) => setImmediate(resolve));
      return rows.map(price);
    });
    const { batches, staging, production } = await score(portfolio(123_456), shuffled, new FakeEndpoint());
    const ids = batches.flatMap((batch) => batch.rows.map((row) => row.id));
    expect(ids).toEqual(Array.from({ length: 123_456 }, (_, id) => id));
    expect(staging.map((answer) => answer.ok && answer.row.id)).toEqual(ids);
    expect(production.map((answer) => answer.ok && answer.row.id)).toEqual(ids);
  });

  it('starts small where it knows nothing of the server, and large where every request costs a second', async () => {
    const thin = new FakeEndpoint(undefined, 'databricks');
    await score(portfolio(5_000), thin, undefined);
    expect(thin.sizes[0]).toBe(500);
    const container = new FakeEndpoint();
    await score(portfolio(60_000), container, undefined);
    expect(container.sizes[0]).toBe(25_000);
  });

  it('asks one address alone where there is no baseline', async () => {
    const { batches } = await score(portfolio(10), new FakeEndpoint(), undefined);
    expect(batches.map((batch) => batch.production)).toEqual([undefined]);
  });

  it('takes a production that answers 404 to the first rows for none', async () => {
    const nothing = new FakeEndpoint(() => {
      throw failure('ENDPOINT-NOT-FOUND', 404);
    });
    const { batches, warnings, staging } = await score(portfolio(60_000), new FakeEndpoint(), nothing);
    expect(batches.every((batch) => batch.production === undefined)).toBe(true);
    expect(staging).toHaveLength(60_000);
    expect(nothing.sizes).toHaveLength(1);
    expect(warnings).toEqual(['there is no baseline: ENDPOINT-NOT-FOUND 404']);
  });

  it.each([
    ['a staging that answers 404', 'staging'],
    ['a production that answers 404 later on', 'production'],
  ])('fails on %s', async (_, side) => {
    const gone = new FakeEndpoint((rows, request) => {
      if (side === 'staging' || request > 1) throw failure('ENDPOINT-NOT-FOUND', 404);
      return rows.map(price);
    });
    const sides = side === 'staging' ? ([gone, new FakeEndpoint()] as const) : ([new FakeEndpoint(), gone] as const);
    await expect(score(portfolio(60_000), ...sides)).rejects.toThrow('ENDPOINT-NOT-FOUND');
  });

  it('reports how far it is', async () => {
    const { progress } = await score(portfolio(60_000), new FakeEndpoint(), undefined, { total: 60_000 });
    expect(progress.map(({ rows }) => rows)).toEqual([25_000, 60_000]);
    expect(progress.at(-1)).toMatchObject({ total: 60_000, secondsLeft: 0 });
    expect(progress[0]?.rowsPerSecond).toBeGreaterThan(0);
  });

  it('gives nothing for nothing', async () => {
    const endpoint = new FakeEndpoint();
    expect((await score(portfolio(0), endpoint, undefined)).batches).toEqual([]);
    expect(endpoint.sizes).toEqual([]);
  });

  it('reads no more rows than it needs for the batches in flight', async () => {
    let read = 0;
    async function* counted(): AsyncGenerator<readonly JsonObject[]> {
      for await (const chunk of portfolio(1_000_000, 100)) {
        read += chunk.length;
        yield chunk;
      }
    }
    const never = new FakeEndpoint((rows, request) => (request === 1 ? rows.map(price) : new Promise(() => undefined)));
    const told: Told = { warnings: [], progress: [] };
    const scorer = new BatchScorer({ clock: new Ticks(), retry: THREE_TRIES });
    const batches = scorer
      .score(counted(), { staging: never, production: undefined }, options(told))
      [Symbol.asyncIterator]();
    await batches.next();
    expect(read).toBe(25_000);
    await batches.return?.();
  });

  it('stops reading and sending when nobody wants more', async () => {
    const endpoint = new FakeEndpoint();
    let closed = false;
    async function* closing(): AsyncGenerator<readonly JsonObject[]> {
      try {
        yield* portfolio(1_000_000);
      } finally {
        closed = true;
      }
    }
    const scorer = new BatchScorer({ clock: new Ticks(), retry: THREE_TRIES });
    for await (const _ of scorer.score(
      closing(),
      { staging: endpoint, production: undefined },
      options({ warnings: [], progress: [] }),
    ))
      break;
    expect([closed, endpoint.sizes.length]).toEqual([true, 1]);
  });

  it('is interrupted by the signal', async () => {
    const stop = new AbortController();
    const endpoint = new FakeEndpoint((rows) => {
      stop.abort();
      return rows.map(price);
    });
    await expect(score(portfolio(50_000), endpoint, undefined, { signal: stop.signal })).rejects.toThrow(Interrupted);
  });
});

describe('a server that fails', () => {
  it('is asked again when it is busy or drops the connection', async () => {
    const flaky = new FakeEndpoint((rows, request) => {
      if (request === 2) throw failure('ENDPOINT-BUSY', 503, true);
      if (request === 3) throw failure('ENDPOINT-DROPPED', undefined, true);
      return rows.map(price);
    });
    const { staging, warnings } = await score(portfolio(90_000), flaky, undefined);
    expect(staging.filter((answer) => answer.ok)).toHaveLength(90_000);
    expect(warnings).toEqual(['trying again in 1.0 s: ENDPOINT-BUSY 503', 'trying again in 1.0 s: ENDPOINT-DROPPED ']);
  });

  it('keeps all rows but the ones that cause a failure', async () => {
    const bad = new Set([0, 7, 24_999, 42_345, 59_999]);
    const { staging, batches } = await score(portfolio(60_000), new FakeEndpoint(poisoned(bad)), new FakeEndpoint());
    const rows = batches.flatMap((batch) => [...batch.rows]);
    const failed = rows.filter((_, index) => staging[index]?.ok === false).map((row) => row.id);
    expect(failed).toEqual([...bad]);
    expect(staging[7]).toEqual({ ok: false, error: '422 bad', status: 422 });
  });

  it.each([
    ['whose connection drops on one row', () => failure('ENDPOINT-DROPPED', undefined, true)],
    ['that is busy with one row for ever', () => failure('ENDPOINT-BUSY', 504, true)],
    ['that answers too few rows', () => failure('ENDPOINT-BAD-ANSWER', undefined)],
    ['that needs too long for one row', () => failure('ENDPOINT-TIMEOUT', undefined, true)],
  ])('%s loses that row only', async (_, error) => {
    const bad: Behaviour = (rows) => {
      if (rows.some((row) => row.id === 321)) throw error();
      return rows.map(price);
    };
    const { staging } = await score(portfolio(2_000), new FakeEndpoint(bad), undefined);
    expect(staging.flatMap((answer, index) => (answer.ok ? [] : [index]))).toEqual([321]);
  });

  /** As in production, with waits of half the most that they may be. */
  function nineTries(waits: number[]): Retry {
    return async (call, { onRetry }) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof ProviderError) || !error.retryable || attempt === 9) throw error;
          waits.push(Math.min(30_000, 500 * 2 ** (attempt - 1)) / 2);
          onRetry(error, waits.at(-1) ?? 0);
        }
      }
    };
  }

  it('is not waited for with each part of a batch that one row spoils', async () => {
    const waits: number[] = [];
    const spoilt = new FakeEndpoint(poisoned(new Set([321]), () => failure('ENDPOINT-DROPPED', undefined, true)));
    const told: Told = { warnings: [], progress: [] };
    const failed: number[] = [];
    const scorer = new BatchScorer({ clock: new Ticks(), retry: nineTries(waits) });
    for await (const { rows, staging } of scorer.score(
      portfolio(25_000),
      { staging: spoilt, production: undefined },
      options(told),
    ))
      [...staging].forEach((answer, index) => {
        if (!answer.ok) failed.push(Number(rows.at(index)?.id));
      });
    expect(failed).toEqual([321]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(90_000);
    expect(spoilt.sizes.length).toBeLessThan(100);
  });

  it.each([0, 321, 1_999])('that dies of row %i and is gone for a while each time loses that row only', async (bad) => {
    let gone = 0;
    const dying = new FakeEndpoint((rows) => {
      gone -= 1;
      if (gone > 0) throw failure('ENDPOINT-UNREACHABLE', undefined, true);
      if (!rows.some((row) => row.id === bad)) return rows.map(price);
      gone = 4;
      throw failure('ENDPOINT-DROPPED', undefined, true);
    });
    const scorer = new BatchScorer({ clock: new Ticks(), retry: nineTries([]) });
    const answers: ScoredRow[] = [];
    const told: Told = { warnings: [], progress: [] };
    for await (const { staging } of scorer.score(
      portfolio(2_000),
      { staging: dying, production: undefined },
      options(told),
    ))
      answers.push(...staging);
    expect(answers.flatMap((answer, index) => (answer.ok ? [] : [index]))).toEqual([bad]);
  });

  it('gets smaller batches when they are too large, and all rows are scored', async () => {
    const small = new FakeEndpoint((rows) => {
      if (rows.length > 1_500) throw failure('ENDPOINT-TOO-LARGE', 413);
      return rows.map(price);
    });
    const { staging } = await score(portfolio(60_000), small, new FakeEndpoint());
    expect(staging.filter((answer) => answer.ok)).toHaveLength(60_000);
    expect(Math.max(...small.sizes.slice(-16))).toBe(781);
  });

  it('gets one batch at a time when it has no memory for two, and keeps the size of the batch', async () => {
    let inFlight = 0;
    const roomForOne = new FakeEndpoint(async (rows) => {
      inFlight += 1;
      try {
        if (inFlight > 1) throw failure('ENDPOINT-TOO-LARGE', 507);
        await new Promise((resolve) => setImmediate(resolve));
        return rows.map(price);
      } finally {
        inFlight -= 1;
      }
    }, 'databricks');
    const { staging } = await score(portfolio(20_000), roomForOne, undefined);
    expect(staging.filter((answer) => answer.ok)).toHaveLength(20_000);
    expect(Math.min(...roomForOne.sizes.slice(0, -1))).toBe(500);
  });

  it.each([
    ['prices nothing', () => failure('ENDPOINT-REFUSED', 500), 'priced none of the first 64 rows'],
    ['refuses the caller', () => failure('ENDPOINT-DENIED', 401), 'ENDPOINT-DENIED'],
    ['is gone', () => failure('ENDPOINT-UNREACHABLE', undefined, true), 'ENDPOINT-UNREACHABLE'],
    ['is busy from the start', () => failure('ENDPOINT-BUSY', 503, true), 'ENDPOINT-BUSY'],
  ])('ends the run when it %s', async (_, error, message) => {
    const broken = new FakeEndpoint(() => {
      throw error();
    });
    await expect(score(portfolio(60_000), new FakeEndpoint(), broken)).rejects.toThrow(message);
    expect(broken.sizes.length).toBeLessThan(200);
  });

  it('ends the run when it goes away for good in the middle', async () => {
    const dying = new FakeEndpoint((rows, request) => {
      if (request > 1) throw failure('ENDPOINT-DROPPED', undefined, true);
      return rows.map(price);
    });
    await expect(score(portfolio(60_000), dying, undefined)).rejects.toThrow('ENDPOINT-DROPPED');
  });

  it('does not look for failing rows for ever', async () => {
    const half = new FakeEndpoint((rows) => {
      if (rows.some((row) => Number(row.id) % 2 === 1)) {
        if (rows.length > 1) throw failure('ENDPOINT-REFUSED', 422);
        return [{ ok: false, error: '422', status: 422 }];
      }
      return rows.map(price);
    });
    const { staging } = await score(portfolio(30_000), half, undefined);
    expect(staging).toHaveLength(30_000);
    expect(staging[29_999]).toMatchObject({ ok: false, error: expect.stringContaining('rows that failed together') });
    expect(half.sizes.length).toBeLessThan(10_000);
  });

  it('never loses, doubles or moves a row, whatever fails', async () => {
    const codes = ['ENDPOINT-REFUSED', 'ENDPOINT-TOO-LARGE', 'ENDPOINT-BAD-ANSWER', 'ENDPOINT-TIMEOUT'];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.uniqueArray(fc.nat(2_999), { maxLength: 5 }),
        fc.constantFrom(...codes),
        fc.integer({ min: 1, max: 700 }),
        async (count, ids, code, chunk) => {
          const bad = new Set(ids);
          const endpoint = new FakeEndpoint((rows) => {
            if (rows.some((row) => bad.has(Number(row.id)))) throw failure(code, undefined);
            return rows.map(price);
          }, 'databricks');
          const { batches, staging } = await score(portfolio(count, chunk), endpoint, undefined);
          expect(batches.flatMap((batch) => batch.rows.map((row) => row.id))).toEqual(
            Array.from({ length: count }, (_, id) => id),
          );
          for (const [id, answer] of staging.entries()) {
            expect(answer.ok).toBe(!bad.has(id));
            if (answer.ok) expect(answer.row.id).toBe(id);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
