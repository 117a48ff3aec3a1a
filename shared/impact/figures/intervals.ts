import { quantile } from '../numbers/quantile.ts';
import { SeededRandom } from '../numbers/random.ts';
import type { Changes } from './changes.ts';
import type { Weigh } from './weighted.ts';

/** Low and high bound, in percent. */
export type Interval = readonly [number, number];

export const CONFIDENCE_PCT = 95;
export const SEED = 1;
/** 97.5th percentile of the normal distribution. */
const Z = 1.959_963_984_540_054;
/** Parts of the portfolio that are drawn from apart: at the most, and with how many rows each at the least. */
const STRATA = { most: 10, leastRows: 50 } as const;
/** Fewer rows say too little of the whole book, also by how alike they are. */
const LEAST_ROWS = 30;
const MOST_DRAWS = 20_000_000;
const REPLICATES = { least: 200, most: 1_000 } as const;

/** A sample of a portfolio. */
export interface Sample {
  readonly rows: number;
  /** Rows of the portfolio that it was taken from. */
  readonly of: number;
}

/** Undefined where the sample says too little, or has nothing to divide by. */
export interface ChangeIntervals {
  readonly meanChangePct: Interval | undefined;
  readonly totalChangePct: Interval | undefined;
  /** Undefined also where no weights are given. */
  readonly weightedMeanChangePct: Interval | undefined;
}

/**
 * Bounds for the mean and total change of the whole book, from a sample of it: percentiles of a bootstrap that draws
 * rows again, with replacement, and seeded so that it always draws the same. It draws within up to ten parts of the portfolio,
 * in its order, because that is how the sample was taken: so many rows of each part, whatever is in them. Strata of
 * anything else, such as the old premium, would leave out how they differ from each other.
 * Narrowed by the finite population correction, as a sample of half the book leaves only the other half unknown.
 * @see B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13
 * @see W. G. Cochran, Sampling Techniques (1977), section 2.6 and chapter 5
 */
export function changeIntervals(changes: Changes, sample: Sample, weigh?: Weigh): ChangeIntervals {
  const strata = strataOf(changes, weigh);
  const count = changes.count;
  if (count < LEAST_ROWS) return NOTHING;
  const replicates = Math.max(REPLICATES.least, Math.min(REPLICATES.most, Math.floor(MOST_DRAWS / count)));
  const random = new SeededRandom(SEED);
  const draws = Array.from({ length: replicates }, () => redraw(strata, random));
  const exact = estimate(strata);
  const narrow = Math.sqrt(Math.max(0, 1 - sample.rows / sample.of));
  const interval = (figure: keyof Estimate): Interval | undefined => {
    const sorted = Float64Array.from(draws, (draw) => draw[figure]).sort();
    // NaN comes last: a figure that some draws do not have has no bounds.
    if (Number.isNaN(sorted.at(-1)) || Number.isNaN(exact[figure])) return undefined;
    const tail = (1 - CONFIDENCE_PCT / 100) / 2;
    return [tail, 1 - tail].map((share) => exact[figure] + narrow * (quantile(sorted, share) - exact[figure])) as [
      number,
      number,
    ];
  };
  return {
    meanChangePct: interval('mean'),
    totalChangePct: interval('total'),
    weightedMeanChangePct: weigh && interval('weighted'),
  };
}

const NOTHING: ChangeIntervals = {
  meanChangePct: undefined,
  totalChangePct: undefined,
  weightedMeanChangePct: undefined,
};

/**
 * Bounds for a share of the whole book, from a sample of it: Wilson's score interval, which is not empty where the
 * sample has none, with the finite population correction.
 * @see E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927), 209-212
 */
export function shareInterval(hits: number, rows: number, sample: Sample): Interval | undefined {
  if (rows === 0) return undefined;
  const z2 = Z * Z * Math.max(0, 1 - sample.rows / sample.of);
  const share = hits / rows;
  const middle = (share + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (Math.sqrt(z2) / (1 + z2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows));
  return [100 * Math.max(0, middle - half), 100 * Math.min(1, middle + half)];
}

/** Rows that stand near each other in the portfolio. */
interface Stratum {
  readonly pct: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly weight: Float64Array;
}

interface Estimate {
  readonly mean: number;
  readonly total: number;
  readonly weighted: number;
}

/** A sample is resampled at random, so all of it is in memory: 32 bytes a row. */
function strataOf(changes: Changes, weigh?: Weigh): readonly Stratum[] {
  const all = sideBySide(changes, weigh);
  const strata = Math.max(1, Math.min(STRATA.most, Math.floor(changes.count / STRATA.leastRows)));
  const bounds = Array.from({ length: strata + 1 }, (_, index) => Math.round((index * changes.count) / strata));
  return bounds.slice(1).map((end, index) => {
    const part = (values: Float64Array): Float64Array => values.subarray(bounds[index], end);
    return { pct: part(all.pct), before: part(all.before), after: part(all.after), weight: part(all.weight) };
  });
}

function sideBySide(changes: Changes, weigh: Weigh | undefined) {
  const floats = (): Float64Array<ArrayBuffer> => new Float64Array(changes.count);
  const all = { pct: floats(), before: floats(), after: floats(), weight: floats() };
  let at = 0;
  for (const { rows, before, after, pct } of changes.parts()) {
    all.pct.set(pct, at);
    all.before.set(before, at);
    all.after.set(after, at);
    weigh?.(rows, all.weight.subarray(at, at + rows.length));
    at += rows.length;
  }
  return all;
}

function estimate(strata: readonly Stratum[]): Estimate {
  return sumUp(strata, (_, index) => index);
}

function redraw(strata: readonly Stratum[], random: SeededRandom): Estimate {
  return sumUp(strata, (stratum) => random.below(stratum.pct.length));
}

function sumUp(strata: readonly Stratum[], pick: (stratum: Stratum, index: number) => number): Estimate {
  let [sum, count, before, after, weighted, weights] = [0, 0, 0, 0, 0, 0];
  for (const stratum of strata) {
    for (let index = 0; index < stratum.pct.length; index++) {
      const at = pick(stratum, index);
      const pct = stratum.pct[at] as number;
      before += stratum.before[at] as number;
      after += stratum.after[at] as number;
      if (Number.isNaN(pct)) continue;
      sum += pct;
      count += 1;
      weighted += pct * (stratum.weight[at] as number);
      weights += stratum.weight[at] as number;
    }
  }
  const ratio = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);
  return {
    mean: ratio(sum, count),
    total: 100 * ratio(after - before, Math.abs(before)),
    weighted: ratio(weighted, weights),
  };
}
