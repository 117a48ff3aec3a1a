import type { Page, PageStore } from './page-store.ts';

const SHIFT = 16;
/** Values of a page. */
export const PAGE_VALUES = 1 << SHIFT;
const MASK = PAGE_VALUES - 1;
const FIRST_VALUES = 1_024;

type Numbers =
  | Float64Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

interface NumbersType<A extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): A;
  new (buffer: ArrayBufferLike, start: number, length: number): A;
}

/** A number for each row. */
export interface NumberColumn<A extends Numbers = Float64Array<ArrayBuffer>> {
  readonly length: number;
  at(index: number): number;
  /** Fills `into` with the values from there on. */
  read(from: number, into: A): void;
  /** Fills `into` with the values of some rows. @param rows ascending; quickest where they follow each other */
  gather(rows: Uint32Array, into: A): void;
}

/** A column as another thread can be sent it. */
export interface PagedSnapshot<A extends Numbers> {
  readonly length: number;
  readonly pages: readonly Page[];
  readonly tail: A;
  /** The only value, where there is but one and it is kept nowhere else. */
  readonly uniform: number | undefined;
}

/**
 * A column of numbers that grows at its end and is kept in pages. Values are read some at a time, or one by one, and
 * quickly when they follow each other: the page of the last one read is at hand, and no other is.
 */
export class Paged<A extends Numbers> implements NumberColumn<A> {
  readonly #type: NumbersType<A>;
  readonly #store: PageStore;
  readonly #pages: Page[] = [];
  #tail: A;
  #length = 0;
  /** As long as all values are the same one, only it is kept. */
  #uniform = true;
  #value = 0;
  #open: A;
  #openPage = 0;
  #room: Uint8Array<ArrayBuffer> | undefined;

  constructor(type: NumbersType<A>, store: PageStore) {
    this.#type = type;
    this.#store = store;
    this.#tail = new type(0);
    this.#open = this.#tail;
  }

  /** A column that was made in another thread, for reading. @param store where its pages are */
  static restored<A extends Numbers>(type: NumbersType<A>, store: PageStore, snapshot: PagedSnapshot<A>): Paged<A> {
    const column = new Paged(type, store);
    column.#length = snapshot.length;
    column.#pages.push(...snapshot.pages);
    column.#tail = snapshot.tail;
    column.#uniform = snapshot.uniform !== undefined;
    column.#value = snapshot.uniform ?? 0;
    column.#openPage = -1;
    return column;
  }

  get length(): number {
    return this.#length;
  }

  get snapshot(): PagedSnapshot<A> {
    return {
      length: this.#length,
      pages: this.#pages,
      tail: this.#tail,
      uniform: this.#uniform ? this.#value : undefined,
    };
  }

  push(value: number): void {
    if (this.#uniform) {
      if (this.#length === 0) this.#value = value;
      if (Object.is(value, this.#value)) {
        this.#length += 1;
        return;
      }
      this.#writeOut();
    }
    this.#write(value);
  }

  #writeOut(): void {
    const count = this.#length;
    this.#uniform = false;
    this.#length = 0;
    for (let left = count; left > 0; left--) this.#write(this.#value);
  }

  #write(value: number): void {
    const at = this.#length & MASK;
    if (at === this.#tail.length || (at === 0 && this.#length > 0)) this.#makeRoom(at);
    this.#tail[at] = value;
    this.#length += 1;
  }

  /** Adds the same value many times. */
  pushMany(value: number, count: number): void {
    if (this.#uniform && this.#length > 0 && Object.is(value, this.#value)) {
      this.#length += count;
      return;
    }
    for (let left = count; left > 0; left--) this.push(value);
  }

  /** Adds all of these values. */
  pushAll(values: A): void {
    let from = 0;
    if (this.#uniform) {
      if (this.#length === 0 && values.length > 0) this.#value = values[0] as number;
      const value = this.#value;
      while (from < values.length && Object.is(values[from], value)) from += 1;
      this.#length += from;
      if (from < values.length) this.#writeOut();
    }
    while (from < values.length) {
      const at = this.#length & MASK;
      if (at === this.#tail.length || (at === 0 && this.#length > 0)) this.#makeRoom(at);
      const count = Math.min(this.#tail.length - at, values.length - from);
      this.#tail.set(values.subarray(from, from + count), at);
      this.#length += count;
      from += count;
    }
  }

  at(index: number): number {
    if (this.#uniform) return this.#value;
    const page = index >>> SHIFT;
    if (page !== this.#openPage) this.#load(page);
    return this.#open[index & MASK] as number;
  }

  read(from: number, into: A): void {
    if (this.#uniform) {
      into.fill(this.#value);
      return;
    }
    for (let done = 0; done < into.length; ) {
      const page = (from + done) >>> SHIFT;
      if (page !== this.#openPage) this.#load(page);
      const at = (from + done) & MASK;
      const count = Math.min(into.length - done, PAGE_VALUES - at);
      into.set(this.#open.subarray(at, at + count), done);
      done += count;
    }
  }

  gather(rows: Uint32Array, into: A): void {
    const [first = 0] = rows;
    if (rows.at(-1) === first + rows.length - 1) {
      this.read(first, into.length === rows.length ? into : (into.subarray(0, rows.length) as A));
      return;
    }
    for (let index = 0; index < rows.length; index++) into[index] = this.at(rows[index] as number);
  }

  #makeRoom(at: number): void {
    const last = this.#length >>> SHIFT;
    if (at === 0 && this.#length > 0) {
      const { buffer, byteOffset, byteLength } = this.#tail;
      this.#pages.push(this.#store.keep(new Uint8Array(buffer, byteOffset, byteLength)));
      this.#tail = new this.#type(PAGE_VALUES);
    } else {
      const grown = new this.#type(Math.min(PAGE_VALUES, Math.max(FIRST_VALUES, at * 2)));
      grown.set(this.#tail);
      this.#tail = grown;
    }
    this.#open = this.#tail;
    this.#openPage = last;
  }

  #load(page: number): void {
    this.#openPage = page;
    const kept = this.#pages[page];
    if (kept === undefined) {
      this.#open = this.#tail;
      return;
    }
    const bytes = this.#store.load(kept, () => this.#roomForPage());
    this.#open = new this.#type(bytes.buffer, bytes.byteOffset, PAGE_VALUES);
  }

  #roomForPage(): Uint8Array<ArrayBuffer> {
    this.#room ??= new Uint8Array(PAGE_VALUES * this.#type.BYTES_PER_ELEMENT);
    return this.#room;
  }
}
