import type { Feature } from './feature.ts';
import { ScoredRanges } from './scored-ranges.ts';
import {
  type BinMeasures,
  type Condition,
  type Members,
  measureBins,
  membersOf,
  rowsOf,
  type SearchSpace,
  type Slice,
  scoreBound,
  scoreOf,
  together,
} from './slice.ts';

export interface SearchResult {
  /** Slices that stand out, the highest score first. */
  readonly slices: readonly Slice[];
  /** Slices that were looked at: what the number of findings must be seen against. */
  readonly tried: number;
}

/** Conditions that a slice may have. */
export const LEVELS = 3;
/** Slices of a level that are looked into. */
const BEAM = 24;
/** Slices of one feature inside one parent that are kept. */
const PER_FEATURE = 3;
/** Slices whose scores decide whether others are still worth looking into. */
const KEPT = 20;

/**
 * Searches conjunctions of up to three features, level by level: every single condition, then the best of them with
 * one more, and once more. What cannot hold a better slice than those found is not looked into.
 */
export function searchSlices(space: SearchSpace): SearchResult {
  const search = new Search(space);
  let found = search.split(undefined, space.members);
  let known = new Map<Slice, Members>();
  for (let level = 2; level <= LEVELS; level++) {
    const members = new Map<Slice, Members>();
    found = search.worthLookingInto(found).flatMap((slice) => {
      const rows = membersOf(space, slice.conditions.slice(-1), slice.parent && known.get(slice.parent));
      if (level < LEVELS) members.set(slice, rows);
      return search.split(slice, rows);
    });
    known = members;
  }
  return { slices: search.best, tried: search.tried };
}

class Search {
  readonly #space: SearchSpace;
  readonly #seen = new Set<string>();
  readonly #ranges = new ScoredRanges();
  best: readonly Slice[] = [];
  tried = 0;

  constructor(space: SearchSpace) {
    this.#space = space;
  }

  /** The slices of a parent that have one condition more. @param members its rows */
  split(parent: Slice | undefined, members: Members): readonly Slice[] {
    const used = new Set(parent?.conditions.map(({ feature }) => feature));
    const children = this.#space.features
      .filter((feature) => !used.has(feature))
      .flatMap((feature) => this.#splitBy(feature, parent, members));
    this.best = [...this.best, ...children.filter(({ score }) => score > 0)].sort(byScore).slice(0, KEPT);
    return children;
  }

  worthLookingInto(slices: readonly Slice[]): readonly Slice[] {
    const bar = this.best.length < KEPT ? 0 : (this.best.at(-1)?.score ?? 0);
    return slices
      .filter((slice) => scoreBound(slice, this.#space) > bar)
      .sort(byScore)
      .slice(0, BEAM);
  }

  #splitBy(feature: Feature, parent: Slice | undefined, members: Members): readonly Slice[] {
    const bins = measureBins(this.#space, feature, members);
    const ranges = this.#ranges;
    scoreRanges(ranges, feature, bins, this.#space, rowsOf(members));
    this.tried += ranges.length;
    return ranges
      .best(PER_FEATURE)
      .map(({ from, to, score }) => {
        const conditions = [...(parent?.conditions ?? []), { feature, from, to }];
        return { conditions, ...together(bins, from, to), score, parent };
      })
      .filter(({ conditions }) => this.#isNew(conditions));
  }

  /** `a and b` is `b and a`. */
  #isNew(conditions: readonly Condition[]): boolean {
    const id = conditions
      .map(({ feature, from, to }) => `${this.#space.features.indexOf(feature)}:${from}-${to}`)
      .sort()
      .join(' ');
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}

/** Every range of a feature that has enough of the members and not all of them. */
function scoreRanges(
  ranges: ScoredRanges,
  feature: Feature,
  { rows: rowsOf, sum: sumOf }: BinMeasures,
  { whole, leastRows }: SearchSpace,
  members: number,
): void {
  ranges.clear();
  for (let from = 0; from < rowsOf.length; from++) {
    let [rows, sum] = [0, 0];
    const end = lastOf(feature, from);
    for (let to = from; to < end; to++) {
      rows += rowsOf[to] as number;
      sum += sumOf[to] as number;
      if (rows < leastRows || rows === members) continue;
      if (to - from === feature.ordered - 1 && feature.ordered > 1) continue;
      ranges.add(from, to, scoreOf(rows, sum, whole));
    }
  }
}

/** Bands of numbers that follow each other may be taken together; a category, and rows without a value, stand alone. */
function lastOf({ numeric, ordered }: Feature, from: number): number {
  return numeric && from < ordered ? ordered : from + 1;
}

/** The highest first; of equal ones the one with fewer conditions, then the one that was found first (sorting is stable). */
function byScore(a: Slice, b: Slice): number {
  return b.score - a.score || a.conditions.length - b.conditions.length;
}
