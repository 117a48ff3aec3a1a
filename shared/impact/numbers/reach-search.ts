import { type Bucket, type BucketAt, DIGITS, finder, Takers } from './reach-buckets.ts';
import { sortOrder } from './sort-order.ts';

/** 16-bit digits of a double. */
const LEVELS = 4;
/** Values that are put side by side and sorted; among more of them the next digit is looked at first. */
const AT_HAND = 1 << 18;

/** What to reach, from the weight of all: ascending, above 0. */
export type TargetsOf = (total: number) => readonly number[];

/** Of the values in a bucket, by their next digit. */
interface Histogram {
  readonly counts: Uint32Array;
  readonly weights: Float64Array | Uint32Array;
  readonly range: { low: number; high: number };
}

/** The values of a bucket, side by side. */
interface Group {
  readonly values: Float64Array<ArrayBuffer>;
  readonly weights: Float64Array;
  count: number;
}

/** One search for the values that reach targets. It is shown all values once for each digit that it must look at. */
export class ReachSearch {
  readonly #targetsOf: TargetsOf;
  #targets: readonly number[] = [];
  /** Digits that the buckets know. */
  #level = 0;
  #buckets: readonly Bucket[] = [{ high: 0, low: 0, count: 0, before: 0, targets: [] }];
  #bucketAt: BucketAt = () => 0;
  #histograms: readonly Histogram[] | undefined;
  #groups: readonly Group[] | undefined;
  #found: (number | undefined)[] = [];
  done = false;

  constructor(targetsOf: TargetsOf) {
    this.#targetsOf = targetsOf;
  }

  /** Undefined where nothing weighs anything. */
  get answers(): readonly number[] | undefined {
    return this.#targets.length === 0 ? undefined : (this.#found as number[]);
  }

  /** The answers where all values are at hand. */
  amongFew(values: Float64Array<ArrayBuffer>, weights: Float64Array | undefined): readonly number[] | undefined {
    const weightOf = (at: number): number => (weights === undefined ? 1 : (weights[at] as number));
    const order = sortOrder(values).filter((at) => weightOf(at) > 0);
    if (order.length === 0) return undefined;
    this.#targets = this.#targetsOf(order.reduce((sum, at) => sum + weightOf(at), 0));
    this.#take({ before: 0, targets: [...this.#targets.keys()] }, order, (at) => values[at] as number, weightOf);
    return this.answers;
  }

