import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { motorBook, type Priced, reportOf } from '../../../tests/impact/make-book.ts';
import type { JsonObject } from '../../release/json.ts';
import { allows } from '../../release/verdict.ts';
import { SeededRandom } from '../numbers/random.ts';
import type { GateName } from './gate.ts';
import { type Interval, judgeLimits, type Known } from './judge-limits.ts';

describe('a figure and its limits', () => {
  const limits = { warn: 0.01, fail: 0.05 };
  it.each<[number | undefined, Known | undefined, string, number | undefined]>([
    [0.5, undefined, 'pass', 1],
    [1, undefined, 'pass', 1],
    [1.01, undefined, 'warn', 1],
    [-1.01, undefined, 'warn', 1],
    [5, undefined, 'warn', 1],
    [-5.01, undefined, 'fail', 5],
    [undefined, undefined, 'inconclusive', 5],
    [0.5, [0.2, 0.9], 'pass', 1],
    [0.5, [-1.2, 1.4], 'warn', 1],
    [4, [2, 6], 'inconclusive', 5],
    [-4, [-6, -2], 'inconclusive', 5],
    [6, [4, 8], 'fail', 5],
    [0.5, 'nothing', 'inconclusive', 5],
    [6, 'nothing', 'fail', 5],
  ])('%d within %j is %s', (value, known, verdict, limit) => {
    expect(judgeLimits(value, limits, known)).toMatchObject({ verdict, limit });
  });

  it('passes where there are no limits, whatever it is', () => {
    expect(judgeLimits(undefined, { warn: undefined, fail: undefined })).toMatchObject({
      verdict: 'pass',
      limit: undefined,
    });
  });

  it('reads 0.07 as 7 %', () => {
    expect(judgeLimits(7, { warn: undefined, fail: 0.07 })).toMatchObject({ verdict: 'pass', limit: 7 });
  });

  it('is judged no better the larger it is, and no better the less is known of it', () => {
    const order = ['pass', 'warn', 'inconclusive', 'fail'];
    const pct = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(pct, pct, fc.double({ min: 0, max: 5, noNaN: true }), (a, b, width) => {
        const [small, large] = Math.abs(a) <= Math.abs(b) ? [a, b] : [b, a];
        const rank = (value: number, interval?: Interval): number =>
          order.indexOf(judgeLimits(value, limits, interval).verdict);
        expect(rank(small)).toBeLessThanOrEqual(rank(large));
        expect(rank(small)).toBeLessThanOrEqual(rank(small, [small - width, small + width]));
      }),
    );
  });
});

function gate(book: readonly Priced[], name: GateName, run: Parameters<typeof reportOf>[1] = {}) {
  return reportOf(book, run).gates.find((judged) => judged.name === name);
}

const NONE = { change: 0.25, warn: undefined, fail: undefined };

