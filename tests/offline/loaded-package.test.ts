import { appendFileSync, chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateFailure } from '../../shared/errors.ts';
import type { Engine, EnginePackage } from '../../shared/ports/engine.ts';
import type { QuoteEndpoint } from '../../shared/ports/quote-endpoint.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { HttpQuoteEndpoints } from '../../shared/scoring/http-quote-endpoints.ts';
import { ApplicationDispatcher } from '../../shared/scoring/offline/application-dispatcher.ts';
import { engineOn, Folders, options, type Served, serve } from '../engine/bench.ts';

const folders = new Folders();
afterAll(() => folders.remove());

const REGIONS = ['London', 'Scotland', 'Wales', 'Elsewhere'];
const ROWS: readonly JsonObject[] = Array.from({ length: 3_000 }, (_, id) => ({
  quote_id: id,
  driver_age: 15 + (id % 70),
  region: REGIONS[id % 4] ?? '',
  vehicle_value: 900 + id * 7.25,
}));
const ASKED = { signal: new AbortController().signal, timeoutMs: 120_000, bulk: true };

/** What an endpoint makes of rows: its answers, or what it says instead, without its address. */
async function outcome(endpoint: QuoteEndpoint, rows: readonly JsonObject[]): Promise<unknown> {
  return endpoint
    .score(rows, ASKED)
    .catch((error: unknown) => String(error).replaceAll(/http:\/\/[\w.:-]+/g, 'http://address'));
}

describe.each([
  { haute: '0.6.0', fixture: 'modelled' },
  { haute: '0.5.2', fixture: 'tables' },
])('a package of Haute $haute', { timeout: 600_000 }, ({ haute, fixture }) => {
  let engine: Engine;
  let pkg: EnginePackage;
  let server: Served;
  let served: QuoteEndpoint;
  let loaded: QuoteEndpoint;

  beforeAll(async () => {
    const root = folders.project(fixture);
    writeFileSync(join(root, 'requirements.txt'), `haute==${haute}\n`);
    engine = engineOn(root);
    pkg = await engine.package(join(folders.empty(), 'package'), options());
    const application = await engine.load(pkg, options());
    const createPool = () => new ApplicationDispatcher(application);
    const retryAfterMs = () => undefined;
    loaded = new HttpQuoteEndpoints({ retryAfterMs, createPool }).open({ url: 'http://package', wire: 'haute' });
    server = await serve(await engine.servePlan(pkg, options()));
    served = new HttpQuoteEndpoints({ retryAfterMs }).open({ url: server.url, wire: 'haute' });
  }, 900_000);

  afterAll(async () => {
    await served?.close();
    await server?.stop();
    await loaded?.close();
  });

  it('says which package it is', async () => {
    expect(await loaded.identify(ASKED)).toMatchObject({ ok: true, packageDigest: pkg.digest });
  });

  it.each([
    ['one row', ROWS.slice(0, 1)],
    ['many rows', ROWS],
    ['a declined row', [{ ...ROWS[0], driver_age: 12 }]],
    ['a row that cannot be priced', [{ ...ROWS[0], driver_age: 'old' }]],
    ['a row that cannot be priced among others', [...ROWS.slice(0, 5), { ...ROWS[5], driver_age: 'old' }]],
    ['a row without a column', [{ quote_id: 1 }]],
  ])('answers %s as it does when it is served', async (_, rows) => {
    expect(JSON.stringify(await outcome(loaded, rows))).toBe(JSON.stringify(await outcome(served, rows)));
  });

  it('is not loaded when one of its files was changed', async () => {
    const changed = { ...pkg, dir: join(folders.empty(), 'package') };
    cpSync(pkg.dir, changed.dir, { recursive: true });
    chmodSync(join(changed.dir, 'app.py'), 0o644);
    appendFileSync(join(changed.dir, 'app.py'), '\n');
    const error = await engine.load(changed, options()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateFailure);
    expect((error as GateFailure).problem).toMatchObject({ code: 'PACKAGE-DOES-NOT-SERVE' });
    expect((error as GateFailure).message).toContain('app.py is not the file that was packaged');
  });
});
