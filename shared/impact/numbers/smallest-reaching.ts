import { sortOrder } from './sort-order.ts';

/**
 * Values with their weights, a part at a time, as often as asked. Values are finite, weights 0 or more; without weights
 * every value weighs 1. A part need only last until the next one is asked for.
 */
export type WeighedParts = () => Iterable<WeighedPart>;

export interface WeighedPart {
  readonly values: Float64Array;
  readonly weights?: Float64Array | undefined;
}

const DIGITS = 65_536;
/** 16-bit digits of a double. */
const LEVELS = 4;
/** Values that are put side by side and sorted; among more of them the next digit is looked at first. */
const AT_HAND = 1 << 18;
/** Values that are just sorted: a histogram would be larger than they are. */
const FEW = 1 << 14;

/** Values that begin with the same digits, and with an answer among them. */
interface Bucket {
  /** The digits, as the upper and the lower half of a sortable double; what is not known yet is 0. */
  readonly high: number;
  readonly low: number;
  readonly count: number;
  /** Weight of all smaller values. */
  readonly before: number;
  /** Positions of the targets that are reached here. */
  readonly targets: readonly number[];
}

/**
 * For each target the smallest value such that it and all smaller ones weigh at least so much. Exact, in memory that
 * does not grow with the values: they are read a few times, and each time only those are looked at that begin with the
 * digits of an answer, most significant first (a radix selection).
 * @param targetsOf what to reach, from the weight of all; ascending, above 0
 * @returns undefined where nothing weighs anything
 * @see D. E. Knuth, The Art of Computer Programming 3, sections 5.2.5 and 5.3.3
 */
export function smallestReaching(
  parts: WeighedParts,
  targetsOf: (total: number) => readonly number[],
): readonly number[] | undefined {
  const few = gatherFew(parts);
  if (few !== undefined) return reachedAmongFew(few, targetsOf);
  const all = { high: 0, low: 0, count: 0, before: 0, targets: [] };
  const [whole] = histogramsOf(parts, 0, [all]) as [Histogram];
  const total = whole.weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  const targets = targetsOf(total);
  let buckets = split({ ...all, targets: [...targets.keys()] }, whole, 0, targets);
  let level = 1;
  for (; level < LEVELS && countOf(buckets) > AT_HAND; level++) {
    const histograms = histogramsOf(parts, level, buckets);
    const known = level;
    buckets = buckets.flatMap((bucket, index) => split(bucket, histograms[index] as Histogram, known, targets));
  }
  return answersOf(parts, buckets, level, targets);
}

interface Gathered {
  readonly values: Float64Array<ArrayBuffer>;
  readonly weights: Float64Array;
}

/** All values side by side; undefined where they are more than a few. */
function gatherFew(parts: WeighedParts): Gathered | undefined {
  const [all, weighing] = [new Float64Array(FEW), new Float64Array(FEW).fill(1)];
  let count = 0;
  for (const { values, weights } of parts()) {
    if (count + values.length > FEW) return undefined;
    all.set(values, count);
    if (weights !== undefined) weighing.set(weights, count);
    count += values.length;
  }
  return { values: all.slice(0, count), weights: weighing.slice(0, count) };
}

function reachedAmongFew(
  { values, weights }: Gathered,
  targetsOf: (total: number) => readonly number[],
): readonly number[] | undefined {
  const order = sortOrder(values).filter((at) => (weights[at] as number) > 0);
  const total = order.reduce((sum, at) => sum + (weights[at] as number), 0);
  if (order.length === 0) return undefined;
  const targets = targetsOf(total);
  const takers = new Takers({ before: 0, targets: [...targets.keys()] }, targets);
  const answers: number[] = new Array(targets.length);
  order.forEach((at, place) => {
    for (const taken of takers.add(weights[at] as number, place === order.length - 1)) {
      answers[taken] = (values[at] as number) + 0;
    }
  });
  return answers;
}

function countOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

/** Of the values in a bucket, by their next digit. */
interface Histogram {
  readonly counts: Uint32Array;
  readonly weights: Float64Array;
}

/** @param level digits that the buckets know */
function histogramsOf(parts: WeighedParts, level: number, buckets: readonly Bucket[]): readonly Histogram[] {
  const histograms = buckets.map(() => ({ counts: new Uint32Array(DIGITS), weights: new Float64Array(DIGITS) }));
  forEachIn(parts, level, buckets, (bucket, _, weight, high, low) => {
    const { counts, weights } = histograms[bucket] as Histogram;
    const half = level < 2 ? high : low;
    const digit = level % 2 === 0 ? half >>> 16 : half & 0xffff;
    counts[digit] = (counts[digit] as number) + 1;
    weights[digit] = (weights[digit] as number) + weight;
  });
  return histograms;
}