describe('the gates', () => {
  const book = (change: number, count = 1_000): Priced[] => motorBook(count, 1, () => change);

  it('pass a change within the limits, warn of more, and fail what is too much', () => {
    expect([0.5, 2, 4].map((change) => reportOf(book(change)).verdict)).toEqual(['pass', 'warn', 'fail']);
  });

  it('fail when too many rows change much, and name the worst', () => {
    const few = book(0).map((quote, index) =>
      index < 6 ? { ...quote, staging: Number(quote.production) * (1.3 + index / 10) } : quote,
    );
    const judged = gate(few, 'rows_over');
    expect(judged).toMatchObject({ verdict: 'fail', value: 0.6, limit: 0.5 });
    expect(judged?.rows.map(({ row }) => row)).toEqual([
      'Q000005',
      'Q000004',
      'Q000003',
      'Q000002',
      'Q000001',
      'Q000000',
    ]);
    expect(gate(few.slice(1), 'rows_over')?.verdict).toBe('fail');
    expect(gate([...few.slice(1), ...book(0, 1_500).slice(1_000)], 'rows_over')?.verdict).toBe('pass');
  });

  it('count a quote that is lost to an error like one that is lost to a refusal', () => {
    const lost = book(0).map((quote, index) =>
      index < 2 ? { ...quote, staging: index === 0 ? null : 'error' } : quote,
    );
    expect(gate(lost, 'quotability')).toMatchObject({ verdict: 'fail', value: 0.2, limit: 0.1 });
  });

  it('do not count what was declined before and fails now', () => {
    const lost = book(0).map((quote, index) => (index < 2 ? { ...quote, production: null, staging: 'error' } : quote));
    expect(gate(lost, 'quotability')).toMatchObject({ verdict: 'pass', value: 0 });
  });

  it('are inconclusive when fewer rows were scored than the policy asks for', () => {
    const failing = book(0).map((quote, index) =>
      index < 6 ? { ...quote, production: 'error', staging: 'error' } : quote,
    );
    expect(reportOf(failing)).toMatchObject({
      verdict: 'inconclusive',
      gates: [{ name: 'min_scored', value: 99.4, limit: 99.5 }, {}, {}, {}, {}],
    });
    expect(reportOf(failing, { policy: { minScored: 0.99 } }).verdict).toBe('pass');
  });

  it('never let a book go that was not scored', () => {
    const price = fc.constantFrom<Priced['staging']>(null, 'error');
    fc.assert(
      fc.property(fc.array(fc.tuple(price, price), { minLength: 1, maxLength: 20 }), (pairs) => {
        const rows = pairs.map(([production, staging], id) => ({ row: { quote_id: id }, production, staging }));
        expect(allows(reportOf(rows).verdict)).toBe(false);
      }),
    );
  });

  it('judge a sample by what the whole portfolio may be', () => {
    const noisy = motorBook(40, 2, (_, random) => 2 + (random.below(2_001) - 1_000) / 100);
    expect(gate(noisy, 'premium_change', { sampledFrom: 100_000 })).toMatchObject({
      verdict: 'inconclusive',
      interval: [expect.any(Number), expect.any(Number)],
    });
    expect(gate(noisy, 'premium_change')?.verdict).toBe('warn');
    const many = motorBook(20_000, 2, (_, random) => 2.5 + (random.below(201) - 100) / 100);
    expect(gate(many, 'premium_change', { sampledFrom: 100_000 })?.verdict).toBe('warn');
  });

  it('know no less of a sample that is the whole', () => {
    const whole = reportOf(
      motorBook(500, 3, (_, random) => random.below(5)),
      { sampledFrom: 500 },
    );
    const intervals = whole.outputs[0]?.intervals;
    expect(intervals?.mean_change_pct?.[0]).toBeCloseTo(whole.outputs[0]?.mean_change_pct ?? Number.NaN, 10);
    expect(intervals?.mean_change_pct?.[1]).toBeCloseTo(whole.outputs[0]?.mean_change_pct ?? Number.NaN, 10);
  });

  it.each([1, 2, 29])('know nothing of a book of which %i rows were scored, however alike these are', (rows) => {
    const few = reportOf(book(0, rows), { sampledFrom: 100_000, policy: { rowsOver: NONE, quotability: NONE } });
    expect(few.verdict).toBe('inconclusive');
    expect(few.outputs[0]?.intervals).toEqual({ mean_change_pct: null, total_change_pct: null });
    expect(few.gates.map(({ name, verdict }) => `${name} ${verdict}`).slice(1, 3)).toEqual([
      'mean_change inconclusive',
      'premium_change inconclusive',
    ]);
    expect(few.gates[1]?.reason).toBe(
      'The mean change of the premium (every row counts the same) is 0% in a sample that is too small to tell whether the whole portfolio keeps to 5%: score more rows.',
    );
  });

  it('know nothing of a percentage that no row of the sample has', () => {
    const free = book(0, 100).map((quote) => ({ ...quote, production: 0, staging: 0 }));
    expect(reportOf(free, { sampledFrom: 100_000 }).outputs[0]?.intervals).toEqual({
      mean_change_pct: null,
      total_change_pct: null,
    });
  });

  it('say so with as many decimals as it takes to see that a limit is broken', () => {
    const slightly = book(3.001).map((quote) => ({ ...quote, staging: Number(quote.production) * 1.03001 }));
    expect(gate(slightly, 'premium_change')?.reason).toBe(
      'The change of the total premium is 3.001%, beyond the 3% that fails.',
    );
  });

  it.each<[string, (row: JsonObject, production: number, random: SeededRandom) => number]>([
    ['a column of the portfolio', ({ region }, _, random) => (region === 'London' ? 8 : 0) + random.below(7) - 3],
    ['the old premium, in steps', (_, production) => (production > 400 ? 10 : -10)],
    ['the old premium, as a fixed fee does', (_, production) => 2_000 / production],
  ])(
    'have bounds that hold the figure of the whole book in nearly all samples, where the change goes by %s',
    (_, change) => {
      const random = new SeededRandom(9);
      const all = motorBook(20_000, 4, () => 0).map(({ row, production }): Priced => {
        const old = Number(production);
        return { row, production, staging: old * (1 + change(row, old, random) / 100) };
      });
      const truth = reportOf(all).outputs[0];
      const runs = 50;
      const hits = { mean: 0, total: 0 };
      for (let offset = 0; offset < runs; offset++) {
        const sample = all.filter((_, index) => index % runs === offset);
        const intervals = reportOf(sample, { sampledFrom: all.length }).outputs[0]?.intervals;
        const holds = (
          interval: readonly [number, number] | null | undefined,
          value: number | null | undefined,
        ): number => (interval && value && interval[0] <= value && value <= interval[1] ? 1 : 0);
        hits.mean += holds(intervals?.mean_change_pct, truth?.mean_change_pct);
        hits.total += holds(intervals?.total_change_pct, truth?.total_change_pct);
      }
      // 95 % of 50 are 47; such bounds hold fewer than 43 of them in four of a thousand times.
      for (const count of Object.values(hits)) {
        expect(count).toBeGreaterThanOrEqual(43);
        expect(count).toBeLessThanOrEqual(50);
      }
    },
  );
});
