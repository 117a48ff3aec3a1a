import type { InputColumn } from '../book/input-column.ts';
import { type Changes, PART_ROWS } from '../figures/changes.ts';
import { isIdName } from '../figures/choose-outputs.ts';
import type { WholeFigures } from '../figures/output-figures.ts';
import { sampledRows } from '../numbers/sampled-row.ts';
import { codedColumn, type Feature, featureOf, NO_BIN } from './feature.ts';
import {
  conditionOf,
  figuresOfAll,
  type GroupFigures,
  GroupSums,
  type Segment,
  type SegmentCondition,
} from './segment.ts';
import { selectSlices } from './select.ts';
import { type Members, type Slice, searchSpace } from './slice.ts';

/** One column of the portfolio, value by value. */
export interface Breakdown {
  readonly column: string;
  /** Share of the spread of the changes (sum of squares) that lies between the groups. */
  readonly explainedPct: number;
  readonly groups: readonly (GroupFigures & SegmentCondition)[];
}

export interface SegmentFindings {
  /** Those that change the total most first. At most a screen of them. */
  readonly segments: readonly Segment[];
  /** The columns that explain most, the most telling first. */
  readonly breakdowns: readonly Breakdown[];
  /** Slices that were looked at. */
  readonly tried: number;
  /** Rows that were searched: an even sample of a very large book. Figures are of all rows. */
  readonly searchedRows: number;
}

const MOST_SEARCHED = 200_000;
const LEAST_ROWS = 30;
const LEAST_SHARE = 0.005;
/** Of the rows of the smallest segment, so many in the whole book are outliers. */
const OUTLIERS = 0.2;
const MOST_SEGMENTS = 6;
const MOST_BREAKDOWNS = 4;
const MOST_GROUPS = 16;
/** How numbers are cut: narrowly to find the edge of a change, widely to be read. */
const BANDS = { search: { exact: 128, bands: 64 }, breakdown: { exact: 16, bands: 8 } } as const;
/** Percent of the spread below which a column says nothing about the change. */
const LEAST_EXPLAINED_PCT = 1;

/** Where in the portfolio the premium changes more than in the whole of it. */
export function findSegments(columns: readonly InputColumn[], changes: Changes, whole: WholeFigures): SegmentFindings {
  const mean = whole.meanChangePct ?? 0;
  const searched = rowsToSearch(changes);
  const leastRows = Math.max(LEAST_ROWS, Math.ceil(searched.rows.length * LEAST_SHARE));
  const { binsOf, wide } = featuresOf(columns, searched.rows, leastRows);
  const directions = (['increase', 'decrease'] as const).map((direction) => {
    const excess = capped(
      searched.pct.map((value) => excessOf(value, mean, direction)),
      Math.floor(leastRows * OUTLIERS),
    );
    const goesBeyond = (rows: Members): boolean => excessOf(meanOf(searched.pct, rows), mean, direction) > 0;
    const { slices, tried } = selectSlices(searchSpace(binsOf, excess, leastRows), MOST_SEGMENTS, goesBeyond);
    return { tried, found: slices.map((slice) => ({ slice, direction })) };
  });
  return {
    segments: describe(
      directions.flatMap(({ found }) => found),
      changes,
      whole.productionTotal,
    ).filter((segment) => isBeyond(segment, mean)),
    breakdowns: breakdownsOf(wide, changes, whole.productionTotal, mean),
    tried: directions.reduce((sum, { tried }) => sum + tried, 0),
    searchedRows: searched.rows.length,
  };
}

/** Columns cut narrowly, each with the bins of the rows to search, and columns cut widely. Each is read once for both. */
function featuresOf(
  columns: readonly InputColumn[],
  rows: Uint32Array,
  leastRows: number,
): { readonly binsOf: ReadonlyMap<Feature, Uint16Array>; readonly wide: readonly Feature[] } {
  const binsOf = new Map<Feature, Uint16Array>();
  const wide: Feature[] = [];
  for (const column of columns) {
    if (isIdName(column.name) || column.dropped !== undefined) continue;
    const coded = codedColumn(column, rows);
    const narrow = featureOf(coded, leastRows, BANDS.search);
    if (narrow) binsOf.set(narrow.feature, narrow.bins());
    const broad = featureOf(coded, leastRows, BANDS.breakdown);
    if (broad) wide.push(broad.feature);
  }
  return { binsOf, wide };
}

/** Rows that have a percentage: of a very large book a sample, drawn as that of a portfolio is. */
function rowsToSearch(changes: Changes): { readonly rows: Uint32Array; readonly pct: Float64Array } {
  const count = Math.min(changes.measured, MOST_SEARCHED);
  const drawn = sampledRows({ rows: count, of: changes.measured });
  let [next, taken] = [drawn.next().value, 0];
  const searched = { rows: new Uint32Array(count), pct: new Float64Array(count) };
  let measured = 0;
  for (const { rows, pct } of changes.parts()) {
    for (let index = 0; index < rows.length; index++) {
      const value = pct[index] as number;
      if (Number.isNaN(value)) continue;
      if (measured === next) {
        searched.rows[taken] = rows[index] as number;
        searched.pct[taken++] = value;
        next = drawn.next().value;
      }
      measured += 1;
    }
  }
  return searched;
}

/** How far a change goes beyond the book's own mean change, in percent; 0 where it does not, or goes the other way. */
function excessOf(pct: number, mean: number, direction: 'increase' | 'decrease'): number {
  return direction === 'increase' ? Math.max(0, pct - Math.max(mean, 0)) : Math.max(0, Math.min(mean, 0) - pct);
}

