import { type Changes, isChanged } from '../figures/changes.ts';
import { quantiles } from '../numbers/quantile.ts';
import type { ImpactJson } from './impact-json.ts';

const BINS = 40;
const POINTS = 600;
/** Widths of a bin that people read easily, times a power of ten. */
const NICE = [1, 2, 2.5, 5, 10] as const;

/** A histogram of the rows that change, and a few hundred rows to draw. Undefined where no row has a percentage. */
export function chartOf(changes: Changes): NonNullable<ImpactJson['chart']> | undefined {
  if (changes.measured === 0) return undefined;
  let moved = 0;
  for (const part of movedPct(changes)) moved += part.length;
  return {
    unchanged: changes.measured - moved,
    histogram: histogram(() => movedPct(changes), moved),
    scatter: scatterOf(changes),
  };
}

/** Rows spread evenly over the portfolio: their old premium and their change in percent. */
function scatterOf(changes: Changes): [number, number][] {
  const step = Math.max(1, Math.ceil(changes.count / POINTS));
  const scatter: [number, number][] = [];
  let first = 0;
  for (const { before, pct } of changes.parts()) {
    for (let index = (step - (first % step)) % step; index < pct.length; index += step) {
      const value = pct[index] as number;
      if (!Number.isNaN(value)) scatter.push([before[index] as number, value]);
    }
    first += pct.length;
  }
  return scatter;
}

/** The changes of the rows that move by more than rounding. A part is overwritten by the next one. */
function* movedPct(changes: Changes): Iterable<Float64Array> {
  let values = new Float64Array();
  for (const { before, after, pct } of changes.parts()) {
    if (values.length < pct.length) values = new Float64Array(pct.length);
    let count = 0;
    pct.forEach((value, index) => {
      if (!Number.isNaN(value) && isChanged(before[index] as number, after[index] as number)) values[count++] = value;
    });
    yield values.subarray(0, count);
  }
}

/** Bins of equal width over all but the outermost half percent, with an edge at 0; what is beyond is in the outermost bins. */
function histogram(
  parts: () => Iterable<Float64Array>,
  count: number,
): { from_pct: number; to_pct: number; rows: number }[] {
  if (count === 0) return [];
  const [lowest, highest] = quantiles(parts, count, [0.005, 0.995]) as [number, number];
  const [low, high] = [Math.min(lowest, 0), Math.max(highest, 0)];
  const width = niceWidth((high - low) / BINS);
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  const bins = Array.from({ length: last - first + 1 }, (_, index) => ({
    from_pct: tidy((first + index) * width),
    to_pct: tidy((first + index + 1) * width),
    rows: 0,
  }));
  for (const part of parts()) {
    for (const value of part) {
      const bin = bins[Math.min(Math.max(Math.floor(value / width), first), last) - first];
      if (bin) bin.rows += 1;
    }
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
