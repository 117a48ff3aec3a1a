import type { Book } from '../book/book.ts';
import type { Changes } from '../figures/changes.ts';
import { isIdName } from '../figures/choose-outputs.ts';
import { exactSum } from '../numbers/exact-sum.ts';
import { floatsOf } from '../numbers/typed.ts';
import { type Banding, type Feature, featureOf, NO_BIN } from './feature.ts';
import {
  conditionOf,
  figuresOf,
  type GroupFigures,
  GroupSums,
  type Segment,
  type SegmentCondition,
} from './segment.ts';
import { selectSlices } from './select.ts';
import { type Condition, matches, type Slice, searchSpace } from './slice.ts';

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
const MOST_SEGMENTS = 6;
const MOST_BREAKDOWNS = 4;
const MOST_GROUPS = 16;
/** How numbers are cut: narrowly to find the edge of a change, widely to be read. */
const BANDS = { search: { exact: 128, bands: 64 }, breakdown: { exact: 16, bands: 8 } } as const;
/** Percent of the spread below which a column says nothing about the change. */
const LEAST_EXPLAINED_PCT = 1;

/** Where in the portfolio the premium changes more than in the whole of it. */
export function findSegments(book: Book, changes: Changes): SegmentFindings {
  const rows = changes.rows.filter((_, index) => !Number.isNaN(changes.pct[index]));
  const pct = changes.pct.filter((value) => !Number.isNaN(value));
  const step = Math.max(1, Math.ceil(rows.length / MOST_SEARCHED));
  const searched = {
    rows: rows.filter((_, index) => index % step === 0),
    pct: pct.filter((_, index) => index % step === 0),
  };
  const leastRows = Math.max(LEAST_ROWS, Math.ceil(searched.rows.length * LEAST_SHARE));
  const columns = book.segments.filter(({ name }) => !isIdName(name));
  const features = (bands: Banding): readonly Feature[] =>
    columns.flatMap((column) => featureOf(column, searched.rows, leastRows, bands) ?? []);
  const narrow = features(BANDS.search);
  const premium = exactSum(floatsOf(changes.rows, (row) => changes.column.production.at(row)));
  const mean = pct.length === 0 ? 0 : exactSum(pct) / pct.length;
  const directions = (['increase', 'decrease'] as const).map((direction) => {
    const excess = searched.pct.map((value) => excessOf(value, mean, direction));
    const space = searchSpace(narrow, searched.rows, excess, leastRows);
    const { slices, tried } = selectSlices(space, MOST_SEGMENTS);
    return { tried, segments: slices.map((slice) => describe(slice, direction, changes, premium)) };
  });
  return {
    segments: directions
      .flatMap(({ segments }) => segments)
      .sort((a, b) => Math.abs(b.totalChange) - Math.abs(a.totalChange)),
    breakdowns: breakdownsOf(features(BANDS.breakdown), changes, premium, mean),
    tried: directions.reduce((sum, { tried }) => sum + tried, 0),
    searchedRows: searched.rows.length,
  };
}

/** How far a change goes beyond the book's own mean change, in percent; 0 where it does not, or goes the other way. */
function excessOf(pct: number, mean: number, direction: 'increase' | 'decrease'): number {
  return direction === 'increase' ? Math.max(0, pct - Math.max(mean, 0)) : Math.max(0, Math.min(mean, 0) - pct);
}

function describe(slice: Slice, direction: Segment['direction'], changes: Changes, premium: number): Segment {
  const { parent } = slice;
  return {
    direction,
    conditions: slice.conditions.map(conditionOf),
    score: slice.score,
    ...figures(slice.conditions, changes, premium),
    parent: parent && {
      conditions: parent.conditions.map(conditionOf),
      ...figures(parent.conditions, changes, premium),
    },
  };
}

function figures(conditions: readonly Condition[], changes: Changes, premium: number): GroupFigures {
  return figuresOf(changes, (row) => matches(conditions, row), premium);
}

function breakdownsOf(
  features: readonly Feature[],
  changes: Changes,
  premium: number,
  mean: number,
): readonly Breakdown[] {
  return features
    .map((feature) => ({ feature, explainedPct: explainedBy(feature, changes, mean) }))
    .filter(({ explainedPct }) => explainedPct >= LEAST_EXPLAINED_PCT)
    .sort((a, b) => b.explainedPct - a.explainedPct)
    .slice(0, MOST_BREAKDOWNS)
    .map(({ feature, explainedPct }) => ({
      column: feature.column,
      explainedPct,
      groups: groupsOf(feature, changes, premium),
    }));
}

function explainedBy(feature: Feature, { rows, pct }: Changes, mean: number): number {
  const sums = new Float64Array(feature.bins.length);
  const counts = new Uint32Array(feature.bins.length);
  let total = 0;
  rows.forEach((row, index) => {
    const value = pct[index] as number;
    if (Number.isNaN(value)) return;
    total += (value - mean) ** 2;
    const bin = feature.binOf(row);
    if (bin === NO_BIN) return;
    sums[bin] = (sums[bin] as number) + value - mean;
    counts[bin] = (counts[bin] as number) + 1;
  });
  const between = sums.reduce((all, sum, bin) => all + (counts[bin] === 0 ? 0 : sum ** 2 / (counts[bin] as number)), 0);
  return total === 0 ? 0 : (100 * between) / total;
}

/** The groups with most rows, in the order of the feature. */
function groupsOf(feature: Feature, changes: Changes, premium: number): Breakdown['groups'] {
  const sums = feature.bins.map(() => new GroupSums(changes.column));
  changes.rows.forEach((row, index) => {
    sums[feature.binOf(row)]?.add(row, changes.pct[index] as number);
  });
  const groups = sums.map((sum, bin) => ({
    ...conditionOf({ feature, from: bin, to: bin }),
    ...sum.figures(changes.rows.length, premium),
  }));
  const kept = new Set([...groups].sort((a, b) => b.rows - a.rows).slice(0, MOST_GROUPS));
  return groups.filter((group) => kept.has(group));
}
