import type { JsonObject } from '../../release/json.ts';
import { ownValue } from '../../release/own-value.ts';
import type { QuoteRows, RowPart } from '../../release/quote-rows.ts';
import type { PageStore } from '../pages/page-store.ts';
import type { InputColumn } from './input-column.ts';
import { SegmentColumn } from './segment-column.ts';

/** Columns that are looked at: more than a person would read, and few enough to be searched. */
const MOST_SEGMENTS = 64;

/** The columns of the portfolio, for segments. */
export class PortfolioColumns {
  readonly #key: string | undefined;
  readonly #store: PageStore;
  /** In the order in which they were first seen. */
  readonly #columns = new Map<string, SegmentColumn>();
  /** Names of all columns, in the same order: that of nearly every row. */
  readonly #names: string[] = [];
  readonly #met = new Set<string>();
  #leftOut = 0;
  #rows = 0;

  /** @param key column that names a row, which is no segment */
  constructor(key: string | undefined, store: PageStore) {
    this.#key = key;
    this.#store = store;
  }

  finish(): readonly InputColumn[] {
    return Array.from(this.#columns.values(), (column) => column.finish());
  }

  /** Columns beyond the number that is looked at. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(rows: QuoteRows): void {
    if (rows.parts === undefined) for (const row of rows) this.#addRow(row);
    else for (const part of rows.parts) this.#addPart(part);
  }

  #addRow(row: JsonObject): void {
    let at = 0;
    for (const name in row) if (name !== this.#names[at++]) this.#meet(name);
    for (const column of this.#columns.values()) column.push(ownValue(row, column.name));
    this.#rows += 1;
  }

  #addPart({ length, columns }: RowPart): void {
    for (const { name } of columns) this.#meet(name);
    const byName = new Map(columns.map((column) => [column.name, column]));
    for (const column of this.#columns.values()) {
      const { values, places } = byName.get(column.name) ?? { values: [], places: new Uint32Array(length) };
      if (places === undefined) column.pushAll(values);
      else column.pushCoded(values, places);
    }
    this.#rows += length;
  }

  #meet(name: string): void {
    if (this.#met.has(name)) return;
    this.#met.add(name);
    this.#names.push(name);
    if (name === this.#key) return;
    if (this.#columns.size >= MOST_SEGMENTS) this.#leftOut += 1;
    else this.#columns.set(name, new SegmentColumn(name, this.#rows, this.#store));
  }
}
