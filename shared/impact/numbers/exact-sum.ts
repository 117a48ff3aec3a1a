/**
 * A sum of doubles that is the exact sum rounded once: the same whatever the order of the values, so that shards, batch
 * sizes and the order of answers cannot show in a figure. Holds the running sum as a few doubles that do not overlap.
 * @see J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, Discrete &
 *   Computational Geometry 18 (1997), 305-363; https://people.eecs.berkeley.edu/~jrs/papers/robustr.pdf
 */
export class ExactSum {
  readonly #parts: number[] = [];

  add(value: number): void {
    const parts = this.#parts;
    let sum = value;
    let kept = 0;
    for (const part of parts) {
      const [large, small] = Math.abs(sum) < Math.abs(part) ? [part, sum] : [sum, part];
      sum = large + small;
      const rest = small - (sum - large);
      if (rest !== 0) parts[kept++] = rest;
    }
    parts[kept++] = sum;
    parts.length = kept;
  }

  /** The sum, rounded to the nearest double, ties to even. Zero for nothing. */
  get value(): number {
    const parts = this.#parts;
    let at = parts.length - 1;
    let sum = parts[at] ?? 0;
    let rest = 0;
    while (at > 0 && rest === 0) {
      const part = parts[--at] as number;
      const before = sum;
      sum = before + part;
      rest = part - (sum - before);
    }
    return tieToEven(sum, rest, parts[at - 1] ?? 0);
  }
}

/** What lies below half a unit in the last place decides which way an exact half goes. */
function tieToEven(sum: number, rest: number, below: number): number {
  if (rest * below <= 0) return sum;
  const double = rest * 2;
  const up = sum + double;
  return up - sum === double ? up : sum;
}

/** The exact sum of the values. */
export function exactSum(values: Iterable<number>): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value;
}