/**
 * A few rows that go very far, such as those with hardly any old premium, would make the rest look alike: so many count as
 * if they went only as far as the next one.
 */
function capped(excess: Float64Array, outliers: number): Float64Array {
  const farthest = excess.toSorted()[excess.length - 1 - outliers] ?? 0;
  return farthest > 0 ? excess.map((value) => Math.min(value, farthest)) : excess;
}

function meanOf(pct: Float64Array, { within, beyond }: Members): number {
  let sum = 0;
  for (const rows of [within, beyond]) for (const row of rows) sum += pct[row] as number;
  return sum / (within.length + beyond.length);
}

/** Rows of which many fall may rise on average for the sake of a few others: that is no fall to tell of. */
function isBeyond({ direction, meanChangePct = 0 }: Segment, mean: number): boolean {
  return excessOf(meanChangePct, mean, direction) > 0;
}

/** The segments with their figures and those of their parents; those that change the total most first. */
function describe(
  found: readonly { readonly slice: Slice; readonly direction: Segment['direction'] }[],
  changes: Changes,
  premium: number,
): readonly Segment[] {
  const shown = found.flatMap(({ slice }) => (slice.parent ? [slice, slice.parent] : [slice]));
  const all = figuresOfAll(
    changes,
    shown.map(({ conditions }) => conditions),
    premium,
  );
  const described = (slice: Slice) => ({
    conditions: slice.conditions.map(conditionOf),
    ...(all[shown.indexOf(slice)] as GroupFigures),
  });
  return found
    .map(({ slice, direction }) => ({
      direction,
      score: slice.score,
      ...described(slice),
      parent: slice.parent && described(slice.parent),
    }))
    .sort((a, b) => Math.abs(b.totalChange) - Math.abs(a.totalChange));
}

function breakdownsOf(
  features: readonly Feature[],
  changes: Changes,
  premium: number,
  mean: number,
): readonly Breakdown[] {
  const explained = explainedPcts(features, changes, mean);
  const telling = features
    .map((feature, index) => ({ feature, explainedPct: explained[index] as number }))
    .filter(({ explainedPct }) => explainedPct >= LEAST_EXPLAINED_PCT)
    .sort((a, b) => b.explainedPct - a.explainedPct)
    .slice(0, MOST_BREAKDOWNS);
  const sums = sumsOfBins(
    telling.map(({ feature }) => feature),
    changes,
  );
  return telling.map(({ feature, explainedPct }, index) => ({
    column: feature.column,
    explainedPct,
    groups: groupsOf(feature, sums[index] as readonly GroupSums[], changes, premium),
  }));
}

/** For each feature the share of the spread that lies between its bins, all from one reading of the book. */
function explainedPcts(features: readonly Feature[], changes: Changes, mean: number): readonly number[] {
  const all = features.map(({ bins }) => ({
    sums: new Float64Array(bins.length),
    counts: new Uint32Array(bins.length),
  }));
  const bins = new Uint16Array(PART_ROWS);
  let total = 0;
  for (const { rows, pct } of changes.parts()) {
    for (let index = 0; index < pct.length; index++) {
      const beyond = (pct[index] as number) - mean;
      if (!Number.isNaN(beyond)) total += beyond * beyond;
    }
    features.forEach((feature, at) => {
      const { sums, counts } = all[at] as (typeof all)[number];
      feature.binsOf(rows, bins);
      addUp(pct, mean, bins, sums, counts);
    });
  }
  return all.map(({ sums, counts }) => {
    const between = sums.reduce((sum, of, bin) => sum + (counts[bin] === 0 ? 0 : of ** 2 / (counts[bin] as number)), 0);
    return total === 0 ? 0 : (100 * between) / total;
  });
}

function addUp(pct: Float64Array, mean: number, bins: Uint16Array, sums: Float64Array, counts: Uint32Array): void {
  for (let index = 0; index < pct.length; index++) {
    const value = pct[index] as number;
    const bin = bins[index] as number;
    if (bin === NO_BIN || Number.isNaN(value)) continue;
    sums[bin] = (sums[bin] as number) + value - mean;
    counts[bin] = (counts[bin] as number) + 1;
  }
}

/** For each feature the sums of its bins, all from one reading of the book. */
function sumsOfBins(features: readonly Feature[], changes: Changes): readonly (readonly GroupSums[])[] {
  const all = features.map(({ bins }) => bins.map(() => new GroupSums()));
  const bins = new Uint16Array(PART_ROWS);
  for (const { rows, before, after, pct } of changes.parts()) {
    features.forEach((feature, at) => {
      const sums = all[at] as readonly GroupSums[];
      feature.binsOf(rows, bins);
      for (let index = 0; index < rows.length; index++) {
        const sum = sums[bins[index] as number];
        sum?.add(before[index] as number, after[index] as number, pct[index] as number);
      }
    });
  }
  return all;
}

/** The groups with most rows, in the order of the feature. */
function groupsOf(
  feature: Feature,
  sums: readonly GroupSums[],
  changes: Changes,
  premium: number,
): Breakdown['groups'] {
  const groups = sums.map((sum, bin) => ({
    ...conditionOf({ feature, from: bin, to: bin }),
    ...sum.figures(changes.count, premium),
  }));
  const kept = new Set([...groups].sort((a, b) => b.rows - a.rows).slice(0, MOST_GROUPS));
  return groups.filter((group) => kept.has(group));
}
