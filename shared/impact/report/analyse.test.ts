import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisOf, answer, batchOf, motorBook, type Priced, reportOf } from '../../../tests/impact/make-book.ts';
import { naiveFigures } from '../../../tests/impact/naive.ts';
import { ConfigError } from '../../errors.ts';
import type { Answer } from '../../release/answers.ts';
import type { JsonObject } from '../../release/json.ts';
import type { Batch } from '../book/batch.ts';
import { SeededRandom } from '../numbers/random.ts';
import { encodeImpact } from './codec.ts';

const money = fc.integer({ min: 1, max: 500_000 }).map((cents) => cents / 100);
const price = fc.oneof({ weight: 12, arbitrary: money }, fc.constant(0), fc.constant(null), fc.constant('422 bad row'));
const prices = fc.array(fc.tuple(price, price), { minLength: 1, maxLength: 150 });

/** What is wrong with a row: its key, or what staging answers to it. */
const ODDITY = fc.oneof(
  { weight: 8, arbitrary: fc.constant('plain' as const) },
  fc.constantFrom('no-key' as const, 'same-key' as const, 'foreign' as const, 'text' as const, 'other-type' as const),
);
/** How rows are cut into batches, and where in them answers to different rows change places. */
const CUT = fc.record({ size: fc.integer({ min: 1, max: 90 }), seed: fc.nat() });

interface OddRow {
  readonly key: number | string | null;
  readonly oddity: string;
  readonly production: Priced['production'];
  readonly staging: Priced['staging'];
}

function oddRow(production: Priced['production'], staging: Priced['staging'], oddity: string, index: number): OddRow {
  const key = oddity === 'no-key' ? null : oddity === 'same-key' ? `k${index % 3}` : index;
  return { key, oddity, production, staging };
}

function batchesOf(rows: readonly OddRow[], { size, seed }: { readonly size: number; readonly seed: number }): Batch[] {
  const random = new SeededRandom(seed);
  const batches: Batch[] = [];
  for (let at = 0; at < rows.length; at += size) {
    const part = rows.slice(at, at + size);
    batches.push({
      rows: part.map(({ key }) => ({ quote_id: key })),
      staging: turned(part.map(stagingAnswer), random),
      production: turned(
        part.map(({ key, production }) => answer({ quote_id: key }, production)),
        random,
      ),
    });
  }
  return batches;
}

function stagingAnswer({ key, oddity, staging }: OddRow): Answer {
  const asked = oddity === 'foreign' ? `foreign ${key}` : oddity === 'other-type' ? String(key) : key;
  return answer(
    { quote_id: asked },
    staging,
    oddity === 'text' && typeof staging === 'number' ? { premium: `${staging}` } : {},
  );
}

/** Answers in another order. One that is an error names no row: it stays where it is. */
function turned(answers: readonly Answer[], random: SeededRandom): Answer[] {
  const all = [...answers];
  const places = [...all.keys()].filter((place) => all[place]?.ok);
  for (let left = places.length; left > 1; left--) {
    const [a, b] = [places[left - 1], places[random.below(left)]] as [number, number];
    [all[a], all[b]] = [all[b] as Answer, all[a] as Answer];
  }
  return all;
}

/** Its answer has a key that nobody asked for. */
function isForeign({ oddity, staging }: OddRow): boolean {
  return oddity === 'foreign' && typeof staging !== 'string';
}

/** As the independent calculation knows rows: text for a number is an error, and so is no answer beside an error. */
function asPriced(row: OddRow): Priced {
  const { key, oddity, production, staging } = row;
  const isError = isForeign(row) || (oddity === 'text' && typeof staging === 'number');
  const now = isError ? 'error' : staging;
  return { row: { quote_id: key }, production, staging: now };
}

function bookOf(pairs: readonly (readonly [Priced['staging'], Priced['staging']])[]): Priced[] {
  return pairs.map(([production, staging], index) => ({
    row: { quote_id: index, area: index % 3 },
    production,
    staging,
  }));
}

