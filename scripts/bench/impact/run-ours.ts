/**
 * The product on two addresses, in a process of its own so that its memory is its own.
 * Usage: node run-ours.ts <portfolio> <staging> <production> [built-in|duckdb]; prints one line of JSON.
 */
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { BookBuilder } from '../../../shared/impact/book/book-builder.ts';
import { SpilledPages } from '../../../shared/impact/pages/page-store.ts';
import { DiskScratch } from '../../../shared/io/disk-scratch.ts';
import { DEFAULT_RETRY, retry } from '../../../shared/io/retry.ts';
import { SystemClock } from '../../../shared/io/system-clock.ts';
import { keepYoungGenerationSmall } from '../../../shared/io/young-generation.ts';
import { findDuckDb, withParents } from '../../../shared/portfolio/duckdb/find-duckdb.ts';
import { FilePortfolios } from '../../../shared/portfolio/file-portfolios.ts';
import { BatchScorer } from '../../../shared/scoring/batch-scorer.ts';
import { HttpQuoteEndpoints } from '../../../shared/scoring/http-quote-endpoints.ts';
import { peakMb } from './peak-mb.ts';
import { reportOn } from './report-on.ts';

const [portfolioPath = '', staging = '', production = '', reader = 'built-in'] = process.argv.slice(2);
keepYoungGenerationSmall();
const startedMs = performance.now();
const seconds = (): number => (performance.now() - startedMs) / 1000;
const { signal } = new AbortController();
const clock = new SystemClock();
const request = { root: dirname(portfolioPath), dataset: basename(portfolioPath), key: 'quote_id' };
const duckdb = {
  find: () => findDuckDb(withParents(import.meta.dirname)),
  install: () => Promise.reject(new Error('DuckDB is a dependency of this project')),
  say: (line: string) => process.stderr.write(`${line}\n`),
};
const portfolios = reader === 'duckdb' ? new FilePortfolios(undefined, duckdb) : new FilePortfolios();
const portfolio = await portfolios.open(request, signal);
const total = await portfolio.count(signal);
const opened = seconds();
const endpoints = new HttpQuoteEndpoints({ retryAfterMs: () => undefined });
const sides = {
  staging: endpoints.open({ url: staging, wire: 'haute' }),
  production: endpoints.open({ url: production, wire: 'haute' }),
};
const scorer = new BatchScorer({
  clock,
  retry: (call, tools) => retry(DEFAULT_RETRY, { clock, random: Math.random, ...tools }, call),
});
const scratch = new DiskScratch(tmpdir());
const store = new SpilledPages(scratch);
const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined, store });
const options = { signal, timeoutMs: 180_000, concurrency: 4, total, progress: () => undefined, warn: () => undefined };
const sizes = new Map<number, number>();
for await (const batch of scorer.score(portfolio.rows({ signal }), sides, options)) {
  sizes.set(batch.rows.length, (sizes.get(batch.rows.length) ?? 0) + batch.rows.length);
  builder.add(batch);
}
await sides.staging.close();
await sides.production.close();
const scored = seconds();
const scoredMb = peakMb();
const report = await reportOn(() => builder.finish(), total, scratch);
scratch.close();
const done = seconds();
const result = {
  ...report,
  seconds: done,
  opened,
  scored: scored - opened,
  analysed: done - scored,
  /** The size of a request that most rows travelled in. */
  batch: [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1,
  cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  scoredMb,
  peakMb: peakMb(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
