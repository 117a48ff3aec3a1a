import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../shared/impact/numbers/random.ts';
import { duckdb } from './duckdb.ts';
import { motorBook, type Priced, reportOf } from './make-book.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'figures-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A motor book with declined risks, errors, zero baselines and premiums below zero. */
function oddBook(rows: number, seed: number): Priced[] {
  const random = new SeededRandom(seed);
  const odd = (price: Priced['staging']): Priced['staging'] => {
    const draw = random.below(100);
    if (draw < 3) return null;
    if (draw < 5) return '422 bad row';
    if (draw < 8) return 0;
    return draw < 10 && typeof price === 'number' ? -price : price;
  };
  return motorBook(rows, seed, ({ region }, draw) => (region === 'Wales' ? 11 : 0) + draw.below(4) - 1).map(
    (quote) => ({
      ...quote,
      production: odd(quote.production),
      staging: odd(quote.staging),
    }),
  );
}

async function load(book: readonly Priced[]): Promise<string> {
  const path = join(folder, 'book.jsonl');
  const state = (price: Priced['staging']): string =>
    typeof price === 'number' ? 'quoted' : price === null ? 'declined' : 'error';
  const lines = book.map(({ row, production, staging }) =>
    JSON.stringify({
      region: row.region,
      old: typeof production === 'number' ? production : null,
      new: typeof staging === 'number' ? staging : null,
      old_state: state(production),
      new_state: state(staging),
    }),
  );
  await writeFile(path, lines.join('\n'));
  return `CREATE TABLE book AS SELECT *, CASE WHEN old <> 0 THEN 100 * (new - old) / abs(old) END AS pct
    FROM read_json('${path}', columns = {region: 'VARCHAR', old: 'DOUBLE', new: 'DOUBLE', old_state: 'VARCHAR', new_state: 'VARCHAR'})`;
}

function expectClose(actual: unknown, expected: unknown, what: string): void {
  const [ours, theirs] = [Number(actual), Number(expected)];
  expect(Math.abs(ours - theirs), `${what}: ${ours} and ${theirs}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(theirs)),
  );
}

describe('the figures of a book, worked out by DuckDB', () => {
  it.each([
    [50, 1],
    [4_000, 2],
    [40_000, 3],
  ])('are ours: %i rows', async (rows, seed) => {
    const book = oddBook(rows, seed);
    const table = await load(book);
    const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
    const [theirs = {}] = await duckdb(
      table,
      `SELECT count(*) AS rows, count(pct) AS measured, avg(pct) AS mean, fsum(old) AS old_total, fsum(new) AS new_total,
        max(pct) AS highest, min(pct) AS lowest, count(*) FILTER (old = 0) AS zero,
        count(*) FILTER (abs(new - old) > 1e-6) AS changed, fsum(pct * abs(old)) / fsum(abs(old)) FILTER (pct IS NOT NULL) AS weighted,
        count(*) FILTER (abs(pct) > 25 OR (old = 0 AND new <> 0)) AS over,
        ${shares.map((share, index) => `quantile_cont(pct, ${share}) AS q${index}`).join(', ')}
       FROM book WHERE old IS NOT NULL AND new IS NOT NULL`,
    );
    const report = reportOf(book);
    const [premium] = report.outputs;
    if (premium === undefined) throw new Error('no premium');
    expect([premium.rows, premium.changed, premium.zero_baseline].map(String)).toEqual(
      [theirs.rows, theirs.changed, theirs.zero].map(String),
    );
    expectClose(premium.mean_change_pct, theirs.mean, 'mean');
    expectClose(premium.production_total, theirs.old_total, 'production total');
    expectClose(premium.staging_total, theirs.new_total, 'staging total');
    expectClose(premium.highest?.change_pct, theirs.highest, 'highest');
    expectClose(premium.lowest?.change_pct, theirs.lowest, 'lowest');
    expectClose(premium.weighted[0]?.mean_change_pct, theirs.weighted, 'weighted mean');
    const ours = [
      premium.p1,
      premium.p5,
      premium.p25,
      premium.median_change_pct,
      premium.p75,
      premium.p95,
      premium.p99,
    ];
    for (const [index, value] of ours.entries()) expectClose(value, theirs[`q${index}`], `quantile ${shares[index]}`);
    const over = report.gates.find(({ name }) => name === 'rows_over');
    expectClose(over?.value, (100 * Number(theirs.over)) / Number(theirs.rows), 'rows over the limit');
  });

  it('are ours by state and by segment', async () => {
    const isPlain = (price: Priced['staging']): boolean => typeof price !== 'number' || price > 0;
    const book = oddBook(20_000, 7).filter(({ production, staging }) => isPlain(production) && isPlain(staging));
    const table = await load(book);
    const report = reportOf(book);
    const states = await duckdb(table, 'SELECT old_state, new_state, count(*) AS rows FROM book GROUP BY ALL');
    for (const { old_state, new_state, rows } of states) {
      const ours = report.quotability.transitions.find(
        ({ production, staging }) => production === old_state && staging === new_state,
      );
      expect([old_state, new_state, ours?.rows]).toEqual([old_state, new_state, Number(rows)]);
    }
    const regions = await duckdb(
      table,
      `SELECT region, count(*) AS rows, avg(pct) AS mean, fsum(new) - fsum(old) AS change
       FROM book WHERE old IS NOT NULL AND new IS NOT NULL GROUP BY region`,
    );
    const groups = report.breakdowns.find(({ column }) => column === 'region')?.groups ?? [];
    expect(groups.length).toBe(regions.length);
    for (const { region, rows, mean, change } of regions) {
      const ours = groups.find(({ low }) => low === region);
      expect([region, ours?.rows]).toEqual([region, Number(rows)]);
      expectClose(ours?.mean_change_pct, mean, `mean of ${String(region)}`);
      expect(Math.abs((ours?.total_change ?? 0) - Number(change))).toBeLessThan(1e-6);
    }
  });
});
