import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptPages, MemoryPages, type PageFile, SpilledPages } from './page-store.ts';
import { PAGE_VALUES, Paged } from './paged.ts';
import { RowSet } from './row-set.ts';

/** A file in memory that knows how much is in it. */
class FakeFile implements PageFile {
  #bytes = new Uint8Array();

  get size(): number {
    return this.#bytes.length;
  }

  append(bytes: Uint8Array): number {
    const at = this.#bytes.length;
    const grown = new Uint8Array(at + bytes.length);
    grown.set(this.#bytes);
    grown.set(bytes, at);
    this.#bytes = grown;
    return at;
  }

  read(at: number, into: Uint8Array): void {
    into.set(this.#bytes.subarray(at, at + into.length));
  }
}

const LENGTH = 3 * PAGE_VALUES + 17;
const value = (index: number): number => (index * 7) % 65_521;

describe.each([
  ['memory', () => new MemoryPages()],
  ['a file', () => new SpilledPages(new FakeFile(), 0)],
  ['memory and a file', () => new SpilledPages(new FakeFile(), PAGE_VALUES * 8)],
])('columns in pages in %s', (_, store) => {
  it.each([Float64Array, Uint32Array, Uint16Array])('give back what was pushed, in any order: %o', (type) => {
    const column = new Paged<Float64Array<ArrayBuffer>>(type as typeof Float64Array, store());
    for (let index = 0; index < LENGTH; index++) column.push(value(index));
    expect(column.length).toBe(LENGTH);
    for (let index = 0; index < LENGTH; index += 97) expect(column.at(index)).toBe(value(index));
    fc.assert(fc.property(fc.nat(LENGTH - 1), (index) => column.at(index) === value(index)));
    column.push(5);
    expect([column.at(LENGTH), column.at(0), column.at(PAGE_VALUES), column.at(LENGTH)]).toEqual([
      5,
      value(0),
      value(PAGE_VALUES),
      5,
    ]);
  });

  it('give back what was pushed one by one, together, or many times', () => {
    const part = fc.oneof(
      fc.array(fc.nat(9)).map((values) => ({ values, isSame: false })),
      fc.tuple(fc.nat(3), fc.nat(2 * PAGE_VALUES)).map(([same, count]) => ({
        values: new Array<number>(count).fill(same),
        isSame: true,
      })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.boolean(), (parts, together) => {
        const column = new Paged(Uint16Array, store());
        const expected: number[] = [];
        for (const { values, isSame } of parts) {
          if (isSame && together) column.pushMany(values[0] ?? 0, values.length);
          else if (together) column.pushAll(Uint16Array.from(values));
          else if (isSame) column.pushAll(Uint16Array.from(values));
          else for (const each of values) column.push(each);
          for (const each of values) expected.push(each);
        }
        expect(column.length).toBe(expected.length);
        for (let at = 0; at < expected.length; at += at % PAGE_VALUES < 20 ? 1 : 997) {
          if (column.at(at) !== expected[at]) expect(`${at}: ${column.at(at)}`).toBe(`${at}: ${expected[at]}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give back several at a time, those that follow each other and others', () => {
    const column = new Paged(Uint16Array, store());
    for (let index = 0; index < LENGTH; index++) column.push(value(index));
    const range = fc.tuple(fc.nat(LENGTH - 1), fc.nat(PAGE_VALUES + 9)).map(([from, length]) => {
      return { from, length: Math.min(length, LENGTH - from) };
    });
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 3 }), ({ from, length }, step) => {
        const rows = Uint32Array.from({ length: Math.ceil(length / step) }, (_, index) => from + index * step);
        const [read, gathered] = [new Uint16Array(length), new Uint16Array(rows.length + 1)];
        column.read(from, read);
        column.gather(rows, gathered);
        const isRight = (at: Uint16Array, index: number, row: number): boolean => at[index] === value(row);
        expect(read.findIndex((_, index) => !isRight(read, index, from + index))).toBe(-1);
        expect(rows.findIndex((row, index) => !isRight(gathered, index, row))).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  it('do not mix when they share the store', () => {
    const shared = store();
    const columns = [1, 2, 3].map((factor) => ({ factor, column: new Paged(Float64Array, shared) }));
    for (let index = 0; index < PAGE_VALUES + 3; index++) {
      for (const { factor, column } of columns) column.push(index * factor);
    }
    for (const index of [0, PAGE_VALUES - 1, PAGE_VALUES, PAGE_VALUES + 2, 1]) {
      for (const { factor, column } of columns) expect(column.at(index)).toBe(index * factor);
    }
  });
});

describe('spilled pages', () => {
  it('go into the file only where the memory for them is used up', () => {
    const file = new FakeFile();
    const column = new Paged(Uint16Array, new SpilledPages(file, PAGE_VALUES * 2 * 2));
    column.push(1);
    column.pushMany(9, 2 * PAGE_VALUES);
    expect(file.size).toBe(0);
    column.pushMany(9, 2 * PAGE_VALUES);
    expect(file.size).toBe(2 * PAGE_VALUES * 2);
  });
});

describe('a column that another thread was sent', () => {
  it.each([0, PAGE_VALUES * 8])('has the same values where %d bytes of it are in memory', (bytes) => {
    const file = new FakeFile();
    const column = new Paged(Float64Array, new SpilledPages(file, bytes));
    for (let index = 0; index < LENGTH; index++) column.push(value(index) / 8);
    const sent = structuredClone(column.snapshot);
    const restored = Paged.restored(Float64Array, new KeptPages(file), sent);
    for (let index = 0; index < LENGTH; index += 97) expect(restored.at(index)).toBe(value(index) / 8);
    expect(restored.length).toBe(LENGTH);
    expect(() => new KeptPages(file).keep()).toThrow(/nothing is added/);
  });

  it('has its one value', () => {
    const column = new Paged(Float64Array, new MemoryPages());
    column.pushMany(Number.NaN, 3 * PAGE_VALUES);
    const restored = Paged.restored(Float64Array, new MemoryPages(), structuredClone(column.snapshot));
    const read = new Float64Array(4);
    restored.read(PAGE_VALUES - 2, read);
    expect([restored.at(5), ...read]).toEqual([Number.NaN, ...new Array<number>(4).fill(Number.NaN)]);
  });
});

describe('a column that holds one value only', () => {
  it('is not kept value by value, until another one comes', () => {
    const file = new FakeFile();
    const column = new Paged(Float64Array, new SpilledPages(file, 0));
    column.pushMany(Number.NaN, 2 * PAGE_VALUES + 5);
    expect([file.size, column.length, column.at(7)]).toEqual([0, 2 * PAGE_VALUES + 5, Number.NaN]);
    column.push(3);
    const ends = [column.at(0), column.at(2 * PAGE_VALUES + 4), column.at(2 * PAGE_VALUES + 5)];
    expect([file.size, ...ends]).toEqual([2 * PAGE_VALUES * 8, Number.NaN, Number.NaN, 3]);
  });
});

describe('a set of rows', () => {
  it('holds the rows that were added, and counts each once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), (rows) => {
        const set = new RowSet();
        for (const row of rows) set.add(row);
        const expected = new Set(rows);
        expect(set.size).toBe(expected.size);
        for (let row = 0; row <= 10_050; row++) if (set.has(row) !== expected.has(row)) expect(row).toBe('as added');
      }),
      { numRuns: 30 },
    );
  });
});
