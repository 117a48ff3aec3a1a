import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineOn, env, exec, Folders, options } from '../engine/bench.ts';
import { motorBook, reportOf } from './make-book.ts';

/** Such that a quantile is the value of one row: Haute takes the nearest one, where ours lie between two. */
const ROWS = 20_001;

/** What Haute's own report has of one output, and of the values of a column of texts. */
interface HauteReport {
  readonly scored_rows: number;
  readonly column_stats: readonly (Readonly<Record<string, number>> & { readonly name: string })[];
  readonly segments: Readonly<
    Record<string, readonly (Readonly<Record<string, number>> & { readonly value: string })[]>
  >;
}

const folders = new Folders();
const book = motorBook(ROWS, 8, ({ region, fuel }, random) => {
  return (region === 'Wales' ? 7 : 0) - (fuel === 'diesel' ? 3 : 0) + random.below(100) / 50;
});
const ours = reportOf(book);
let theirs: HauteReport;

beforeAll(async () => {
  const root = folders.project('tables');
  writeFileSync(join(root, 'requirements.txt'), 'haute==0.6.0\n');
  const engine = engineOn(root);
  const pkg = await engine.package(join(folders.empty(), 'package'), options());
  const [python = ''] = (await engine.servePlan(pkg, options())).argv;
  const file = join(folders.empty(), 'book.json');
  const answers = (side: 'staging' | 'production') => book.map((priced) => ({ premium: priced[side] }));
  const rows = book.map(({ row }) => row);
  writeFileSync(file, JSON.stringify({ rows, staging: answers('staging'), production: answers('production') }));
  const argv = [python, join(import.meta.dirname, 'haute-report.py'), file] as const;
  const ran = await exec.run({ argv, cwd: pkg.dir, env, timeoutMs: 120_000, signal: new AbortController().signal });
  if (ran.code !== 0) throw new Error(ran.stderr);
  theirs = JSON.parse(ran.stdout) as HauteReport;
}, 600_000);
afterAll(() => folders.remove());

describe('the report of `haute impact`, made by Haute of the same answers', () => {
  it('has the figures of ours', () => {
    const [premium] = ours.outputs;
    const [stats] = theirs.column_stats;
    if (!premium || !stats) throw new Error('no premium');
    expect(theirs.scored_rows).toBe(ours.rows.scored);
    expect([stats.name, stats.n_rows]).toEqual(['premium', premium.rows]);
    expect(stats.n_changed).toBe(premium.changed);
    const figures = {
      mean_change_pct: premium.mean_change_pct,
      median_change_pct: premium.median_change_pct,
      max_increase_pct: premium.max_increase_pct,
      max_decrease_pct: premium.max_decrease_pct,
      p5: premium.p5,
      p25: premium.p25,
      p75: premium.p75,
      p95: premium.p95,
      staging_mean: premium.staging_mean,
      prod_mean: premium.production_mean,
      total_premium_change_pct: premium.total_change_pct,
    };
    for (const [name, value] of Object.entries(figures)) expect(value, name).toBeCloseTo(stats[name] as number, 9);
  });

  it('has the groups of ours, of every column of texts that ours shows', () => {
    const shown = ours.breakdowns.filter(({ column }) => column in theirs.segments);
    expect(shown.map(({ column }) => column).toSorted()).toEqual(['fuel', 'region']);
    for (const { column, groups } of shown) {
      const byValue = new Map(theirs.segments[column]?.map((group) => [group.value, group]));
      expect(groups).toHaveLength(byValue.size);
      for (const { low, rows, mean_change_pct: mean, staging_mean: now, production_mean: before } of groups) {
        const group = byValue.get(String(low));
        expect(group?.n_rows, `${column} ${low}`).toBe(rows);
        expect(mean).toBeCloseTo(group?.mean_change_pct as number, 9);
        expect(now).toBeCloseTo(group?.staging_mean as number, 9);
        expect(before).toBeCloseTo(group?.prod_mean as number, 9);
      }
    }
  });
});
