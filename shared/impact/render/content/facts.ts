import type { ImpactJson } from '../../report/impact-json.ts';
import type { Tone } from '../document.ts';
import { changePct, count, money, moneyChange, pct } from '../format.ts';

/** One figure to read before anything else. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** What puts the figure into proportion. */
  readonly detail: string;
  readonly tone: Tone;
}

/** The handful of figures that a decision rests on. */
export function factsOf({ outputs, baseline, quotability, rows }: ImpactJson): readonly Fact[] {
  const [premium] = outputs;
  const scored: Fact = {
    label: 'Rows scored',
    value: pct(rows.total === 0 ? null : (100 * rows.scored) / rows.total),
    detail: `${count(rows.scored)} of ${count(rows.total)}`,
    tone: 'same',
  };
  if (premium === undefined || premium.rows === 0 || baseline === 'none') return [scored];
  const tone = (value: number | null): Tone => (value === null || value === 0 ? 'same' : value > 0 ? 'up' : 'down');
  return [
    {
      label: 'Total premium',
      value: changePct(premium.total_change_pct),
      detail: `${moneyChange(premium.total_change)} on ${money(premium.production_total)}`,
      tone: tone(premium.total_change_pct),
    },
    {
      label: 'Mean change of a quote',
      value: changePct(premium.mean_change_pct),
      detail: `median ${changePct(premium.median_change_pct)}`,
      tone: tone(premium.mean_change_pct),
    },
    {
      label: 'Quotes that change',
      value: pct((100 * premium.changed) / premium.rows),
      detail: `${count(premium.increased)} rise, ${count(premium.decreased)} fall`,
      tone: 'same',
    },
    {
      label: 'Nine in ten change by',
      value: `${changePct(premium.p5)} to ${changePct(premium.p95)}`,
      detail: `all by ${changePct(premium.lowest?.change_pct ?? null)} to ${changePct(premium.highest?.change_pct ?? null)}`,
      tone: 'same',
    },
    {
      label: 'Quotes won or lost',
      value: pct(quotability.changed_pct),
      detail: `${count(quotability.changed ?? 0)} of ${count(quotability.rows)}`,
      tone: 'same',
    },
    scored,
  ];
}