function expectClose(actual: number | null | undefined, expected: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNull();
  else expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

describe('the figures of a book', () => {
  it('are those of an independent calculation', () => {
    fc.assert(
      fc.property(prices, (pairs) => {
        const book = bookOf(pairs);
        if (!book.some(({ production, staging }) => typeof production !== 'string' || typeof staging !== 'string'))
          return;
        const report = reportOf(book);
        const naive = naiveFigures(book);
        const premium = report.outputs[0] as (typeof report.outputs)[number];
        expect([premium.name, premium.rows, premium.changed, premium.zero_baseline]).toEqual([
          'premium',
          naive.rows,
          naive.changed,
          naive.zeroBaseline,
        ]);
        expectClose(premium.mean_change_pct, naive.mean);
        for (const [name, value] of Object.entries(naive.percentiles)) expectClose(premium[name as 'p1'], value);
        expectClose(premium.production_total, naive.productionTotal);
        expectClose(premium.staging_total, naive.stagingTotal);
        if (naive.productionTotal !== 0) expectClose(premium.total_change_pct, naive.totalChangePct);
        expectClose(premium.weighted[0]?.mean_change_pct, naive.premiumWeightedMean);
        expect(report.bands.map(({ rows }) => rows)).toEqual(naive.bands);
        for (const { production, staging, rows } of report.quotability.transitions) {
          expect(rows).toBe(naive.transitions[`${production} ${staging}`] ?? 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are those of an independent calculation with everything that goes wrong with keys and answers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(price, price, ODDITY), { minLength: 1, maxLength: 80 }), CUT, (rows, cut) => {
        const odd = rows.map(([production, staging, oddity], index) => oddRow(production, staging, oddity, index));
        const times = new Map<unknown, number>();
        for (const { key } of odd) times.set(String(key), (times.get(String(key)) ?? 0) + 1);
        const isNamed = ({ key }: OddRow): boolean => key !== null && times.get(String(key)) === 1;
        const isLost = (row: OddRow): boolean => isForeign(row) && typeof row.production !== 'string';
        const paired = odd.filter((row) => isNamed(row) && !isLost(row));
        const naive = naiveFigures(paired.map(asPriced));
        fc.pre(naive.rows > 0);
        const report = analysisOf(batchesOf(odd, cut), { policy: { outputs: ['premium'] } });
        expect(report.rows).toMatchObject({
          total: odd.length,
          without_key: odd.filter(({ key }) => key === null).length,
          repeated_key: odd.filter((row) => row.key !== null && !isNamed(row)).length,
          without_answer: odd.filter((row) => isNamed(row) && isLost(row)).length,
          extra_answers_staging: odd.filter(isForeign).length,
        });
        expect(
          report.quotability.transitions.map(({ production, staging, rows: count }) => [
            `${production} ${staging}`,
            count,
          ]),
        ).toEqual(
          report.quotability.transitions.map(({ production, staging }) => [
            `${production} ${staging}`,
            naive.transitions[`${production} ${staging}`] ?? 0,
          ]),
        );
        const premium = report.outputs[0] as (typeof report.outputs)[number];
        expect([premium.rows, premium.changed, premium.zero_baseline]).toEqual([
          naive.rows,
          naive.changed,
          naive.zeroBaseline,
        ]);
        expectClose(premium.mean_change_pct, naive.mean);
        for (const [name, value] of Object.entries(naive.percentiles)) expectClose(premium[name as 'p1'], value);
        expectClose(premium.production_total, naive.productionTotal);
        expectClose(premium.staging_total, naive.stagingTotal);
        expectClose(premium.weighted[0]?.mean_change_pct, naive.premiumWeightedMean);
        expect(report.bands.map((band) => band.rows)).toEqual(naive.bands);
      }),
      { numRuns: 300 },
    );
  });

  it('add up: bands to compared rows, the quotability table to paired rows, outcomes to all rows', () => {
    fc.assert(
      fc.property(prices, (pairs) => {
        const report = reportOf(bookOf(pairs));
        const { rows, bands, quotability, outputs } = report;
        const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
        expect(sum(bands.map((band) => band.rows))).toBe(outputs[0]?.rows ?? 0);
        expect(sum(quotability.transitions.map((cell) => cell.rows))).toBe(rows.total - rows.unpaired);
        expect(rows.scored + rows.failed + rows.unpaired).toBe(rows.total);
      }),
    );
  });

  it('are the same bytes for any batch size and any order of the answers in a batch', () => {
    const book = motorBook(3_000, 4, (row, random) => (row.region === 'London' ? 8 : 0) + random.below(3) - 1);
    const expected = encodeImpact(reportOf(book));
    for (const batchSize of [7, 250, 50_000]) expect(encodeImpact(reportOf(book, { batchSize }))).toBe(expected);
    const turned = [book.slice(0, 1_000), book.slice(1_000)].map((part): Batch => {
      const batch = batchOf(part);
      return {
        ...batch,
        staging: [...batch.staging].reverse(),
        production: [...(batch.production ?? [])].sort(byPremium),
      };
    });
    expect(encodeImpact(analysisOf(turned))).toBe(expected);
  });

  it('name the rows at the edges, the first one where several are equal', () => {
    const report = reportOf(
      bookOf([
        [100, 110],
        [100, 90],
        [100, 110],
        [100, 90],
        [100, 100],
      ]),
    );
    expect(report.outputs[0]).toMatchObject({
      max_increase_pct: 10,
      max_decrease_pct: -10,
      highest: { row: '0', change_pct: 10, production: 100, staging: 110 },
      lowest: { row: '1', change_pct: -10, production: 100, staging: 90 },
    });
    expect(report.regulatory).toEqual({
      overall_change_pct: 0,
      written_premium_change: 0,
      written_premium: 500,
      policyholders: 5,
      policyholders_affected: 4,
      maximum_change_pct: 10,
      maximum_change_row: '0',
      minimum_change_pct: -10,
      minimum_change_row: '1',
    });
  });

  it('count money exactly where adding doubles would not', () => {
    const report = reportOf(bookOf(Array.from({ length: 1_000 }, () => [0.1, 0.3] as const)));
    expect(report.outputs[0]).toMatchObject({
      production_total: 100,
      staging_total: 300,
      total_change: 200,
      total_change_pct: 200,
    });
  });

  it('take a difference of rounding for none', () => {
    const report = reportOf(
      bookOf([
        [0.3, 0.1 + 0.2],
        [1e9, 1e9 + 0.5],
        [100, 100.01],
      ]),
    );
    expect(report.outputs[0]).toMatchObject({ changed: 1 });
  });
});

function byPremium(a: Answer, b: Answer): number {
  return Number(a.ok && a.row.premium) - Number(b.ok && b.row.premium);
}

describe('rows that cannot be compared', () => {
  it('with a zero baseline count in totals and have no percentage', () => {
    const report = reportOf(
      bookOf([
        [0, 50],
        [0, 0],
        [100, 100],
      ]),
    );
    expect(report.outputs[0]).toMatchObject({
      rows: 3,
      zero_baseline: 2,
      zero_baseline_changed: 1,
      staging_total: 150,
      mean_change_pct: 0,
    });
    expect(report.bands.at(-1)).toMatchObject({ kind: 'zero-baseline', rows: 2 });
    expect(report.gates.find(({ name }) => name === 'rows_over')).toMatchObject({
      verdict: 'fail',
      rows: [{ row: '0', what: 'from 0 to 50' }],
    });
  });

  it('that were declined or failed are told apart, with examples', () => {
    const report = reportOf(
      bookOf([
        [100, null],
        [null, 90],
        [100, '422 bad'],
        ['500 x', 100],
        [null, null],
        [100, 100],
      ]),
    );
    expect(report.rows).toMatchObject({ total: 6, scored: 4, failed: 2, failed_staging: 1, failed_production: 1 });
    expect(report.quotability).toMatchObject({
      changed: 4,
      staging: { quoted: 3, declined: 2, error: 1 },
      production: { quoted: 3, declined: 2, error: 1 },
    });
    const lost = report.quotability.transitions.find(
      ({ production, staging }) => production === 'quoted' && staging === 'declined',
    );
    expect(lost).toMatchObject({ rows: 1, examples: ['0'] });
    expect(report.failures).toEqual([
      { side: 'staging', error: '422 bad', status: 422, rows: 1, examples: ['2'] },
      { side: 'production', error: '500 x', status: 422, rows: 1, examples: ['3'] },
    ]);
  });

  it('because the premium is text are errors', () => {
    const rows = [{ quote_id: 1 }, { quote_id: 2 }];
    const good = rows.map((row) => answer(row, 100));
    const text = rows.map((row, index) => (index === 0 ? answer(row, 100, { premium: '100' }) : answer(row, 100)));
    const report = analysisOf([{ rows, staging: text, production: good }]);
    expect(report.rows).toMatchObject({ scored: 1, failed: 1 });
    expect(report.notes.map(({ code }) => code)).toContain('OUTPUT-NOT-A-NUMBER');
    expect(report.gates[0]).toMatchObject({ name: 'min_scored', verdict: 'inconclusive', value: 50 });
  });

  it('because everything was declined leave the gates without a figure', () => {
    const report = reportOf(
      bookOf([
        [null, null],
        [null, null],
      ]),
    );
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      premium: 'premium',
      outputs: [{ rows: 0, mean_change_pct: null }],
    });
  });

  it('because everything failed leave nothing to describe', () => {
    const report = reportOf(
      bookOf([
        ['x', 'y'],
        ['x', 'y'],
      ]),
    );
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      premium: null,
      outputs: [],
      rows: { failed: 2, scored: 0 },
    });
  });

  it('because there are none leave nothing to conclude', () => {
    expect(analysisOf([])).toMatchObject({ verdict: 'inconclusive', baseline: 'none', rows: { total: 0 } });
  });
});

