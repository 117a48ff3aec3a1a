import type { Page, PageStore } from '../pages/page-store.ts';
import { Paged } from '../pages/paged.ts';
import { RowSet } from '../pages/row-set.ts';

/** Keys that are kept as one page: where each of them ends, then all of them as UTF-8. */
const PAGE_KEYS = 4_096;
const FIRST_BYTES = 1 << 16;
/** Rows whose keys are looked at together for repeated ones, and slots for each that their hashes fall into. */
const TOGETHER = 1 << 21;
const SLOTS_EACH = 16;
const BLOCK_ROWS = 16_384;

interface KeyPage {
  readonly page: Page;
  readonly bytes: number;
}

/** Hashes with their rows. The arrays are equally long. */
interface HashedRows {
  readonly hashes: Float64Array;
  readonly rows: Uint32Array;
}

/** The keys of all rows, as UTF-8 in pages: a string object for each would take several times the memory. */
export class KeyColumn {
  readonly #store: PageStore;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #pages: KeyPage[] = [];
  readonly #hashes: Paged<Float64Array<ArrayBuffer>>;
  /** Of the page that is being filled. */
  #ends = new Uint32Array(PAGE_KEYS);
  #text = new Uint8Array(FIRST_BYTES);
  #used = 0;
  #openPage = -1;
  #open = new Uint8Array();

  constructor(store: PageStore) {
    this.#store = store;
    this.#hashes = new Paged(Float64Array, store);
  }

  get length(): number {
    return this.#hashes.length;
  }

  /** @param key undefined for a row without one */
  push(key: string | undefined): void {
    const start = this.#used;
    if (key !== undefined) this.#write(key);
    const at = this.length % PAGE_KEYS;
    this.#ends[at] = this.#used;
    this.#hashes.push(key === undefined ? NO_KEY : hash(this.#text, start, this.#used));
    if (at === PAGE_KEYS - 1) this.#keepPage();
  }

  /** Undefined for a row without a key. */
  at(index: number): string | undefined {
    const page = Math.floor(index / PAGE_KEYS);
    const place = index % PAGE_KEYS;
    const kept = this.#pages[page];
    if (kept === undefined) return this.#between(this.#ends, this.#text, place);
    if (page !== this.#openPage) {
      this.#open = this.#store.load(kept.page, () => new Uint8Array(kept.bytes)) as Uint8Array<ArrayBuffer>;
      this.#openPage = page;
    }
    const ends = new Uint32Array(this.#open.buffer, this.#open.byteOffset, PAGE_KEYS);
    return this.#between(ends, this.#open.subarray(PAGE_KEYS * 4), place);
  }

  /** The rows whose key some other row has too. Looked for among those whose hashes are near each other. */
  repeated(): RowSet {
    const repeated = new RowSet();
    const groups = Math.ceil(this.length / TOGETHER);
    for (let group = 0; group < groups; group++) {
      const [from, to] = [(group / groups) * HASHES, ((group + 1) / groups) * HASHES];
      this.#addRepeated(this.#suspects(from, to), repeated);
    }
    return repeated;
  }

  #addRepeated({ hashes, rows }: HashedRows, repeated: RowSet): void {
    const twice = repeatedValues(hashes);
    if (twice.size === 0) return;
    const firstOf = new Map<string, number>();
    hashes.forEach((value, index) => {
      if (!twice.has(value)) return;
      const row = rows[index] as number;
      const key = this.at(row) as string;
      const first = firstOf.get(key);
      if (first === undefined) {
        firstOf.set(key, row);
      } else {
        repeated.add(first);
        repeated.add(row);
      }
    });
  }

  /**
   * Rows that share a slot with another one: all whose hashes are equal, and a few percent of the others. Sorting all
   * hashes instead takes several times as long.
   */
  #suspects(from: number, to: number): HashedRows {
    const slots = Math.min(this.length, TOGETHER) * SLOTS_EACH;
    const [seen, shared] = [new Uint32Array((slots >>> 5) + 1), new Uint32Array((slots >>> 5) + 1)];
    const scale = slots / (to - from);
    this.#eachBetween(from, to, (value) => {
      const slot = ((value - from) * scale) | 0;
      const bit = 1 << (slot & 31);
      if (((seen[slot >>> 5] as number) & bit) === 0) (seen[slot >>> 5] as number) |= bit;
      else (shared[slot >>> 5] as number) |= bit;
    });
    const isShared = (value: number): boolean => {
      const slot = ((value - from) * scale) | 0;
      return ((shared[slot >>> 5] as number) & (1 << (slot & 31))) !== 0;
    };
    let count = 0;
    this.#eachBetween(from, to, (value) => {
      if (isShared(value)) count += 1;
    });
    const [hashes, rows] = [new Float64Array(count), new Uint32Array(count)];
    let at = 0;
    this.#eachBetween(from, to, (value, row) => {
      if (!isShared(value)) return;
      hashes[at] = value;
      rows[at++] = row;
    });
    return { hashes, rows };
  }

  #eachBetween(from: number, to: number, see: (hash: number, row: number) => void): void {
    const block = new Float64Array(BLOCK_ROWS);
    for (let first = 0; first < this.length; first += BLOCK_ROWS) {
      const some = block.subarray(0, Math.min(BLOCK_ROWS, this.length - first));
      this.#hashes.read(first, some);
      for (let index = 0; index < some.length; index++) {
        const value = some[index] as number;
        if (value >= from && value < to) see(value, first + index);
      }
    }
  }

  #write(key: string): void {
    const most = this.#used + key.length * 3;
    if (most > this.#text.length) {
      const grown = new Uint8Array(Math.max(most, this.#text.length * 2));
      grown.set(this.#text);
      this.#text = grown;
    }
    const text = this.#text;
    let at = this.#used;
    for (let index = 0; index < key.length; index++) {
      const letter = key.charCodeAt(index);
      if (letter >= 0x80) {
        this.#used += this.#encoder.encodeInto(key, text.subarray(this.#used)).written;
        return;
      }
      text[at++] = letter;
    }
    this.#used = at;
  }

  #keepPage(): void {
    const bytes = new Uint8Array(PAGE_KEYS * 4 + this.#used);
    bytes.set(new Uint8Array(this.#ends.buffer));
    bytes.set(this.#text.subarray(0, this.#used), PAGE_KEYS * 4);
    this.#pages.push({ page: this.#store.keep(bytes), bytes: bytes.length });
    this.#ends = new Uint32Array(PAGE_KEYS);
    this.#used = 0;
  }

  #between(ends: Uint32Array, text: Uint8Array, place: number): string | undefined {
    const start = place === 0 ? 0 : (ends[place - 1] as number);
    const end = ends[place] as number;
    return start === end ? undefined : this.#decoder.decode(text.subarray(start, end));
  }
}

/** Values that are there more than once. */
function repeatedValues(values: Float64Array): ReadonlySet<number> {
  const sorted = values.slice().sort();
  const twice = new Set<number>();
  for (let at = 1; at < sorted.length; at++) if (sorted[at] === sorted[at - 1]) twice.add(sorted[at] as number);
  return twice;
}

const NO_KEY = -1;
/** Hashes are below it. */
const HASHES = 2 ** 52;

/** 52 bits of two FNV-1a hashes. Equal keys have equal hashes; the few equal hashes are looked at as text. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let a = 0x811c_9dc5;
  let b = 0x1234_5678;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    a = Math.imul(a ^ byte, 0x0100_0193);
    b = Math.imul(b ^ byte, 0x0100_0193) ^ (b >>> 15);
  }
  return (a >>> 0) * 2 ** 20 + (b & 0xf_ffff);
}
