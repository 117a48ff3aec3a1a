/** Bits in the order of deflate: the lowest first. Grows as it is written to. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #bits = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** @param count at most 16 */
  bits(value: number, count: number): void {
    this.#bits |= value << this.#count;
    this.#count += count;
    if (this.#count >= 16) this.#spill();
  }

  #spill(): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(this.#length + 8);
    this.#bytes[this.#length++] = this.#bits & 0xff;
    this.#bytes[this.#length++] = (this.#bits >>> 8) & 0xff;
    this.#bits >>>= 16;
    this.#count -= 16;
  }

  /** Zeros up to the next whole byte. */
  align(): void {
    while (this.#count > 0) {
      if (this.#length + 1 > this.#bytes.length) this.#grow(this.#length + 1);
      this.#bytes[this.#length++] = this.#bits & 0xff;
      this.#bits >>>= 8;
      this.#count = Math.max(0, this.#count - 8);
    }
    this.#bits = 0;
  }

  /** Whole bytes, where the writer is aligned. */
  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(this.#length + bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The whole bytes that were written since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
