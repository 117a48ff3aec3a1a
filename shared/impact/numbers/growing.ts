interface Numbers {
  readonly length: number;
  [index: number]: number;
  set(values: ArrayLike<number>): void;
}

/** A typed array that grows at its end. */
export class Growing<A extends Numbers> {
  readonly #make: (length: number) => A;
  #values: A;
  #length = 0;

  /** @param capacity values that are expected; more may come */
  constructor(make: (length: number) => A, capacity = 0) {
    this.#make = make;
    this.#values = make(Math.max(capacity, 1024));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#make(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  at(index: number): number {
    return this.#values[index] as number;
  }

  /** The array behind it; only the first `length` values count. */
  get values(): A {
    return this.#values;
  }
}

export function growingFloats(capacity = 0): Growing<Float64Array> {
  return new Growing((length) => new Float64Array(length), capacity);
}

export function growingBytes(capacity = 0): Growing<Uint8Array> {
  return new Growing((length) => new Uint8Array(length), capacity);
}

export function growingShorts(capacity = 0): Growing<Uint16Array> {
  return new Growing((length) => new Uint16Array(length), capacity);
}

export function growingInts(capacity = 0): Growing<Uint32Array> {
  return new Growing((length) => new Uint32Array(length), capacity);
}