/** The parts of a bucket that hold an answer. The last one that weighs anything takes what rounding left over. */
function split(
  bucket: Bucket,
  { counts, weights }: Histogram,
  level: number,
  targets: readonly number[],
): readonly Bucket[] {
  const found: (Bucket & { readonly targets: number[] })[] = [];
  const takers = new Takers(bucket, targets);
  const lastDigit = weights.findLastIndex((weight) => weight > 0);
  for (let digit = 0; digit <= lastDigit && !takers.done; digit++) {
    const weight = weights[digit] as number;
    if (weight === 0) continue;
    const before = takers.sum;
    const taken = takers.add(weight, digit === lastDigit);
    if (taken.length === 0) continue;
    const bits = level % 2 === 0 ? (digit << 16) >>> 0 : digit;
    const [high, low] = level < 2 ? [(bucket.high | bits) >>> 0, 0] : [bucket.high, (bucket.low | bits) >>> 0];
    found.push({ high, low, before, targets: taken, count: counts[digit] as number });
  }
  return found;
}

/** Adds up weights and tells which targets are reached. */
class Takers {
  readonly #targets: readonly number[];
  readonly #waiting: readonly number[];
  #next = 0;
  sum: number;

  constructor({ before, targets: waiting }: Pick<Bucket, 'before' | 'targets'>, targets: readonly number[]) {
    this.sum = before;
    this.#waiting = waiting;
    this.#targets = targets;
  }

  get done(): boolean {
    return this.#next === this.#waiting.length;
  }

  /** @param isLast nothing comes after it, so that every target is reached */
  add(weight: number, isLast: boolean): number[] {
    this.sum += weight;
    const taken: number[] = [];
    while (!this.done) {
      const position = this.#waiting[this.#next] as number;
      if (!isLast && this.sum < (this.#targets[position] as number)) break;
      taken.push(position);
      this.#next += 1;
    }
    return taken;
  }
}

/** Puts what is in the buckets side by side and in order. Of values that are all the same one will do. */
function answersOf(
  parts: WeighedParts,
  buckets: readonly Bucket[],
  level: number,
  targets: readonly number[],
): readonly number[] {
  const same = level === LEVELS;
  const groups = buckets.map(({ count }) => ({
    values: new Float64Array(same ? 1 : count),
    weights: new Float64Array(same ? 1 : count),
    count: 0,
  }));
  forEachIn(parts, level, buckets, (bucket, value, weight) => {
    const group = groups[bucket] as (typeof groups)[number];
    if (weight === 0 || group.count === group.values.length) return;
    group.values[group.count] = value;
    group.weights[group.count++] = weight;
  });
  const answers: number[] = new Array(targets.length);
  buckets.forEach((bucket, index) => {
    const { values, weights, count } = groups[index] as (typeof groups)[number];
    const takers = new Takers(bucket, targets);
    const order = sortOrder(values.subarray(0, count));
    order.forEach((at, place) => {
      for (const taken of takers.add(weights[at] as number, place === count - 1)) answers[taken] = values[at] as number;
    });
  });
  return answers;
}

/** Calls back for each value in one of the buckets, with its bits, which order as the values do. */
function forEachIn(
  parts: WeighedParts,
  level: number,
  buckets: readonly Bucket[],
  body: (bucket: number, value: number, weight: number, high: number, low: number) => void,
): void {
  const bucketAt = finder(level, buckets);
  const value = new Float64Array(1);
  const bits = new Uint32Array(value.buffer);
  for (const { values, weights } of parts()) {
    for (let index = 0; index < values.length; index++) {
      value[0] = (values[index] as number) + 0;
      const negative = (bits[1] as number) >>> 31 === 1;
      const low = negative ? ~(bits[0] as number) >>> 0 : (bits[0] as number);
      const high = (negative ? ~(bits[1] as number) : (bits[1] as number) | 0x8000_0000) >>> 0;
      const bucket = bucketAt(high, low);
      if (bucket >= 0) body(bucket, value[0], weights === undefined ? 1 : (weights[index] as number), high, low);
    }
  }
}

/** Position of the bucket that bits are in, or -1. Most bits are in none, and their first digit tells. */
function finder(level: number, buckets: readonly Bucket[]): (high: number, low: number) => number {
  if (level === 0) return () => 0;
  const first = new Int16Array(DIGITS).fill(-1);
  for (let index = buckets.length - 1; index >= 0; index--) first[(buckets[index] as Bucket).high >>> 16] = index;
  const [highMask, lowMask] = [level === 1 ? 0xffff_0000 : -1, [0, 0, 0, 0xffff_0000, -1][level] as number];
  return (high, low) => {
    for (let index = first[high >>> 16] as number; index >= 0 && index < buckets.length; index++) {
      const bucket = buckets[index] as Bucket;
      if (((bucket.high ^ high) & highMask) === 0 && ((bucket.low ^ low) & lowMask) === 0) return index;
    }
    return -1;
  };
}
