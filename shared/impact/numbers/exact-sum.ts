/**
 * A sum of doubles that is the exact sum rounded once: the same whatever the order of the values, so that shards, batch
 * sizes and the order of answers cannot show in a figure. Holds the running sum as a few doubles that do not overlap;
 * three are enough for nearly all values, and what is left beyond them goes into a list.
 * @see J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, Discrete &
 *   Computational Geometry 18 (1997), 305-363; https://people.eecs.berkeley.edu/~jrs/papers/robustr.pdf
 */
export class ExactSum {
  /** The largest part first. */
  readonly #front = new Float64Array(3);
  readonly #rest: number[] = [];

  add(value: number): void {
    const front = this.#front;
    const a = front[0] as number;
    const sum = a + value;
    const lost = errorOf(a, value, sum);
    if (lost !== 0) {
      const b = front[1] as number;
      const sum2 = b + lost;
      const lost2 = errorOf(b, lost, sum2);
      if (lost2 !== 0) {
        const c = front[2] as number;
        const sum3 = c + lost2;
        const lost3 = errorOf(c, lost2, sum3);
        if (lost3 !== 0) addTo(this.#rest, lost3);
        front[2] = sum3;
      }
      front[1] = sum2;
    }
    front[0] = sum;
  }

  /** The sum, rounded to the nearest double, ties to even. Zero for nothing. */
  get value(): number {
    const parts = [...this.#rest];
    for (const value of this.#front) addTo(parts, value);
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

/** What rounding took from a sum of two, exactly. */
function errorOf(a: number, b: number, sum: number): number {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}

/** Adds a value to parts that do not overlap, the smallest first. */
function addTo(parts: number[], value: number): void {
  let sum = value;
  let kept = 0;
  for (const part of parts) {
    const next = sum + part;
    const rest = errorOf(sum, part, next);
    sum = next;
    if (rest !== 0) parts[kept++] = rest;
  }
  parts[kept++] = sum;
  parts.length = kept;
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
