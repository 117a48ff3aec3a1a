import { ReachSearch, type TargetsOf } from './reach-search.ts';
import { SortableBits } from './sortable-bits.ts';

/**
 * Values with their weights, a part at a time, as often as asked. A part need only last until the next one is asked
 * for.
 */
export type WeighedParts = () => Iterable<WeighedPart>;

export interface WeighedPart {
  /** Finite. */
  readonly values: Float64Array;
  /** For each search what the values weigh in it, 0 or more; undefined where every value weighs 1. */
  readonly weights: readonly (Float64Array | undefined)[];
}

/** Values that are just sorted: a histogram would be larger than they are. */
const FEW = 1 << 14;

/**
 * For each search and each of its targets the smallest value such that it and all smaller ones weigh at least so much.
 * Exact, in memory that does not grow with the values: they are read a few times, for all searches together, and each
 * time only those are looked at that begin with the digits of an answer, most significant first (a radix selection).
 * @returns undefined for a search in which nothing weighs anything
 * @see D. E. Knuth, The Art of Computer Programming 3, sections 5.2.5 and 5.3.3
 */
export function smallestReaching(
  parts: WeighedParts,
  targets: readonly TargetsOf[],
): readonly (readonly number[] | undefined)[] {
  const searches = targets.map((of) => new ReachSearch(of));
  const few = gatherFew(parts, searches.length);
  if (few !== undefined) return searches.map((search, index) => search.amongFew(few.values, few.weights[index]));
  const bits = new SortableBits();
  while (searches.some(({ done }) => !done)) {
    const looking = searches.flatMap((search, index) => (search.done ? [] : [{ search, index }]));
    for (const { values, weights } of parts()) {
      const sortable = bits.of(values);
      for (const { search, index } of looking) search.look(values, sortable, weights[index]);
    }
    for (const { search } of looking) search.proceed();
  }
  return searches.map(({ answers }) => answers);
}

interface Gathered {
  readonly values: Float64Array<ArrayBuffer>;
  readonly weights: readonly Float64Array[];
}

/** All values side by side; undefined where they are more than a few. */
function gatherFew(parts: WeighedParts, searches: number): Gathered | undefined {
  const all = new Float64Array(FEW);
  const weighing = Array.from({ length: searches }, () => new Float64Array(FEW).fill(1));
  let count = 0;
  for (const { values, weights } of parts()) {
    if (count + values.length > FEW) return undefined;
    all.set(values, count);
    weighing.forEach((into, index) => {
      const these = weights[index];
      if (these !== undefined) into.set(these, count);
    });
    count += values.length;
  }
  return { values: all.slice(0, count), weights: weighing.map((each) => each.slice(0, count)) };
}