describe('pairing by key', () => {
  const rows = [{ quote_id: 'a' }, { quote_id: 'b' }, { quote_id: 'c' }];
  const priced = (prices: readonly number[]): readonly [JsonObject, number][] =>
    rows.map((row, index) => [row, prices[index] as number]);
  const answers = (prices: readonly number[]) => priced(prices).map(([row, value]) => answer(row, value));
  const codes = (report: ReturnType<typeof analysisOf>): string[] => report.notes.map(({ code }) => code);

  it('leaves out rows that share a key, all of them, also across batches', () => {
    const book = [
      ...bookOf([
        [100, 100],
        [100, 100],
        [100, 100],
      ]),
      { row: { quote_id: 1 }, production: 100, staging: 900 },
    ];
    const report = reportOf(book, { batchSize: 1 });
    expect(report.rows).toMatchObject({ total: 4, scored: 2, unpaired: 2, repeated_key: 2 });
    expect(codes(report)).toContain('KEY-REPEATED');
    expect(report.outputs[0]).toMatchObject({ rows: 2, changed: 0 });
  });

  it('leaves out rows whose key no answer carries, and says that other keys came', () => {
    const production = answers([100, 100, 100]);
    const wrong = [...answers([100, 100]), answer({ quote_id: 'zzz' }, 5)].slice(-3);
    const staging = [answer({ quote_id: 'a' }, 100), answer({ quote_id: 'b' }, 100), ...wrong.slice(-1)];
    const report = analysisOf([{ rows, staging, production }]);
    expect(report.rows).toMatchObject({ scored: 2, unpaired: 1, without_answer: 1, extra_answers_staging: 1 });
    expect(codes(report)).toEqual(expect.arrayContaining(['KEY-NOT-ANSWERED', 'KEY-UNKNOWN']));
  });

  it('does not mix up rows when an answer comes twice and another not at all', () => {
    const staging = [answer({ quote_id: 'a' }, 1), answer({ quote_id: 'a' }, 2), answer({ quote_id: 'c' }, 3)];
    const report = analysisOf([{ rows, staging, production: answers([1, 2, 3]) }]);
    expect(report.rows).toMatchObject({ scored: 2, without_answer: 1, extra_answers_staging: 1 });
    expect(report.outputs[0]).toMatchObject({ changed: 0 });
  });

  it('leaves out rows without a key', () => {
    const keyless = [{ quote_id: 'a' }, { quote_id: null }, {}];
    const same = keyless.map((row) => answer(row, 1));
    expect(analysisOf([{ rows: keyless, staging: same, production: same }]).rows).toMatchObject({
      scored: 1,
      without_key: 2,
    });
  });

  it('compares keys as text where their types differ, and says so', () => {
    const numbered = [{ quote_id: 1 }, { quote_id: 2 }];
    const asText = [answer({ quote_id: '2' }, 20), answer({ quote_id: '1' }, 10)];
    const report = analysisOf([
      { rows: numbered, staging: asText, production: numbered.map((row) => answer(row, row.quote_id * 10)) },
    ]);
    expect(report.outputs[0]).toMatchObject({ rows: 2, changed: 0 });
    expect(codes(report)).toContain('KEY-TYPES-DIFFER');
  });

  it('stops when the answers have no key at all', () => {
    const nameless = rows.map(() => ({ ok: true, row: { premium: 1 } }) as const);
    const run = () => analysisOf([{ rows, staging: answers([1, 2, 3]), production: nameless }]);
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(/answers of production have no column quote_id; they have premium \[IMPACT-KEY-NOT-ANSWERED\]/);
  });

  it('goes by position where there is no key', () => {
    const nameless = (value: number) => rows.map(() => ({ ok: true, row: { premium: value } }) as const);
    const report = analysisOf([{ rows, staging: nameless(110), production: nameless(100) }], {
      policy: { key: undefined },
    });
    expect(report.outputs[0]).toMatchObject({
      rows: 3,
      highest: { row: '#1', change_pct: 10 },
    });
    expect(report.subject.key).toBeNull();
  });
});

