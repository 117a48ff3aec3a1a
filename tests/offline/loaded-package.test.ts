import { appendFileSync, chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateFailure } from '../../shared/errors.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import { retry } from '../../shared/io/retry.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { Engine, EnginePackage } from '../../shared/ports/engine.ts';
import type { ScoredBatch } from '../../shared/ports/portfolio-scorer.ts';
import type { QuoteEndpoint } from '../../shared/ports/quote-endpoint.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { BatchScorer } from '../../shared/scoring/batch-scorer.ts';
import { HttpQuoteEndpoints } from '../../shared/scoring/http-quote-endpoints.ts';
import { packageEndpoint } from '../../shared/scoring/offline/package-endpoint.ts';
import { engineOn, Folders, options, type Served, serve } from '../engine/bench.ts';
import { analysisOf } from '../impact/make-book.ts';

const REGIONS = ['London', 'Scotland', 'Wales', 'Elsewhere'];
const ROWS: readonly JsonObject[] = Array.from({ length: 1_000 }, (_, id) => ({
  quote_id: id,
  driver_age: 15 + (id % 70),
  region: REGIONS[id % 4] ?? '',
  vehicle_value: 900 + id * 7.25,
}));
const signal = new AbortController().signal;
const ASKED = { signal, timeoutMs: 120_000, bulk: true };
const retryAfterMs = () => undefined;

/** A package with a server of it and a process that has it loaded. */
interface Bench {
  readonly engine: Engine;
  readonly pkg: EnginePackage;
  readonly server: Served;
  readonly served: QuoteEndpoint;
  readonly loaded: QuoteEndpoint;
}

const FIXTURES = { '0.6.0': 'modelled', '0.5.2': 'tables' } as const;
type Version = keyof typeof FIXTURES;

const folders = new Folders();
const benches = new Map<string, Bench>();
const benchOf = (haute: Version): Bench => benches.get(haute) as Bench;

beforeAll(async () => {
  for (const [haute, fixture] of Object.entries(FIXTURES)) {
    const root = folders.project(fixture);
    writeFileSync(join(root, 'requirements.txt'), `haute==${haute}\n`);
    const engine = engineOn(root);
    const pkg = await engine.package(join(folders.empty(), 'package'), options());
    const loaded = packageEndpoint(await engine.load(pkg, options()), { retryAfterMs });
    const server = await serve(await engine.servePlan(pkg, options()));
    const served = new HttpQuoteEndpoints({ retryAfterMs }).open({ url: server.url, wire: 'haute' });
    benches.set(haute, { engine, pkg, server, served, loaded });
  }
}, 900_000);

afterAll(async () => {
  for (const { served, server, loaded } of benches.values()) {
    await served.close();
    await server.stop();
    await loaded.close();
  }
  folders.remove();
});

/** What an endpoint makes of rows: its answers, or what it says instead, without its address. */
async function outcome(endpoint: QuoteEndpoint, rows: readonly JsonObject[]): Promise<unknown> {
  return endpoint
    .score(rows, ASKED)
    .catch((error: unknown) => String(error).replaceAll(/http:\/\/[\w.:-]+/g, 'http://address'));
}

describe.each(Object.keys(FIXTURES) as Version[])('a loaded package of Haute %s', { timeout: 600_000 }, (haute) => {
  it('says which package it is', async () => {
    const { loaded, pkg } = benchOf(haute);
    expect(await loaded.identify(ASKED)).toMatchObject({ ok: true, packageDigest: pkg.digest });
  });

  it.each([
    ['one row', ROWS.slice(0, 1)],
    ['many rows', ROWS],
    ['a declined row', [{ ...ROWS[0], driver_age: 12 }]],
    ['a row that cannot be priced', [{ ...ROWS[0], driver_age: 'old' }]],
    ['a row without a column', [{ quote_id: 1 }]],
  ])('answers %s as it does when it is served', async (_, rows) => {
    const { loaded, served } = benchOf(haute);
    expect(JSON.stringify(await outcome(loaded, rows))).toBe(JSON.stringify(await outcome(served, rows)));
  });
});

describe('offline', { timeout: 600_000 }, () => {
  it('does not load a package of which a file was changed', async () => {
    const { engine, pkg } = benchOf('0.6.0');
    const changed = { ...pkg, dir: join(folders.empty(), 'package') };
    cpSync(pkg.dir, changed.dir, { recursive: true });
    chmodSync(join(changed.dir, 'app.py'), 0o644);
    appendFileSync(join(changed.dir, 'app.py'), '\n');
    const error = await engine.load(changed, options()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateFailure);
    expect((error as GateFailure).problem).toMatchObject({ code: 'PACKAGE-DOES-NOT-SERVE' });
    expect((error as GateFailure).message).toContain('app.py is not the file that was packaged');
  });

  it('makes the same report of two packages as their servers do, with rows that fail and rows that are declined', async () => {
    const [now, before] = [benchOf('0.5.2'), benchOf('0.6.0')];
    const rows = ROWS.slice(0, 10).map((row, id) => (id === 7 ? { ...row, driver_age: 'old' } : row));
    const offline = await reportOf(rows, now.loaded, before.loaded);
    expect(offline).toBe(await reportOf(rows, now.served, before.served));
    const { rows: counts, quotability } = JSON.parse(offline) as ImpactJson;
    expect(counts).toMatchObject({ total: 10, failed: 1, scored: 9 });
    expect(quotability.production?.declined).toBeGreaterThan(0);
  });
});

async function reportOf(
  rows: readonly JsonObject[],
  staging: QuoteEndpoint,
  production: QuoteEndpoint,
): Promise<string> {
  const clock = new SystemClock();
  const scorer = new BatchScorer({
    clock,
    retry: (call, tools) =>
      retry({ attempts: 3, baseMs: 10, capMs: 100 }, { clock, random: () => 0.5, ...tools }, call),
  });
  async function* portfolio() {
    yield rows;
  }
  const quiet = { progress: () => undefined, warn: () => undefined };
  const told = { signal, timeoutMs: 120_000, concurrency: 4, total: rows.length, ...quiet };
  const batches: ScoredBatch[] = [];
  for await (const batch of scorer.score(portfolio(), { staging, production }, told)) batches.push(batch);
  return encodeImpact(analysisOf(batches));
}
