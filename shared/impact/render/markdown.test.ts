import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisOf, answer, motorBook, reportOf } from '../../../tests/impact/make-book.ts';
import type { Batch } from '../book/batch.ts';
import { bandText, changePct, conditionText, money, moneyChange, pct } from './format.ts';
import { renderMarkdown } from './markdown.ts';
import { cellCode, code, prose } from './markdown-text.ts';

const BOOK = motorBook(3_000, 3, ({ region }) => (region === 'Wales' ? 9 : 1));

describe('the report as Markdown', () => {
  it('says first what is decided and by how much the premium changes', () => {
    const lines = renderMarkdown(reportOf(BOOK)).split('\n');
    expect(lines[0]).toBe('## Price impact: ⚠️ warn');
    expect(lines[2]).toBe(
      '`motor-pricing`, 3,000 quotes: staging (`http://staging.example`) against production (`http://production.example`).',
    );
    expect(lines[4]).toMatch(
      /^\*\*The total premium changes by \+2\.\d\d%\*\*: from 1,\d{3},\d{3} to 1,\d{3},\d{3} \(\+\d\d,\d{3}\.\d\d\)\./,
    );
    expect(lines[4]).toMatch(/3,000 of 3,000 quotes change: 3,000 rise, 0 fall\./);
    expect(lines[4]).toMatch(/The largest rise is \+9\.\d\d% \(`Q\d+`\), no quote falls\. No quote is won or lost\.$/);
  });

  it('shows why a gate failed, with rows', () => {
    const text = renderMarkdown(
      reportOf(BOOK.map((quote, index) => (index < 10 ? { ...quote, staging: null } : quote))),
    );
    expect(text).toContain('| Quotes won or lost | ❌ fail | 0.33% | fail over 0.1% |');
    expect(text).toContain(
      'The share of rows that get or lose a quote (10 of 3,000) is 0.33%, beyond the 0.1% that fails. For example:',
    );
    expect(text).toContain('- `Q000000`: quoted before, declined now');
  });

  it.each([
    ['approve', 'The policy lets an approver accept a failed gate.', '## Price impact: ❌ fail'],
    ['warn', 'The policy makes a failed gate a warning.', '## Price impact: ⚠️ warn'],
  ] as const)('says what the policy makes of a failed gate: %s', (onFail, sentence, head) => {
    const text = renderMarkdown(
      reportOf(BOOK, { policy: { onFail, premiumChange: { warn: undefined, fail: 0.001 } } }),
    );
    expect(text).toContain(sentence);
    expect(text.startsWith(head)).toBe(true);
  });

  it('says that there was no baseline, before anything else, and shows no comparison', () => {
    const rows = [{ quote_id: 1 }, { quote_id: 2 }];
    const text = renderMarkdown(
      analysisOf([{ rows, staging: rows.map((row) => answer(row, 250)), production: undefined }]),
    );
    expect(text).toContain(
      '**There is no baseline: no release serves production yet, and nothing was compared.** Staging quotes 2, declines 0 and fails on 0 rows. The mean `premium` is 250.00.',
    );
    expect(text).toContain('| Change of total premium | no baseline |');
    expect(text).not.toContain('### Figures');
  });

  it('says that a sample is a sample, with its bounds', () => {
    const text = renderMarkdown(reportOf(BOOK, { sampledFrom: 50_000 }));
    expect(text).toContain('a sample of 3,000 of 50,000 quotes');
    expect(text).toMatch(
      /\*\*The total premium changes by \+2\.\d+%\*\* \(between \+2\.\d+% and \+2\.\d+% in the whole portfolio\)/,
    );
  });

  it.each([
    [
      30,
      '; intervals hold the figure of the whole portfolio with 95% confidence (stratified bootstrap with a fixed seed; Wilson for shares).',
    ],
    [
      29,
      '; intervals of shares hold the figure of the whole portfolio with 95% confidence (Wilson); means and totals have none, as the sample says too little of them.',
    ],
  ])('speaks only of intervals that it has, of a sample of %i rows', (rows, sentence) => {
    const report = reportOf(BOOK.slice(0, rows), { sampledFrom: 50_000 });
    expect(report.outputs[0]?.intervals?.mean_change_pct === null).toBe(rows < 30);
    expect(report.gates.find(({ name }) => name === 'rows_over')?.interval).not.toBeNull();
    expect(renderMarkdown(report)).toContain(`A sample of ${rows} of 50,000 rows was scored${sentence}`);
  });

  it('speaks of no interval of a sample where there is no baseline', () => {
    const rows = Array.from({ length: 40 }, (_, id) => ({ quote_id: id }));
    const staging = rows.map((row) => answer(row, 250));
    const report = analysisOf([{ rows, staging, production: undefined }], { sampledFrom: 50_000 });
    expect(renderMarkdown(report)).toContain('A sample of 40 of 50,000 rows was scored.\n');
  });

  it('says when nothing can be compared', () => {
    const text = renderMarkdown(reportOf([{ row: { quote_id: 1 }, production: null, staging: null }]));
    expect(text).toContain('No row has a premium on both sides');
  });

  it('lets no data of the user become markup', () => {
    const evil = '<script>alert(1)</script> | a ``b`` @team #1 [x](javascript:y)\n# head';
    const rows = Array.from({ length: 400 }, (_, id) => ({
      quote_id: `${evil} ${id}`,
      [evil]: id % 2 === 0 ? evil : 'other',
    }));
    const staging = rows.map((row, id) => answer(row, id === 3 ? `422 ${evil}` : id % 2 === 0 ? 130 : 100));
    const text = renderMarkdown(
      analysisOf([{ rows, staging, production: rows.map((row) => answer(row, 100)) } satisfies Batch]),
    );
    const outside = text.replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/script|@team|javascript/);
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it('fits into a comment of the strictest host, whatever the portfolio', () => {
    const long = 'x`|'.repeat(500);
    const rows = Array.from({ length: 2_000 }, (_, id) =>
      Object.fromEntries([
        ['quote_id', `${long}${id}`],
        ...Array.from({ length: 30 }, (_, c) => [`${long}${c}`, `${long}${(id * (c + 1)) % 13}`]),
      ]),
    );
    const more = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`${long}out${index}`, index]));
    const staging = rows.map((row, id) =>
      id % 50 === 0 ? answer(row, `error ${'abcdefghij'[(id / 50) % 10]}${long}`) : answer(row, 100 + (id % 13), more),
    );
    const report = analysisOf([{ rows, staging, production: rows.map((row) => answer(row, 100, more)) }]);
    expect(renderMarkdown(report).length).toBeLessThan(60_000);
    const small = renderMarkdown(report, { maxLength: 3_000 });
    expect(small.length).toBeLessThanOrEqual(3_000);
    expect(small).toContain('Some sections did not fit here.');
  });

  it('is the same for the same report', () => {
    expect(renderMarkdown(reportOf(BOOK))).toBe(renderMarkdown(reportOf(BOOK, { batchSize: 13 })));
  });
});

