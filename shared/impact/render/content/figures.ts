import type { ImpactJson } from '../../report/impact-json.ts';
import type { Phrase, Section } from '../document.ts';
import { between, changePct, count, money, moneyChange, pct } from '../format.ts';

type Output = ImpactJson['outputs'][number];

const SHOWN_OUTPUTS = 6;

/** The figures of every output, the premium first. */
export function figuresSection({ outputs, baseline }: ImpactJson): Section | undefined {
  if (outputs.length === 0 || baseline === 'none') return undefined;
  const shown = outputs.slice(0, SHOWN_OUTPUTS);
  const line = (name: Phrase, of: (output: Output) => Phrase): readonly Phrase[] => [name, ...shown.map(of)];
  const range = (low: 'p1' | 'p5' | 'p25', high: 'p99' | 'p95' | 'p75') => (output: Output) =>
    `${changePct(output[low])} to ${changePct(output[high])}`;
  const rows = [
    line('Quotes compared', (output) => count(output.rows)),
    line('Changed', ({ changed, rows: all }) => `${count(changed)} (${all === 0 ? '–' : pct((100 * changed) / all)})`),
    line('Total before', (output) => money(output.production_total)),
    line('Total now', (output) => money(output.staging_total)),
    line('Change of total', (output) => `${moneyChange(output.total_change)} (${changePct(output.total_change_pct)})`),
    line('Mean before', (output) => money(output.production_mean)),
    line('Mean now', (output) => money(output.staging_mean)),
    line({ strong: 'Mean change' }, ({ mean_change_pct: mean, intervals }) =>
      [changePct(mean), between(intervals?.mean_change_pct ?? null)].filter(Boolean).join(', '),
    ),
    ...(shown[0]?.weighted ?? []).map(({ by }, index) =>
      line(['Mean change weighted by ', by === 'premium' ? by : { quote: by, longest: 40 }], ({ weighted }) =>
        changePct(weighted[index]?.mean_change_pct ?? null),
      ),
    ),
    line('Median change', (output) => changePct(output.median_change_pct)),
    line('1% to 99%', range('p1', 'p99')),
    line('5% to 95%', range('p5', 'p95')),
    line('25% to 75%', range('p25', 'p75')),
    line('Largest fall', (output) => extreme(output.max_decrease_pct, output.lowest)),
    line('Largest rise', (output) => extreme(output.max_increase_pct, output.highest)),
  ];
  const head: readonly Phrase[] = ['', ...shown.map(({ name }) => ({ quote: name, longest: 40 }))];
  const more = outputs.length - shown.length;
  return {
    title: 'Figures',
    blocks: [
      { table: { head, align: `l${'r'.repeat(shown.length)}`, rows } },
      ...(more > 0 ? [{ text: ['More outputs are in ', { quote: 'impact.json' }, `: ${more}.`] }] : []),
    ],
  };
}

/** The fields that rate filings ask for. */
export function filingSection({ regulatory }: ImpactJson): Section | undefined {
  if (regulatory === null) return undefined;
  const row = (value: number | null, name: string | null): Phrase =>
    name === null ? changePct(value) : [`${changePct(value)} `, { quote: name, longest: 40 }];
  const rows: readonly (readonly Phrase[])[] = [
    ['Overall percentage change', changePct(regulatory.overall_change_pct)],
    ['Written premium change', moneyChange(regulatory.written_premium_change)],
    ['Written premium before', money(regulatory.written_premium)],
    ['Policyholders affected', `${count(regulatory.policyholders_affected)} of ${count(regulatory.policyholders)}`],
    ['Maximum percentage change', row(regulatory.maximum_change_pct, regulatory.maximum_change_row)],
    ['Minimum percentage change', row(regulatory.minimum_change_pct, regulatory.minimum_change_row)],
  ];
  return { title: 'For the rate filing', blocks: [{ table: { head: ['Field', 'Value'], align: 'lr', rows } }] };
}

function extreme(value: number | null, row: Output['highest']): Phrase {
  return value === 0 || row === null ? changePct(value) : [`${changePct(value)} `, { quote: row.row, longest: 40 }];
}
