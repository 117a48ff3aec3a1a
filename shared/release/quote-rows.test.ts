import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './json.ts';
import { ColumnRows, columnValues, filterRows, joinRows, type QuoteRows, rowsOfColumns } from './quote-rows.ts';

/** Rows that all have the same columns. */
const table = fc
  .uniqueArray(fc.constantFrom('a', 'b b', '10', '2', 'é', 'toString', '"'), { minLength: 1, maxLength: 5 })
  .chain((names) =>
    fc
      .array(fc.tuple(...names.map(() => fc.oneof(fc.jsonValue(), fc.constantFrom(0, 'x', null)))), { maxLength: 30 })
      .map((cells) => ({ names, cells: cells as Json[][] })),
  );

/** The same rows as objects and as columns, every other column with a list of values. */
function both({ names, cells }: { names: string[]; cells: Json[][] }): { array: JsonObject[]; columns: QuoteRows } {
  const columns = names.map((name, at) => {
    const own = cells.map((row) => row[at] as Json);
    if (at % 2 === 0) return { name, values: own, places: undefined };
    return { name, values: [...own].reverse(), places: Uint32Array.from(own, (_, row) => own.length - 1 - row) };
  });
  const array = cells.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] as Json])));
  return { array, columns: rowsOfColumns(cells.length, columns) };
}

describe('rows in columns', () => {
  it('are the same as rows in an array, whole, in parts and put together again', () => {
    fc.assert(
      fc.property(table, fc.nat(30), fc.nat(30), (of, from, to) => {
        const { array, columns } = both(of);
        expect([...columns]).toEqual(array);
        expect(columns.map((row) => JSON.stringify(row))).toEqual(array.map((row) => JSON.stringify(row)));
        expect([columns.length, columns.at(0), columns.at(-1), columns.at(from)]).toEqual([
          array.length,
          array.at(0),
          array.at(-1),
          array.at(from),
        ]);
        expect([...columns.slice(from, to)]).toEqual(array.slice(from, to));
        const joined = joinRows([columns.slice(0, from), columns.slice(from)]);
        expect([...joined]).toEqual(array);
        expect([...joined.slice(from, to)]).toEqual(array.slice(from, to));
        const even = (index: number): boolean => index % 2 === 0;
        expect([...filterRows(joined, even)]).toEqual([...filterRows(array, even)]);
        for (const name of [...of.names, 'none']) expect(columnValues(joined, name)).toEqual(columnValues(array, name));
      }),
    );
  });

  it('are the same object whenever one is asked for', () => {
    const rows = new ColumnRows([{ length: 2, columns: [{ name: 'a', values: [1, 2], places: undefined }] }]);
    expect(rows.at(1)).toBe(rows.at(1));
  });

  it('can be put together with rows in an array', () => {
    const { columns } = both({ names: ['a'], cells: [[1], [2]] });
    expect([...joinRows([columns, [{ b: 3 }]])]).toEqual([{ a: 1 }, { a: 2 }, { b: 3 }]);
  });

  it('are made into objects at once where a name is there twice', () => {
    const columns = ['a', 'a'].map((name, value) => ({ name, values: [value], places: undefined }));
    expect(Array.isArray(rowsOfColumns(1, columns))).toBe(true);
  });

  it('have columns named like what every object has', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const columns = names.map((name, value) => ({ name, values: [value], places: undefined }));
    const rows = rowsOfColumns(1, columns);
    expect(rows.parts).toHaveLength(1);
    expect([...rows].map((row) => Object.entries(row))).toEqual([names.map((name, value) => [name, value])]);
    const without = rowsOfColumns(1, [{ name: 'a', values: [1], places: undefined }]);
    for (const some of [without, [...without]]) {
      expect(names.map((name) => columnValues(some, name))).toEqual(names.map(() => [undefined]));
    }
  });
});
