/** Slots of a new list, a power of two. */
const FIRST_SLOTS = 64;
const FIRST_BYTES = 512;
/** The list has no such value. */
export const NOT_THERE = -1;

/** Different values, as bytes, by number in the order in which they first came. */
export class ValueList {
  #length = 0;
  /** One more than the number of the value; 0 for none. Half of them are empty at least. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS / 2);
  /** Where the bytes of each value start, and those of the last one end. */
  #bounds = new Uint32Array(FIRST_SLOTS / 2 + 1);
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);

  get length(): number {
    return this.#length;
  }

  /** Bytes of all values. */
  get size(): number {
    return this.#bounds[this.#length] as number;
  }

  /** The number of a value; NOT_THERE where it is new. */
  find(from: Uint8Array, start: number, end: number): number {
    const [slots, hashes, bounds, bytes] = [this.#slots, this.#hashes, this.#bounds, this.#bytes];
    const hash = hashOf(from, start, end);
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const value = (slots[slot] as number) - 1;
      if (value < 0) return NOT_THERE;
      if (hashes[value] !== hash) continue;
      let at = bounds[value] as number;
      if ((bounds[value + 1] as number) - at !== end - start) continue;
      let source = start;
      while (source < end && from[source] === bytes[at]) {
        source += 1;
        at += 1;
      }
      if (source === end) return value;
    }
  }

  /** Adds a value that is not there. @returns its number */
  add(from: Uint8Array, start: number, end: number): number {
    if (this.#length === this.#hashes.length) this.#grow();
    const value = this.#length++;
    const at = this.#bounds[value] as number;
    const after = at + end - start;
    if (after > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(2 * after);
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    this.#bytes.set(from.subarray(start, end), at);
    this.#bounds[value + 1] = after;
    this.#hashes[value] = hashOf(from, start, end);
    this.#place(value);
    return value;
  }

  /** What `make` makes of each value. */
  map<T>(make: (bytes: Buffer, start: number, end: number) => T): T[] {
    const [bytes, bounds] = [this.#bytes, this.#bounds];
    return Array.from({ length: this.#length }, (_, value) =>
      make(bytes, bounds[value] as number, bounds[value + 1] as number),
    );
  }

  #place(value: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[value] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = value + 1;
  }

  #grow(): void {
    const [hashes, bounds] = [this.#hashes, this.#bounds];
    this.#slots = new Uint32Array(2 * this.#slots.length);
    this.#hashes = new Int32Array(2 * hashes.length);
    this.#hashes.set(hashes);
    this.#bounds = new Uint32Array(2 * hashes.length + 1);
    this.#bounds.set(bounds);
    for (let value = 0; value < this.#length; value++) this.#place(value);
  }
}

/** Fowler, Noll and Vo's, with its upper bits mixed into the lower ones that choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5 | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
  return hash ^ (hash >>> 15);
}
