import type { Json, JsonObject } from './json.ts';
import { ownValue, setOwnValue } from './own-value.ts';

/** Rows of quotes in their order: an array of them, or columns that make a row only when it is asked for. */
export interface QuoteRows extends Iterable<JsonObject> {
  readonly length: number;
  /** As `Array.at`. */
  at(index: number): JsonObject | undefined;
  /** As `Array.slice`, for positions from 0. */
  slice(from?: number, to?: number): QuoteRows;
  map<T>(make: (row: JsonObject, index: number) => T): T[];
  /** The same rows as columns, where they are at hand: parts that follow each other. */
  readonly parts?: readonly RowPart[];
}

/** Some rows as columns, in the order in which JSON has them. */
export interface RowPart {
  readonly length: number;
  readonly columns: readonly QuoteColumn[];
}

/** The values of a column, each row's in the list of values at the row's place; without places the rows' own values. */
export interface QuoteColumn {
  readonly name: string;
  readonly values: readonly Json[];
  readonly places: Uint32Array | undefined;
}

/** Rows in columns. */
export class ColumnRows implements QuoteRows {
  readonly parts: readonly RowPart[];
  readonly length: number;
  readonly #made = new Map<number, JsonObject>();

  constructor(parts: readonly RowPart[]) {
    this.parts = parts;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }

  /** The same object whenever the same row is asked for. */
  at(index: number): JsonObject | undefined {
    const position = Math.trunc(index < 0 ? index + this.length : index);
    const known = this.#made.get(position);
    if (known !== undefined) return known;
    const row = this.#make(position);
    if (row !== undefined) this.#made.set(position, row);
    return row;
  }

  slice(from = 0, to: number = this.length): QuoteRows {
    const parts: RowPart[] = [];
    let first = 0;
    for (const part of this.parts) {
      const [start, end] = [Math.max(from - first, 0), Math.min(to - first, part.length)];
      if (start < end) parts.push(start === 0 && end === part.length ? part : slicePart(part, start, end));
      first += part.length;
    }
    return new ColumnRows(parts);
  }

  map<T>(make: (row: JsonObject, index: number) => T): T[] {
    let index = 0;
    return Array.from(this, (row) => make(row, index++));
  }

  *[Symbol.iterator](): Iterator<JsonObject> {
    for (const part of this.parts) for (let row = 0; row < part.length; row++) yield rowOf(part, row);
  }

  #make(position: number): JsonObject | undefined {
    let first = 0;
    for (const part of this.parts) {
      if (position >= first && position < first + part.length) return rowOf(part, position - first);
      first += part.length;
    }
    return undefined;
  }
}

/** Rows as columns where they may be: not with a name twice, which an object cannot have. */
export function rowsOfColumns(length: number, columns: readonly QuoteColumn[]): QuoteRows {
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) {
    return Array.from({ length }, (_, row) => rowOf({ length, columns }, row));
  }
  // An object has names that are whole numbers before all others.
  const order = Object.keys(Object.fromEntries(columns.map(({ name }) => [name, null])));
  const sorted = [...columns].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return new ColumnRows([{ length, columns: sorted }]);
}

/** Rows one after the other. */
export function joinRows(rows: readonly QuoteRows[]): QuoteRows {
  const [first] = rows;
  if (first !== undefined && rows.length === 1) return first;
  const parts = rows.flatMap((some) => some.parts ?? []);
  const joined = new ColumnRows(parts);
  const all = rows.reduce((sum, { length }) => sum + length, 0);
  return joined.length === all ? joined : rows.flatMap((some) => [...some]);
}

/** The rows that a test lets through. */
export function filterRows(rows: QuoteRows, test: (index: number) => boolean): QuoteRows {
  if (rows.parts === undefined) return [...rows].filter((_, index) => test(index));
  let first = 0;
  return new ColumnRows(
    rows.parts.map(({ length, columns }) => {
      const kept: number[] = [];
      for (let row = 0; row < length; row++) if (test(first + row)) kept.push(row);
      first += length;
      return { length: kept.length, columns: columns.map((column) => pick(column, kept)) };
    }),
  );
}

/** One column of the rows; undefined in rows that do not have it. */
export function columnValues(rows: QuoteRows, name: string): readonly (Json | undefined)[] {
  if (rows.parts === undefined) return rows.map((row) => ownValue(row, name));
  const [first, ...more] = rows.parts.map((part) => partValues(part, name));
  return first === undefined || more.length === 0 ? (first ?? []) : first.concat(...more);
}

function partValues({ length, columns }: RowPart, name: string): readonly (Json | undefined)[] {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) return new Array<undefined>(length).fill(undefined);
  return column.places === undefined ? column.values : Array.from(column.places, (place) => column.values[place]);
}

function rowOf({ columns }: RowPart, index: number): JsonObject {
  const row: Record<string, Json> = {};
  for (const { name, values, places } of columns) {
    setOwnValue(row, name, values[places === undefined ? index : (places[index] as number)] as Json);
  }
  return row;
}

function slicePart({ columns }: RowPart, from: number, to: number): RowPart {
  return {
    length: to - from,
    columns: columns.map(({ name, values, places }) =>
      places === undefined
        ? { name, values: values.slice(from, to), places }
        : { name, values, places: places.subarray(from, to) },
    ),
  };
}

function pick({ name, values, places }: QuoteColumn, kept: readonly number[]): QuoteColumn {
  return {
    name,
    values,
    places: Uint32Array.from(kept, (row) => (places === undefined ? row : (places[row] as number))),
  };
}
