import type { Feature } from './feature.ts';
import { LEVELS, searchSlices } from './search.ts';
import { type Members, membersOf, type SearchSpace, type Slice, without } from './slice.ts';

/** Chance that any of the segments found, in either direction, is one of chance. */
const FALSE_ALARM = 0.01;
const DIRECTIONS = 2;
/** How much stronger than the book's the excess of a segment must be to be worth a reader's time. */
const LEAST_EFFECT = 1.25;
/** Percentage points by which a segment must go beyond the book: less is what rounding to the smallest coin does. */
const LEAST_POINTS = 0.1;
/** Share of the best score at which a simpler slice is the better one to tell. */
const NEARLY = 0.8;

export interface Selection {
  readonly slices: readonly Slice[];
  /** Slices that were looked at in all. */
  readonly tried: number;
}

/**
 * The slices worth showing, one after the other: the best one is taken, and the search goes on among the rows that are
 * in none so far. So a slice never repeats what one before it tells, and a strong one does not hide the others.
 * @param goesBeyond whether rows go beyond the book on average, those included that go the other way: a slice must, or a
 * narrower one inside it that does would not be seen
 */
export function selectSlices(all: SearchSpace, most: number, goesBeyond: (rows: Members) => boolean): Selection {
  const leastMean = Math.max(LEAST_POINTS, (LEAST_EFFECT * all.whole.sum) / all.whole.rows);
  const numbers = numbersOfSlices(all);
  const borne = ({ conditions }: Slice): number =>
    FALSE_ALARM / (DIRECTIONS * most * LEVELS * (numbers[conditions.length] as number));
  const slices: Slice[] = [];
  let tried = 0;
  for (let space = all; slices.length < most && space.whole.sum > 0; ) {
    const found = searchSlices(space);
    tried += found.tried;
    const good = withParents(found.slices).filter(
      (slice) =>
        slice.sum / slice.rows >= leastMean &&
        !isByChance(slice, space, borne(slice)) &&
        goesBeyond(membersOf(all, slice.conditions)),
    );
    const best = simplest(good);
    if (best === undefined) break;
    slices.push(best);
    space = without(space, best);
  }
  return { slices, tried };
}

/** The slices and all wider ones that they refine, the best first: those may score too low to be among the best. */
function withParents(slices: readonly Slice[]): readonly Slice[] {
  const all = new Set<Slice>();
  for (const slice of slices) for (let each: Slice | undefined = slice; each; each = each.parent) all.add(each);
  return [...all].sort((a, b) => b.score - a.score);
}

/** Of the slices that score nearly as high as the best the one with the fewest conditions. @param slices the best first */
function simplest(slices: readonly Slice[]): Slice | undefined {
  const near = slices.filter(({ score }) => score >= NEARLY * (slices[0]?.score ?? 0));
  return near.toSorted((a, b) => a.conditions.length - b.conditions.length)[0];
}

/** Slices of one feature, of two and of three that there are, whether they were looked at or not. */
function numbersOfSlices({ features }: SearchSpace): readonly number[] {
  const numbers = [1, ...Array.from({ length: LEVELS }, () => 0)];
  for (const feature of features) {
    const ranges = rangesOf(feature);
    for (let size = LEVELS; size > 0; size--)
      numbers[size] = (numbers[size] as number) + ranges * (numbers[size - 1] as number);
  }
  return numbers;
}

function rangesOf({ numeric, ordered, bins }: Feature): number {
  return numeric ? (ordered * (ordered + 1)) / 2 + bins.length - ordered : bins.length;
}

/**
 * Whether as many rows drawn from the whole at random may go so far beyond it. The bound on that chance holds for any
 * spread of the changes and for few rows (Bennett's inequality, as for drawing without replacement), and it is seen
 * against all the slices of as many conditions that there are (Bonferroni): the search looks at those first that look
 * best, so to count only what it looked at would be too few.
 * @see G. Bennett, Probability Inequalities for the Sum of Independent Random Variables, JASA 57 (1962), 33-45
 * @see W. Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, JASA 58 (1963), section 6
 * @see O. J. Dunn, Multiple Comparisons among Means, JASA 56 (1961), 52-64
 * @param most chance that is borne
 */
function isByChance({ rows, sum }: Slice, { whole }: SearchSpace, most: number): boolean {
  const mean = whole.sum / whole.rows;
  const variance = whole.squares / whole.rows - mean ** 2;
  const farthest = whole.max - mean;
  const beyond = sum / rows - mean;
  if (!(beyond > 0 && variance > 0 && farthest > 0)) return true;
  const far = (farthest * beyond) / variance;
  return Math.exp((-rows * variance * ((1 + far) * Math.log1p(far) - far)) / farthest ** 2) > most;
}
