import { type Changes, isChanged } from '../figures/changes.ts';
import { quantile } from '../numbers/quantile.ts';
import type { ImpactJson } from './impact-json.ts';

const BINS = 40;
const POINTS = 600;
/** Widths of a bin that people read easily, times a power of ten. */
const NICE = [1, 2, 2.5, 5, 10] as const;

/** A histogram of the rows that change, and a few hundred rows to draw. Undefined where no row has a percentage. */
export function chartOf(changes: Changes): NonNullable<ImpactJson['chart']> | undefined {
  const { column, rows, pct } = changes;
  const measured = pct.filter((value) => !Number.isNaN(value));
  if (measured.length === 0) return undefined;
  const changed = pct.filter((value, index) => !Number.isNaN(value) && isMoved(changes, index)).sort();
  const step = Math.max(1, Math.ceil(rows.length / POINTS));
  const scatter: [number, number][] = [];
  for (let index = 0; index < rows.length; index += step) {
    const value = pct[index] as number;
    if (!Number.isNaN(value)) scatter.push([column.production.at(rows[index] as number), value]);
  }
  return { unchanged: measured.length - changed.length, histogram: histogram(changed), scatter };
}

function isMoved({ column, rows }: Changes, index: number): boolean {
  const row = rows[index] as number;
  return isChanged(column.production.at(row), column.staging.at(row));
}

/** Bins of equal width over all but the outermost half percent, with an edge at 0; what is beyond is in the outermost bins. */
function histogram(sorted: Float64Array): { from_pct: number; to_pct: number; rows: number }[] {
  if (sorted.length === 0) return [];
  const low = Math.min(quantile(sorted, 0.005), 0);
  const high = Math.max(quantile(sorted, 0.995), 0);
  const width = niceWidth((high - low) / BINS);
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  const bins = Array.from({ length: last - first + 1 }, (_, index) => ({
    from_pct: tidy((first + index) * width),
    to_pct: tidy((first + index + 1) * width),
    rows: 0,
  }));
  for (const value of sorted) {
    const at = Math.min(Math.max(Math.floor(value / width), first), last) - first;
    const bin = bins[at];
    if (bin) bin.rows += 1;
  }
  return bins;
}

function niceWidth(least: number): number {
  if (!(least > 0)) return 1;
  for (let exponent = -9; exponent < 12; exponent++) {
    for (const nice of NICE) {
      const width = Number(`${nice}e${exponent}`);
      if (width >= least) return width;
    }
  }
  return least;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
