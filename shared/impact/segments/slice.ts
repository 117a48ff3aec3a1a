import { floatsOf, upTo } from '../numbers/typed.ts';
import { type Feature, NO_BIN } from './feature.ts';

/** Bins `from` to `to` of one feature. */
export interface Condition {
  readonly feature: Feature;
  readonly from: number;
  readonly to: number;
}

/** Of some rows: how far each goes beyond the book's own mean change, summed up. */
export interface Measure {
  readonly rows: number;
  readonly sum: number;
  readonly max: number;
}

/** Of all the rows that are searched also the sum of the squares: how they are spread. */
export interface WholeMeasure extends Measure {
  readonly squares: number;
}

/** The rows that meet all conditions. */
export interface Slice extends Measure {
  readonly conditions: readonly Condition[];
  readonly score: number;
  /** The slice with one condition less that it was found from; undefined for the first level. */
  readonly parent: Slice | undefined;
}

/** Positions of rows. Those that do not go beyond the book are apart: of them nothing but their number is needed. */
export interface Members {
  readonly within: Uint32Array;
  readonly beyond: Uint32Array;
  /** Of each row of `beyond`. */
  readonly excess: Float64Array;
}

/** Some rows that are searched, with what is known of each: its bin by feature, and its excess change, 0 or more. */
export interface SearchSpace {
  readonly features: readonly Feature[];
  readonly binsOf: ReadonlyMap<Feature, Uint16Array>;
  readonly excess: Float64Array;
  /** The rows that are searched. */
  readonly members: Members;
  /** The whole of them: what slices are compared with. */
  readonly whole: WholeMeasure;
  /** Rows that a slice must have. */
  readonly leastRows: number;
}

/** @param binsOf of each feature the bins of the rows that are searched @param excess of each of these rows */
export function searchSpace(
  binsOf: ReadonlyMap<Feature, Uint16Array>,
  excess: Float64Array,
  leastRows: number,
): SearchSpace {
  const features = [...binsOf.keys()];
  const all = upTo(excess.length);
  const beyond = all.filter((row) => (excess[row] as number) > 0);
  const members = {
    within: all.filter((row) => (excess[row] as number) === 0),
    beyond,
    excess: floatsOf(beyond, (row) => excess[row] as number),
  };
  return { features, binsOf, excess, members, whole: measureAll(members), leastRows };
}

/** The space without the rows of a slice. */
export function without(space: SearchSpace, { conditions }: Pick<Slice, 'conditions'>): SearchSpace {
  const inside = new Uint8Array(space.excess.length);
  const taken = membersOf(space, conditions);
  for (const rows of [taken.within, taken.beyond]) for (const row of rows) inside[row] = 1;
  const members = membersWhere(space, space.members, (rows) => rows.filter((row) => inside[row] === 0));
  return { ...space, members, whole: measureAll(members) };
}

/** The members that meet all conditions. */
export function membersOf(
  space: SearchSpace,
  conditions: readonly Condition[],
  members: Members = space.members,
): Members {
  if (conditions.length === 0) return members;
  const keep = (rows: Uint32Array): Uint32Array =>
    conditions.reduce((left, { feature, from, to }) => {
      return rowsInBins(left, space.binsOf.get(feature) as Uint16Array, from, to);
    }, rows);
  return membersWhere(space, members, keep);
}

function membersWhere({ excess }: SearchSpace, { within, beyond }: Members, keep: (rows: Uint32Array) => Uint32Array) {
  const kept = keep(beyond);
  return { within: keep(within), beyond: kept, excess: floatsOf(kept, (row) => excess[row] as number) };
}

function rowsInBins(rows: Uint32Array, bins: Uint16Array, from: number, to: number): Uint32Array {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const bin = bins[row] as number;
    kept[count] = row;
    if (bin >= from && bin <= to) count += 1;
  }
  return kept.slice(0, count);
}

export function rowsOf({ within, beyond }: Members): number {
  return within.length + beyond.length;
}

/** What is known of each bin of a feature. The arrays are equally long. */
export interface BinMeasures {
  readonly rows: Float64Array;
  readonly sum: Float64Array;
  readonly max: Float64Array;
}

/** The measure of each bin of a feature over some members. */
export function measureBins(space: SearchSpace, feature: Feature, { within, beyond, excess }: Members): BinMeasures {
  const bins = space.binsOf.get(feature) as Uint16Array;
  const count = feature.bins.length;
  const [rows, sum, max] = Array.from({ length: 3 }, () => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let at = 0; at < within.length; at++) {
    const bin = bins[within[at] as number] as number;
    if (bin !== NO_BIN) rows[bin] = (rows[bin] as number) + 1;
  }
  for (let at = 0; at < beyond.length; at++) {
    const bin = bins[beyond[at] as number] as number;
    if (bin === NO_BIN) continue;
    const value = excess[at] as number;
    rows[bin] = (rows[bin] as number) + 1;
    sum[bin] = (sum[bin] as number) + value;
    if (value > (max[bin] as number)) max[bin] = value;
  }
  return { rows, sum, max };
}

/** The measure of bins `from` to `to` together. */
export function together({ rows, sum, max }: BinMeasures, from: number, to: number): Measure {
  const all = { rows: 0, sum: 0, max: 0 };
  for (let bin = from; bin <= to; bin++) {
    all.rows += rows[bin] as number;
    all.sum += sum[bin] as number;
    all.max = Math.max(all.max, max[bin] as number);
  }
  return all;
}

/** Weight of effect against size, as SliceLine has it by default. */
const ALPHA = 0.95;

/**
 * How much rows stand out: alpha x (their mean excess / the book's - 1) - (1 - alpha) x (rows of the book / rows - 1).
 * Zero for the whole book; positive where the effect outweighs the smallness.
 * @see S. Sagadeeva, M. Boehm, SliceLine: Fast, Linear-Algebra-based Slice Finding for ML Model Debugging, SIGMOD 2021, eq. 2
 */
export function scoreOf(rows: number, sum: number, whole: Pick<Measure, 'rows' | 'sum'>): number {
  if (rows === 0 || whole.sum === 0) return Number.NEGATIVE_INFINITY;
  const effect = sum / rows / (whole.sum / whole.rows);
  return ALPHA * (effect - 1) - (1 - ALPHA) * (whole.rows / rows - 1);
}

/**
 * No slice inside one with these figures can score higher: it has at most these rows, at least the smallest number
 * allowed, at most this excess in all, and at most the largest for each row.
 * @see SliceLine, section 3.2
 */
export function scoreBound({ rows, sum, max }: Measure, space: Pick<SearchSpace, 'whole' | 'leastRows'>): number {
  const { leastRows } = space;
  if (rows < leastRows) return Number.NEGATIVE_INFINITY;
  const turning = max > 0 ? Math.min(rows, Math.max(leastRows, sum / max)) : leastRows;
  return Math.max(...[leastRows, turning, rows].map((size) => scoreOf(size, Math.min(sum, size * max), space.whole)));
}

function measureAll(members: Members): WholeMeasure {
  let [sum, squares, max] = [0, 0, 0];
  for (const value of members.excess) {
    sum += value;
    squares += value * value;
    max = Math.max(max, value);
  }
  return { rows: rowsOf(members), sum, squares, max };
}