  /** @param bits of the values, sortable */
  look(values: Float64Array, bits: Uint32Array, weights: Float64Array | undefined): void {
    if (this.#groups) {
      this.#gather(this.#groups, values, bits, weights);
    } else {
      this.#histograms ??= this.#buckets.map(() => emptyHistogram(weights !== undefined));
      if (this.#level === 0) countFirstDigits(this.#histograms[0] as Histogram, bits, weights);
      else this.#count(this.#histograms, values, bits, weights);
    }
  }

  /** Told that all values were shown: draws the conclusion, and says what to look for when they are shown again. */
  proceed(): void {
    if (this.#groups) this.#conclude(this.#groups);
    else this.#descend(this.#histograms ?? []);
  }

  #descend(histograms: readonly Histogram[]): void {
    this.#histograms = undefined;
    if (this.#level === 0) this.#start(histograms[0]);
    this.#buckets = this.#buckets.flatMap((bucket, index) => this.#split(bucket, histograms[index] as Histogram));
    this.done = this.#buckets.length === 0;
    this.#level += 1;
    this.#bucketAt = finder(this.#level, this.#buckets);
    const known = this.#level === LEVELS;
    if (!known && countOf(this.#buckets) > AT_HAND) return;
    // Of values that are all the same one will do.
    this.#groups = this.#buckets.map(({ count }) => emptyGroup(known ? 1 : count));
  }

  /** With no weight there is nothing to find, and no bucket to look into. */
  #start(whole: Histogram | undefined): void {
    let total = 0;
    for (const weight of whole?.weights ?? []) total += weight;
    this.#targets = total > 0 ? this.#targetsOf(total) : [];
    this.#buckets = total > 0 ? this.#buckets.map((bucket) => ({ ...bucket, targets: [...this.#targets.keys()] })) : [];
  }

  #count(
    histograms: readonly Histogram[],
    values: Float64Array,
    bits: Uint32Array,
    weights: Float64Array | undefined,
  ): void {
    const level = this.#level;
    const [half, shift] = [level < 2 ? 1 : 0, level % 2 === 0 ? 16 : 0];
    for (let index = 0; index < values.length; index++) {
      const at = index * 2;
      const bucket = this.#bucketAt(bits[at + 1] as number, bits[at] as number);
      if (bucket < 0) continue;
      const histogram = histograms[bucket] as Histogram;
      const value = values[index] as number;
      if (value < histogram.range.low) histogram.range.low = value;
      if (value > histogram.range.high) histogram.range.high = value;
      const digit = ((bits[at + half] as number) >>> shift) & 0xffff;
      histogram.counts[digit] = (histogram.counts[digit] as number) + 1;
      if (weights !== undefined) {
        histogram.weights[digit] = (histogram.weights[digit] as number) + (weights[index] as number);
      }
    }
  }

  /** The parts of a bucket that hold an answer. The last one that weighs anything takes what rounding left over. */
  #split(bucket: Bucket, { counts, weights, range }: Histogram): readonly Bucket[] {
    if (range.low === range.high) {
      for (const target of bucket.targets) this.#found[target] = range.low + 0;
      return [];
    }
    const found: (Bucket & { readonly targets: number[] })[] = [];
    const takers = new Takers(bucket, this.#targets);
    const lastDigit = weights.findLastIndex((weight: number) => weight > 0);
    for (let digit = 0; digit <= lastDigit && !takers.done; digit++) {
      const weight = weights[digit] as number;
      if (weight === 0) continue;
      const before = takers.sum;
      const taken = takers.add(weight, digit === lastDigit);
      if (taken.length === 0) continue;
      const bits = this.#level % 2 === 0 ? (digit << 16) >>> 0 : digit;
      const [high, low] = this.#level < 2 ? [(bucket.high | bits) >>> 0, 0] : [bucket.high, (bucket.low | bits) >>> 0];
      found.push({ high, low, before, targets: taken, count: counts[digit] as number });
    }
    return found;
  }

  #gather(groups: readonly Group[], values: Float64Array, bits: Uint32Array, weights: Float64Array | undefined): void {
    for (let index = 0; index < values.length; index++) {
      const bucket = this.#bucketAt(bits[index * 2 + 1] as number, bits[index * 2] as number);
      if (bucket < 0) continue;
      const group = groups[bucket] as Group;
      const weight = weights === undefined ? 1 : (weights[index] as number);
      if (weight === 0 || group.count === group.values.length) continue;
      group.values[group.count] = values[index] as number;
      group.weights[group.count++] = weight;
    }
  }

  #conclude(groups: readonly Group[]): void {
    this.done = true;
    this.#buckets.forEach((bucket, index) => {
      const { values, weights, count } = groups[index] as Group;
      const order = sortOrder(values.subarray(0, count));
      const at = (of: Float64Array) => (position: number) => of[position] as number;
      this.#take(bucket, order, at(values), at(weights));
    });
    this.#groups = undefined;
  }

  /** Takes the answers of a bucket from its values in their order. */
  #take(
    bucket: Pick<Bucket, 'before' | 'targets'>,
    order: Uint32Array,
    valueAt: (position: number) => number,
    weightAt: (position: number) => number,
  ): void {
    const takers = new Takers(bucket, this.#targets);
    order.forEach((at, place) => {
      for (const taken of takers.add(weightAt(at), place === order.length - 1)) this.#found[taken] = valueAt(at) + 0;
    });
  }
}

function emptyHistogram(weighed: boolean): Histogram {
  const counts = new Uint32Array(DIGITS);
  const range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  return { counts, weights: weighed ? new Float64Array(DIGITS) : counts, range };
}

function emptyGroup(room: number): Group {
  return { values: new Float64Array(room), weights: new Float64Array(room), count: 0 };
}

function countOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

function countFirstDigits({ counts, weights: sums }: Histogram, bits: Uint32Array, weights?: Float64Array): void {
  for (let at = 1; at < bits.length; at += 2) {
    const digit = (bits[at] as number) >>> 16;
    counts[digit] = (counts[digit] as number) + 1;
    if (weights !== undefined) sums[digit] = (sums[digit] as number) + (weights[at >>> 1] as number);
  }
}