describe('the premium', () => {
  const run = (staging: JsonObject, production: JsonObject, outputs: readonly string[] = []) =>
    analysisOf(
      [
        {
          rows: [{ quote_id: 1, age: 30 }],
          staging: [{ ok: true, row: staging }],
          production: [{ ok: true, row: production }],
        },
      ],
      {
        policy: { outputs },
      },
    );
  const both = (row: JsonObject, outputs?: readonly string[]) =>
    run({ quote_id: 1, ...row }, { quote_id: 1, ...row }, outputs);

  it.each<[string, JsonObject, readonly string[], readonly string[]]>([
    ['is called premium, wherever it stands', { policy_id: 7, tax: 1, Premium: 2 }, [], ['Premium', 'tax']],
    ['is called price where nothing is called premium', { tax: 1, price: 2 }, [], ['price', 'tax']],
    ['has such a word in its name', { tax: 1, gross_premium: 2 }, [], ['gross_premium', 'tax']],
    ['is the only number that is no key and no id', { IDpol: 8, quoteRef: 9, loading: 3 }, [], ['loading']],
    ['is the one that the policy names first', { premium: 1, tax: 2 }, ['tax', 'premium'], ['tax', 'premium']],
    ['may be inside an object', { price: { net: 1, gross: 2 } }, ['price.gross'], ['price.gross']],
    ['is no column of the portfolio that came back', { age: 30, loading: 3 }, [], ['loading']],
  ])('%s', (_, row, outputs, names) => {
    expect(both(row, outputs).outputs.map(({ name }) => name)).toEqual(names);
  });

  it.each<[string, JsonObject, JsonObject, readonly string[], string]>([
    ['is not told from other numbers', { tax: 1, fee: 2 }, { tax: 1, fee: 2 }, [], 'IMPACT-NO-PREMIUM'],
    ['is not a number', { label: 'x' }, { label: 'x' }, [], 'IMPACT-NO-PREMIUM'],
    [
      'is not in the answers',
      { tax: 1 },
      { tax: 1 },
      ['premium'],
      'staging has quote_id, tax; production has quote_id, tax [IMPACT-OUTPUT-MISSING]',
    ],
    ['is not in the answers of production', { premium: 1 }, { prem: 1 }, ['premium'], 'IMPACT-OUTPUT-MISSING'],
  ])('stops the report when it %s', (_, staging, production, outputs, message) => {
    expect(() => run({ quote_id: 1, ...staging }, { quote_id: 1, ...production }, outputs)).toThrow(message);
  });

  it('may have new outputs beside it, which are not compared', () => {
    const report = run({ quote_id: 1, premium: 1, tax: 2 }, { quote_id: 1, premium: 1 }, ['premium', 'tax']);
    expect(report.outputs.map(({ name }) => name)).toEqual(['premium']);
    expect(report.notes.map(({ code }) => code)).toEqual(['OUTPUT-ONLY-IN-STAGING']);
  });
});

