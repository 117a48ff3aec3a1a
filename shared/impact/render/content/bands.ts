import type { ImpactJson } from '../../report/impact-json.ts';
import type { Phrase, Section, Tone } from '../document.ts';
import { bandText, count, counted, money, moneyChange, pct } from '../format.ts';

type Band = ImpactJson['bands'][number];

/** How many quotes change by how much, drawn. */
export function chartSection({ chart }: ImpactJson): Section | undefined {
  return chart === null ? undefined : { title: 'How the changes are spread', blocks: [{ chart }] };
}

/** How many quotes change by how much. */
export function bandsSection({ bands }: ImpactJson): Section | undefined {
  const shown = bands.filter(({ kind, rows }) => kind !== 'zero-baseline' || rows > 0);
  if (shown.every(({ rows }) => rows === 0)) return undefined;
  const rows = shown.map((band): readonly Phrase[] => [
    bandText(band),
    count(band.rows),
    pct(band.share_pct),
    { bar: band.share_pct / 100, tone: TONES[band.kind] },
    pct(band.premium_share_pct),
    money(band.production_total),
    money(band.staging_total),
  ]);
  const head = ['Change', 'Quotes', 'Share', '', 'Share of premium', 'Premium before', 'Premium now'];
  const blocks = [{ text: winnersAndLosers(bands) }, { table: { head, align: 'lrrlrrr', rows } }];
  return { title: 'How much it changes', blocks };
}

/** What those who pay more pay more in all, and what the others save: a small total change may hide much of both. */
function winnersAndLosers(bands: ImpactJson['bands']): string {
  const sum = (kind: Band['kind']): { readonly rows: number; readonly change: number } => {
    const those = bands.filter((band) => band.kind === kind);
    const add = (of: (band: Band) => number): number => those.reduce((all, band) => all + of(band), 0);
    return { rows: add(({ rows }) => rows), change: add((band) => band.staging_total - band.production_total) };
  };
  const [risen, fallen] = [sum('increase'), sum('decrease')];
  return `Those who pay more (${counted(risen.rows, 'quote')}): ${moneyChange(risen.change)} in all. Those who pay less (${counted(fallen.rows, 'quote')}): ${moneyChange(fallen.change)}.`;
}

const TONES: Readonly<Record<Band['kind'], Tone>> = {
  decrease: 'down',
  unchanged: 'same',
  increase: 'up',
  'zero-baseline': 'up',
};
