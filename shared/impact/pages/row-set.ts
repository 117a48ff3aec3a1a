/** A set as another thread can be sent it. */
export interface RowSetSnapshot {
  readonly bits: Uint32Array<ArrayBuffer>;
  readonly size: number;
}

/** Some of the rows of a book, one bit each. */
export class RowSet {
  #bits = new Uint32Array(64);
  #size = 0;

  static restored({ bits, size }: RowSetSnapshot): RowSet {
    const set = new RowSet();
    set.#bits = bits;
    set.#size = size;
    return set;
  }

  get snapshot(): RowSetSnapshot {
    return { bits: this.#bits, size: this.#size };
  }

  /** Rows in it. */
  get size(): number {
    return this.#size;
  }

  add(row: number): void {
    const word = row >>> 5;
    if (word >= this.#bits.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const before = this.#bits[word] as number;
    const after = (before | (1 << (row & 31))) >>> 0;
    if (after === before) return;
    this.#bits[word] = after;
    this.#size += 1;
  }

  has(row: number): boolean {
    return (((this.#bits[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }
}
