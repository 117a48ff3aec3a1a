import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { psi } from '../../shared/impact/drift/drift.ts';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { ImpactBench } from './impact-bench.ts';

let bench: ImpactBench;
beforeEach(async () => {
  bench = await ImpactBench.start((row) => ({ quote_id: row.quote_id ?? null, premium: 100 }));
});
afterEach(() => bench.stop());

async function reportOf(rows: readonly JsonObject[], inputs: Readonly<Record<string, string>> = {}) {
  bench.portfolio(rows.map((row, id) => ({ quote_id: id, ...row })));
  const host = await bench.standalone(inputs);
  const folder = inputs['report-dir'] ?? '.haute/impact';
  return { host, report: JSON.parse(bench.read(`${folder}/impact.json`)) as ImpactJson };
}

describe('the population stability index', () => {
  // Shares 0.5, 0.3, 0.2 against 0.4, 0.35, 0.25, worked out by hand to five digits.
  it.each<[string, number[], number[], number]>([
    ['of a textbook case', [50, 30, 20], [40, 35, 25], 0.02231 + 0.00771 + 0.01116],
    ['of no change', [7, 3], [70, 30], 0],
    ['of a bin that emptied', [99, 1], [100, 0], (0.0001 - 0.01) * Math.log(0.01) + 0.01 * Math.log(1 / 0.99)],
  ])('%s', (_, before, now, expected) => {
    expect(psi(before, now)).toBeCloseTo(expected, 4);
  });
});

describe('the portfolio since an earlier run', () => {
  const BEFORE = Array.from({ length: 1_000 }, (_, id) => ({
    age: 20 + (id % 40),
    region: ['London', 'Wales', 'London', 'North'][id % 4] ?? '',
    gone: id % 3,
  }));

  it('is stable where it is the same, and then nothing of it is judged', async () => {
    await reportOf(BEFORE, { 'report-dir': 'before' });
    const { report, host } = await reportOf(BEFORE, { previous: `${bench.root}/before/impact.json` });
    expect(report.drift).toEqual({
      since: { dataset: 'book.jsonl', rows: 1_000 },
      columns: ['age', 'gone', 'region'].map((column) => ({ column, psi: 0, what: 'compared' })),
    });
    expect(report.inputs).toContainEqual({
      column: 'region',
      kind: 'texts',
      empty: 0,
      other: 0,
      bins: [
        { low: 'London', high: 'London', rows: 500 },
        { low: 'North', high: 'North', rows: 250 },
        { low: 'Wales', high: 'Wales', rows: 250 },
      ],
    });
    expect(report.inputs.find(({ column }) => column === 'age')?.bins).toHaveLength(10);
    expect(host.end?.result).toBe('pass');
    expect(host.end?.summary).toContain('### The portfolio since the run before');
  });

  it('has drifted where values moved, came or went', async () => {
    await reportOf(BEFORE, { 'report-dir': 'before' });
    const after = BEFORE.map(({ age, region }, id) => ({
      age: age + 15,
      region: id % 2 === 0 ? region : 'Narnia',
      fuel: 'petrol',
    }));
    const { report } = await reportOf(after, { previous: `${bench.root}/before/impact.json` });
    const of = (name: string) => report.drift?.columns.find(({ column }) => column === name);
    expect(of('age')).toMatchObject({ what: 'compared', psi: expect.closeTo(2.9, 0) });
    // Wales and North are gone, and half of the rows are in a region that was not there: floors of 0.01 %.
    const floor = 2 * (0.0001 - 0.25) * Math.log(0.0001 / 0.25) + (0.5 - 0.0001) * Math.log(0.5 / 0.0001);
    expect(of('region')?.psi).toBeCloseTo(floor, 6);
    expect(of('fuel')).toEqual({ column: 'fuel', psi: null, what: 'new' });
    expect(of('gone')).toEqual({ column: 'gone', psi: null, what: 'gone' });
  });

  it('is refused where the earlier report is not there, or is none', async () => {
    bench.portfolio([{ quote_id: 1 }]);
    expect((await bench.standalone({ previous: 'no.json' })).annotations[0]?.title).toBe('PREVIOUS-MISSING');
    const haute = `${bench.root}/haute.toml`;
    expect((await bench.standalone({ previous: haute })).annotations[0]?.title).toBe('IMPACT-BROKEN');
  });
});
