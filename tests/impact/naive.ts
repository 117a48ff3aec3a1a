import type { Priced } from './make-book.ts';

/** The figures of a book, worked out the plain way: lists, loops and big decimals, nothing shared with the product. */
export interface NaiveFigures {
  readonly rows: number;
  readonly changed: number;
  readonly mean: number;
  readonly percentiles: Readonly<Record<string, number>>;
  readonly productionTotal: number;
  readonly stagingTotal: number;
  readonly totalChangePct: number;
  readonly premiumWeightedMean: number;
  readonly zeroBaseline: number;
  readonly bands: readonly number[];
  readonly transitions: Readonly<Record<string, number>>;
}

export function naiveFigures(book: readonly Priced[]): NaiveFigures {
  const both = book.filter(
    (q): q is Priced & { production: number; staging: number } =>
      typeof q.production === 'number' && typeof q.staging === 'number',
  );
  const withBase = both.filter((q) => q.production !== 0);
  const pct = withBase.map((q) => ((q.staging - q.production) / Math.abs(q.production)) * 100);
  const sorted = [...pct].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
    return low * (1 - (place % 1)) + high * (place % 1);
  };
  const productionTotal = sumCents(both.map((q) => q.production));
  const stagingTotal = sumCents(both.map((q) => q.staging));
  const weights = withBase.map((q) => Math.abs(q.production));
  return {
    rows: both.length,
    changed: both.filter((q) => Math.abs(q.staging - q.production) > 1e-6).length,
    mean: pct.reduce((a, b) => a + b, 0) / pct.length,
    percentiles: {
      p1: at(0.01),
      p5: at(0.05),
      p25: at(0.25),
      median_change_pct: at(0.5),
      p75: at(0.75),
      p95: at(0.95),
      p99: at(0.99),
    },
    productionTotal,
    stagingTotal,
    totalChangePct: ((stagingTotal - productionTotal) / Math.abs(productionTotal)) * 100,
    premiumWeightedMean: pct.reduce((sum, p, i) => sum + p * (weights[i] ?? 0), 0) / weights.reduce((a, b) => a + b, 0),
    zeroBaseline: both.length - withBase.length,
    bands: bandCounts(both),
    transitions: transitionCounts(book),
  };
}

/** Premiums have two decimals: whole cents add up without any error. */
function sumCents(values: readonly number[]): number {
  return Number(values.reduce((sum, value) => sum + BigInt(Math.round(value * 100)), 0n)) / 100;
}

function bandCounts(both: readonly { production: number; staging: number }[]): readonly number[] {
  const counts = Array<number>(12).fill(0);
  for (const { production, staging } of both) {
    const pct = ((staging - production) / Math.abs(production)) * 100;
    let band: number;
    if (production === 0) band = 11;
    else if (Math.abs(staging - production) <= 1e-6) band = 5;
    else if (pct <= -25) band = 0;
    else if (pct <= -10) band = 1;
    else if (pct <= -5) band = 2;
    else if (pct <= -1) band = 3;
    else if (pct < 0) band = 4;
    else if (pct < 1) band = 6;
    else if (pct < 5) band = 7;
    else if (pct < 10) band = 8;
    else if (pct < 25) band = 9;
    else band = 10;
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return counts;
}

function transitionCounts(book: readonly Priced[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { production, staging } of book) {
    const name = `${stateOf(production)} ${stateOf(staging)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function stateOf(price: Priced['staging']): string {
  if (typeof price === 'number') return 'quoted';
  return price === null ? 'declined' : 'error';
}
