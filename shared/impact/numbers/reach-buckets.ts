/** Values that a 16-bit digit can have. */
export const DIGITS = 65_536;

/** Values that begin with the same digits, and with an answer among them. */
export interface Bucket {
  /** The digits, as the upper and the lower half of a sortable double; what is not known yet is 0. */
  readonly high: number;
  readonly low: number;
  readonly count: number;
  /** Weight of all smaller values. */
  readonly before: number;
  /** Positions of the targets that are reached here. */
  readonly targets: readonly number[];
}

/** Adds up weights and tells which targets are reached. */
export class Takers {
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

/** Position of the bucket that bits are in, or -1. */
export type BucketAt = (high: number, low: number) => number;

/** Most bits are in no bucket, and their first digit tells. */
export function finder(level: number, buckets: readonly Bucket[]): BucketAt {
  const first = new Int16Array(DIGITS).fill(-1);
  for (let index = buckets.length - 1; index >= 0; index--) first[(buckets[index] as Bucket).high >>> 16] = index;
  if (level === 1) return (high) => first[high >>> 16] as number;
  const [highMask, lowMask] = [-1, [0, 0, 0, 0xffff_0000, -1][level] as number];
  return (high, low) => {
    for (let index = first[high >>> 16] as number; index >= 0 && index < buckets.length; index++) {
      const bucket = buckets[index] as Bucket;
      if (((bucket.high ^ high) & highMask) === 0 && ((bucket.low ^ low) & lowMask) === 0) return index;
    }
    return -1;
  };
}