describe('a first deployment', () => {
  it('describes staging alone, and passes', () => {
    const rows = [{ quote_id: 1 }, { quote_id: 2 }, { quote_id: 3 }];
    const staging = [
      answer(rows[0] as JsonObject, 100),
      answer(rows[1] as JsonObject, 300),
      answer(rows[2] as JsonObject, null),
    ];
    const report = analysisOf([{ rows, staging, production: undefined }]);
    expect(report).toMatchObject({
      verdict: 'pass',
      baseline: 'none',
      outputs: [
        {
          name: 'premium',
          rows: 2,
          staging_mean: 200,
          staging_total: 400,
          production_total: null,
          mean_change_pct: null,
        },
      ],
      quotability: { staging: { quoted: 2, declined: 1, error: 0 }, production: null, changed: null },
      regulatory: null,
      bands: [],
    });
    expect(report.gates.map(({ verdict }) => verdict)).toEqual(Array(5).fill('pass'));
    expect(report.notes[0]?.code).toBe('NO-BASELINE');
  });

  it('is inconclusive when staging itself cannot price the portfolio', () => {
    const rows = [{ quote_id: 1 }, { quote_id: 2 }];
    const staging = [answer(rows[0] as JsonObject, 100), answer(rows[1] as JsonObject, '500 broken')];
    expect(analysisOf([{ rows, staging, production: undefined }]).verdict).toBe('inconclusive');
  });
});

describe('weights', () => {
  it('by a column of the portfolio give a mean of their own, which its gate goes by', () => {
    const book: Priced[] = [
      { row: { quote_id: 1, exposure: 1 }, production: 100, staging: 120 },
      { row: { quote_id: 2, exposure: 9 }, production: 100, staging: 100 },
      { row: { quote_id: 3, exposure: null }, production: 100, staging: 200 },
    ];
    const report = reportOf(book, { policy: { weight: 'exposure', meanChange: { warn: 0.01, fail: 0.05 } } });
    expect(report.outputs[0]?.weighted).toMatchObject([
      { by: 'premium' },
      { by: 'exposure', mean_change_pct: 2, median_change_pct: 0 },
    ]);
    expect(report.gates.find(({ name }) => name === 'mean_change')).toMatchObject({
      verdict: 'warn',
      value: 2,
      limit: 1,
    });
    expect(report.notes.map(({ code }) => code)).toContain('WEIGHT-MISSING');
  });

  it('need their column', () => {
    expect(() => reportOf(bookOf([[1, 1]]), { policy: { weight: 'exposure' } })).toThrow('IMPACT-NO-WEIGHT');
  });
});
