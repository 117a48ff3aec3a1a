import { ExactSum } from '../numbers/exact-sum.ts';
import { type Changes, isChanged } from './changes.ts';

/** The edges of the bands, in percent. */
const EDGES = [1, 5, 10, 25] as const;

/** A range of change. A decrease belongs to the band that its size reaches, as an increase does: -5 % is in -10 to -5. */
export interface BandRange {
  readonly kind: 'decrease' | 'unchanged' | 'increase' | 'zero-baseline';
  /** In percent, from low to high; undefined where there is no edge. */
  readonly fromPct: number | undefined;
  readonly toPct: number | undefined;
}

export interface Band extends BandRange {
  readonly rows: number;
  readonly sharePct: number;
  /** Old premium of the rows, and its share of the whole. */
  readonly productionTotal: number;
  readonly premiumSharePct: number | undefined;
  /** New premium of the rows. */
  readonly stagingTotal: number;
}

/** Lowest first: <= -25, -25 to -10, -10 to -5, -5 to -1, -1 to 0, unchanged, 0 to 1, … >= 25, and rows with a zero baseline. */
export const BAND_RANGES: readonly BandRange[] = [
  ...EDGES.map(
    (edge, index) => ({ kind: 'decrease', fromPct: negative(EDGES[index + 1]), toPct: -edge }) as const,
  ).reverse(),
  { kind: 'decrease', fromPct: -EDGES[0], toPct: 0 },
  { kind: 'unchanged', fromPct: 0, toPct: 0 },
  { kind: 'increase', fromPct: 0, toPct: EDGES[0] },
  ...EDGES.map((edge, index) => ({ kind: 'increase', fromPct: edge, toPct: EDGES[index + 1] }) as const),
  { kind: 'zero-baseline', fromPct: undefined, toPct: undefined },
];

/** Every row with a premium on both sides is in exactly one band. */
export function bandsOf(changes: Changes): readonly Band[] {
  const bands = BAND_RANGES.map(() => ({ rows: 0, production: new ExactSum(), staging: new ExactSum() }));
  const all = new ExactSum();
  for (const { before, after, pct } of changes.parts()) {
    for (let index = 0; index < pct.length; index++) {
      const old = before[index] as number;
      const now = after[index] as number;
      const band = bands[bandOf(pct[index] as number, isChanged(old, now))] as (typeof bands)[number];
      band.rows += 1;
      band.production.add(old);
      band.staging.add(now);
      all.add(old);
    }
  }
  return BAND_RANGES.map((range, index) => {
    const band = bands[index] as (typeof bands)[number];
    return {
      ...range,
      rows: band.rows,
      sharePct: share(band.rows, changes.count) ?? 0,
      productionTotal: band.production.value,
      premiumSharePct: share(band.production.value, all.value),
      stagingTotal: band.staging.value,
    };
  });
}

/** Position in `BAND_RANGES`. @param pct NaN for a zero baseline */
function bandOf(pct: number, changed: boolean): number {
  const middle = EDGES.length + 1;
  if (Number.isNaN(pct)) return BAND_RANGES.length - 1;
  if (!changed) return middle;
  let steps = 1;
  for (const edge of EDGES) if (Math.abs(pct) >= edge) steps += 1;
  return pct < 0 ? middle - steps : middle + steps;
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : (100 * part) / whole;
}

function negative(edge: number | undefined): number | undefined {
  return edge === undefined ? undefined : -edge;
}
