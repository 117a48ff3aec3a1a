/** Bits of doubles, two numbers each: the lower half, then the upper one. */
export class SortableBits {
  #bits = new Uint32Array(0);

  /**
   * The bits of each double, changed so that they order like the doubles when read as unsigned integers; -0 is 0.
   * Overwritten by the next call.
   */
  of(values: Float64Array): Uint32Array {
    const length = values.length * 2;
    if (this.#bits.length < length) this.#bits = new Uint32Array(length);
    const source = new Uint32Array(values.buffer, values.byteOffset, length);
    const bits = this.#bits;
    for (let at = 0; at < length; at += 2) {
      const low = source[at] as number;
      const high = source[at + 1] as number;
      const positive = high < SIGN || (high === SIGN && low === 0);
      bits[at] = positive ? low : ~low;
      bits[at + 1] = positive ? high | SIGN : ~high;
    }
    return length === bits.length ? bits : bits.subarray(0, length);
  }
}

const SIGN = 0x8000_0000;
