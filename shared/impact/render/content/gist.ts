import type { ImpactJson } from '../../report/impact-json.ts';
import type { Inline, Phrase } from '../document.ts';
import { between, changePct, count, counted, money, moneyChange } from '../format.ts';

type Output = ImpactJson['outputs'][number];

/** What was compared with what. */
export function subjectOf({ subject, rows, sample }: ImpactJson): Phrase {
  const side = ({ url, release_id: release }: ImpactJson['subject']['staging']): readonly Inline[] =>
    release === null ? [{ quote: url }] : ['release ', { quote: release.replace(/^sha256:/, '').slice(0, 12) }];
  const what =
    sample === null
      ? counted(rows.total, 'quote')
      : `a sample of ${count(rows.total)} of ${counted(sample.of, 'quote')}`;
  const against = subject.production === null ? [] : [' against production (', ...side(subject.production), ')'];
  return [{ quote: subject.project }, `, ${what}: staging (`, ...side(subject.staging), ')', ...against, '.'];
}

/** What a reader must know if he reads no further. */
export function gistOf(report: ImpactJson): Phrase {
  return report.baseline === 'none' ? stagingAlone(report) : comparison(report);
}

function comparison(report: ImpactJson): Phrase {
  const [premium] = report.outputs;
  if (premium === undefined || premium.rows === 0) {
    return { strong: 'No row has a premium on both sides, so there is nothing to compare.' };
  }
  return [
    { strong: `The total premium changes by ${changePct(premium.total_change_pct)}` },
    `${boundsOf(premium)}: from ${money(premium.production_total)} to ${money(premium.staging_total)} (${moneyChange(premium.total_change)}). `,
    `${count(premium.changed)} of ${counted(premium.rows, 'quote')} ${verb(premium.changed, 'change')}: ${moving(premium)}. `,
    `The mean change is ${changePct(premium.mean_change_pct)}, the median ${changePct(premium.median_change_pct)}. `,
    ...extremes(premium),
    wonAndLost(report),
  ];
}

function boundsOf({ intervals }: Output): string {
  if (intervals === null) return '';
  const { total_change_pct: bounds } = intervals;
  return bounds === null
    ? ' in a sample that is too small to tell the whole portfolio by'
    : ` (${between(bounds)} in the whole portfolio)`;
}

function moving({ increased, decreased }: Output): string {
  return `${count(increased)} ${verb(increased, 'rise')}, ${count(decreased)} ${verb(decreased, 'fall')}`;
}

/** One quote rises, two rise. */
function verb(of: number, plural: string): string {
  return of === 1 ? `${plural}s` : plural;
}

function extremes({ highest, lowest, max_increase_pct: rise, max_decrease_pct: fall }: Output): readonly Inline[] {
  if (!highest || !lowest || (rise === 0 && fall === 0)) return [];
  const risen: readonly Inline[] =
    rise === 0
      ? ['No quote rises']
      : [`The largest rise is ${changePct(rise)} (`, { quote: highest.row, longest: 40 }, ')'];
  const fallen: readonly Inline[] =
    fall === 0
      ? ['no quote falls']
      : [`the largest fall ${changePct(fall)} (`, { quote: lowest.row, longest: 40 }, ')'];
  return [...risen, ', ', ...fallen, '. '];
}

function wonAndLost({ quotability }: ImpactJson): string {
  const sum = (cells: ImpactJson['quotability']['transitions']): number =>
    cells.reduce((all, { rows }) => all + rows, 0);
  const lost = sum(quotability.transitions.filter((cell) => cell.production === 'quoted' && cell.staging !== 'quoted'));
  const won = sum(quotability.transitions.filter((cell) => cell.production !== 'quoted' && cell.staging === 'quoted'));
  const are = (of: number): string => (of === 1 ? 'is' : 'are');
  if (lost + won === 0) return 'No quote is won or lost.';
  return `${counted(lost, 'quote')} ${are(lost)} lost and ${count(won)} ${are(won)} won.`;
}

function stagingAlone({ outputs, quotability, gates }: ImpactJson): Phrase {
  const [premium] = outputs;
  const { quoted, declined, error } = quotability.staging;
  const described: readonly Inline[] = premium
    ? [' The mean ', { quote: premium.name }, ` is ${money(premium.staging_mean)}.`]
    : [];
  return [
    {
      strong: gates.some(({ name }) => name === 'baseline')
        ? 'Nothing was compared, though there should have been a baseline.'
        : 'There is no baseline: no release serves production yet, and nothing was compared.',
    },
    ` Staging quotes ${count(quoted)}, declines ${count(declined)} and fails on ${counted(error, 'row')}.`,
    ...described,
  ];
}