describe('text of the user’s data', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a\nb\tc', '`a b c`'],
    ['a\u202eb\u0000', '`a b`'],
    ['', '(empty)'],
    ['x'.repeat(100), `\`${'x'.repeat(79)}…\``],
  ])('%j is %j', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('never ends the code that it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', ' ', 'a', '|', '\\', '\n'), maxLength: 30 }), (text) => {
        const span = code(text);
        if (span === '(empty)') return;
        const fence = /^`+/.exec(span)?.[0] ?? '';
        expect(span.slice(fence.length, -fence.length).match(/`+/g) ?? []).not.toContain(fence);
        expect(cellCode(text).replaceAll('\\|', '')).not.toContain('|');
      }),
    );
  });

  it('is made plain in our sentences', () => {
    expect(prose('a <b> | *c* @team !5 #7 https://x')).toBe(
      'a \\<b\\> \\| \\*c\\* @\u2060team !\u20605 \\#7 https:\u2060//x',
    );
  });
});

describe('figures for people', () => {
  it.each([
    [3.456, '+3.46%'],
    [-0.05, '-0.05%'],
    [0.000123, '+0.0001%'],
    [0, '0%'],
    [99.96, '+99.96%'],
    [99.996, '+99.996%'],
    [100, '+100.00%'],
    [12345.6, '+12,346%'],
    [null, '–'],
  ])('a change of %d is %s', (value, text) => {
    expect(changePct(value)).toBe(text);
  });

  it.each([
    [0, '0.00', '0.00'],
    [1234.5, '1,234.50', '+1,234.50'],
    [-1234567.8, '-1,234,568', '-1,234,568'],
    [99_999.999, '100,000.00', '+100,000.00'],
    [0.0012, '0.0012', '+0.0012'],
    [-0.001, '-0.001', '-0.001'],
    [null, '–', '–'],
  ])('an amount of %d is %s', (value, text, change) => {
    expect([money(value), moneyChange(value)]).toEqual([text, change]);
  });

  it('shares have no sign, and almost all is not all', () => {
    expect(pct(12.345)).toBe('12.35%');
    expect(pct((100 * 999_999) / 1_000_000)).toBe('99.9999%');
    expect(pct(100)).toBe('100.00%');
  });

  it('a figure beyond a limit does not look like the limit', () => {
    const few = BOOK.map((quote, at) => (at < 16 ? { ...quote, production: 'no', staging: 'no' } : quote));
    const text = renderMarkdown(reportOf(few, { policy: { minScored: 0.9947 } }));
    expect(text).toContain('| Rows scored | ❔ inconclusive | 99.467% | at least 99.47% |');
  });

  it('says what those who pay more and those who pay less do in all, whatever is left of it', () => {
    const row = (id: number, production: number, staging: number) => ({ row: { quote_id: id }, production, staging });
    const text = renderMarkdown(
      reportOf([row(1, 100, 140), row(2, 200, 190), row(3, 300, 271), row(4, 0, 7), row(5, 9, 9)]),
    );
    expect(text).toContain(
      '### How much it changes\n\nThose who pay more (1 quote): +40.00 in all. Those who pay less (2 quotes): -39.00.\n',
    );
  });

  it('one is singular', () => {
    const one = motorBook(1, 1, () => 9);
    expect(renderMarkdown(reportOf(one))).toContain('`motor-pricing`, 1 quote: staging');
    expect(renderMarkdown(reportOf(one))).toContain('1 of 1 quote changes: 1 rises, 0 fall.');
    const [first, second, ...others] = BOOK;
    const moved = [{ ...first, staging: null }, { ...second, production: null }, ...others] as typeof BOOK;
    expect(renderMarkdown(reportOf(moved))).toContain('1 quote is lost and 1 is won.');
  });

  it.each([
    [{ low: 'London', high: 'London', open_low: false, open_high: false }, '= London'],
    [{ low: 3, high: 3, open_low: false, open_high: false }, '= 3'],
    [{ low: 12, high: 18, open_low: false, open_high: false }, '12 to 18'],
    [{ low: null, high: 24, open_low: true, open_high: false }, '≤ 24'],
    [{ low: 65, high: null, open_low: false, open_high: true }, '≥ 65'],
    [{ low: null, high: null, open_low: false, open_high: false }, 'is empty'],
  ])('the condition %j reads %s', (condition, text) => {
    expect(conditionText({ column: 'x', ...condition })).toBe(text);
  });

  it('bands read from low to high', () => {
    const bands = reportOf([{ row: { quote_id: 1 }, production: 1, staging: 1 }]).bands.map(bandText);
    expect(bands).toEqual([
      '-25% or less',
      '-25% to -10%',
      '-10% to -5%',
      '-5% to -1%',
      '-1% to 0%',
      'unchanged',
      '0% to +1%',
      '+1% to +5%',
      '+5% to +10%',
      '+10% to +25%',
      '+25% or more',
      'from zero',
    ]);
  });
});
