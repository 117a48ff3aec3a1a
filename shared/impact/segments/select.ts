import { searchSlices } from './search.ts';
import { type Measure, type SearchSpace, type Slice, without } from './slice.ts';

/** Chance that any of the segments found is one of chance. */
const FALSE_ALARM = 0.01;
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
 */
export function selectSlices(all: SearchSpace, most: number): Selection {
  const leastMean = Math.max(LEAST_POINTS, (LEAST_EFFECT * all.whole.sum) / all.whole.rows);
  const slices: Slice[] = [];
  let tried = 0;
  for (let space = all; slices.length < most && space.whole.sum > 0; ) {
    const found = searchSlices(space);
    tried += found.tried;
    const good = withParents(found.slices).filter(
      (slice) => slice.sum / slice.rows >= leastMean && !isByChance(slice, space, found.tried),
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

/**
 * Whether the mean excess of the slice may differ from that of the other rows by chance (Welch's test), seen against
 * all the slices that were looked at (Bonferroni). The tail of the normal distribution is bounded from above by
 * exp(-z^2 / 2) / 2.
 * @see O. J. Dunn, Multiple Comparisons among Means, JASA 56 (1961), 52-64
 */
function isByChance(slice: Slice, { whole }: SearchSpace, tried: number): boolean {
  const z = welch(slice, others(whole, slice));
  return z <= 0 || Math.exp((-z * z) / 2) / 2 > FALSE_ALARM / tried;
}

type Moments = Pick<Measure, 'rows' | 'sum' | 'squares'>;

function others(all: Moments, part: Moments): Moments {
  return { rows: all.rows - part.rows, sum: all.sum - part.sum, squares: all.squares - part.squares };
}

function welch(a: Moments, b: Moments): number {
  if (a.rows < 2 || b.rows < 2) return 0;
  const variance = ({ rows, sum, squares }: Moments): number =>
    Math.max(0, squares / rows - (sum / rows) ** 2) / (rows - 1);
  const difference = a.sum / a.rows - b.sum / b.rows;
  return difference / Math.sqrt(variance(a) + variance(b));
}
