import type { ImpactJson } from '../../report/impact-json.ts';
import type { Phrase, Section, Tone } from '../document.ts';
import { bandText, count, money, pct } from '../format.ts';

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
  return { title: 'How much it changes', blocks: [{ table: { head, align: 'lrrlrrr', rows } }] };
}

const TONES: Readonly<Record<ImpactJson['bands'][number]['kind'], Tone>> = {
  decrease: 'down',
  unchanged: 'same',
  increase: 'up',
  'zero-baseline': 'up',
};
