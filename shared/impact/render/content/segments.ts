import type { ImpactJson } from '../../report/impact-json.ts';
import type { Block, Inline, Phrase, Section } from '../document.ts';
import { changePct, conditionText, count, money, moneyChange, pct } from '../format.ts';

type Condition = ImpactJson['segments'][number]['conditions'][number];

/** Where the premium changes most. */
export function segmentsSection({ segments, baseline, outputs, search }: ImpactJson): Section | undefined {
  if (baseline === 'none' || (outputs[0]?.rows ?? 0) === 0) return undefined;
  const title = 'Where it changes most';
  if (segments.length === 0) {
    const looked = search === null ? '' : ` (combinations of columns looked at: ${count(search.tried)})`;
    return { title, blocks: [{ text: `No segment changes markedly more than the whole portfolio${looked}.` }] };
  }
  const largest = Math.max(...segments.map(({ mean_change_pct: mean }) => Math.abs(mean ?? 0)), Number.MIN_VALUE);
  const rows = segments.map((segment): readonly Phrase[] => [
    conditions(segment.conditions),
    { bar: Math.abs(segment.mean_change_pct ?? 0) / largest, tone: segment.direction === 'increase' ? 'up' : 'down' },
    changePct(segment.mean_change_pct),
    count(segment.rows),
    pct(segment.premium_share_pct),
    moneyChange(segment.total_change),
    `${money(segment.production_mean)} → ${money(segment.staging_mean)}`,
    segment.parent === null
      ? ''
      : [`${changePct(segment.parent.mean_change_pct)} in `, ...conditions(segment.parent.conditions)],
  ]);
  const head = [
    'Segment',
    '',
    'Mean change',
    'Quotes',
    'Share of premium',
    'Change in total',
    'Mean premium',
    'Part of',
  ];
  return { title, blocks: [{ table: { head, align: 'llrrrrrl', rows } }] };
}

/** The columns that explain most of the change, value by value. */
export function breakdownsSection({ breakdowns }: ImpactJson): Section | undefined {
  if (breakdowns.length === 0) return undefined;
  const blocks = breakdowns.flatMap(({ column, explained_pct: explained, groups }): readonly Block[] => {
    const largest = Math.max(...groups.map(({ mean_change_pct: mean }) => Math.abs(mean ?? 0)), Number.MIN_VALUE);
    const rows = groups.map((group): readonly Phrase[] => {
      const mean = group.mean_change_pct ?? 0;
      return [
        bare(group),
        { bar: Math.abs(mean) / largest, tone: mean < 0 ? 'down' : 'up' },
        changePct(group.mean_change_pct),
        changePct(group.total_change_pct),
        count(group.rows),
        pct(group.premium_share_pct),
        `${money(group.production_mean)} → ${money(group.staging_mean)}`,
      ];
    });
    const name: Inline = { quote: column, longest: 40 };
    const head = [name, '', 'Mean change', 'Change of total', 'Quotes', 'Share of premium', 'Mean premium'];
    return [
      { text: [name, ` explains ${pct(explained, [])} of the spread of the changes.`] },
      { table: { head, align: 'llrrrrr', rows } },
    ];
  });
  return { title: 'By column', blocks };
}

function conditions(all: readonly Condition[]): readonly Inline[] {
  return all.flatMap((one, index): readonly Inline[] => [
    ...(index === 0 ? [] : [' and ']),
    { quote: one.column, longest: 40 },
    ' ',
    ...condition(one),
  ]);
}

/** In a table of one column its values need no sign before them. */
function bare(one: Condition): readonly Inline[] {
  return typeof one.low === 'string' ? [{ quote: one.low, longest: 40 }] : [conditionText(one).replace(/^= /, '')];
}

function condition(one: Condition): readonly Inline[] {
  return typeof one.low === 'string' ? ['= ', { quote: one.low, longest: 40 }] : [conditionText(one)];
}
