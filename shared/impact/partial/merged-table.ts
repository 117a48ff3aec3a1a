import type { AnswerColumn } from '../../release/answers.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import { ownValue } from '../../release/own-value.ts';
import { type QuoteRows, rowsOfColumns } from '../../release/quote-rows.ts';
import { ColumnMerger, type MergedColumn, valueIn } from './column-merger.ts';
import { broken } from './merge-errors.ts';
import { type ChunkTable, parseJson } from './partial-chunk.ts';

/** The names of an object, in their order. */
interface Shape {
  readonly names: readonly string[];
  readonly has: ReadonlySet<string>;
}

/** The next rows of one shard in one table. */
export interface TableSource {
  readonly table: ChunkTable;
  readonly from: number;
}

/** Answers that were paired by key have one: where it is not written, it is the one that the row itself has. */
export interface OwnKey {
  readonly name: string;
  readonly rows: MergedTable;
}

const NONE = -1;

/** What is known of a table from one block of rows to the next. */
export class TableMerger {
  readonly #columns = new Map<string, ColumnMerger>();
  readonly #keys = new ColumnMerger();
  readonly #whole = new ColumnMerger();
  readonly #shapes: Shape[] = [];
  readonly #shapeCodes = new Map<string, number>();
  #coded: { readonly values: readonly Json[]; readonly codes: Int32Array } | undefined;

  /** @param rounds rows of each source @param own see `OwnKey` */
  merge(sources: readonly TableSource[], rounds: number, own?: OwnKey): MergedTable {
    const column = (merger: ColumnMerger, of: (table: ChunkTable) => ChunkTable['keys']): MergedColumn =>
      merger.merge(
        sources.map(({ table, from }) => ({ column: of(table), from })),
        rounds,
      );
    return new MergedTable(
      this.#codesOf(
        column(this.#keys, ({ keys }) => keys),
        rounds * sources.length,
      ),
      this.#shapes,
      () => column(this.#whole, ({ whole }) => whole),
      (name) =>
        withOwnKey(
          name,
          column(this.#merger(name), ({ columns }) => columns.get(name)),
          own,
        ),
    );
  }

  #merger(name: string): ColumnMerger {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const merger = new ColumnMerger();
    this.#columns.set(name, merger);
    return merger;
  }

  #codesOf({ values, places }: MergedColumn, rows: number): Int32Array {
    if (this.#coded?.values !== values) {
      this.#coded = { values, codes: Int32Array.from(values, (text) => this.#shapeCode(text)) };
    }
    const { codes } = this.#coded;
    if (places === undefined) return codes;
    const found = new Int32Array(rows);
    for (let row = 0; row < rows; row++) found[row] = codes[places[row] as number] as number;
    return found;
  }

  #shapeCode(text: Json): number {
    if (typeof text !== 'string') return NONE;
    const known = this.#shapeCodes.get(text);
    if (known !== undefined) return known;
    const names = parseJson(text);
    if (!Array.isArray(names)) throw broken('a row has no names');
    const code = this.#shapes.push({ names, has: new Set(names) }) - 1;
    this.#shapeCodes.set(text, code);
    return code;
  }
}

/** The objects of one table in rows that follow each other in the portfolio. */
export class MergedTable {
  readonly #codes: Int32Array;
  readonly #shapes: readonly Shape[];
  readonly #whole: () => MergedColumn;
  readonly #merge: (name: string) => MergedColumn;
  readonly #columns = new Map<string, MergedColumn>();
  #wholeObjects: MergedColumn | undefined;

  /** @param codes the shape of each row's object @param whole objects as text, of rows without a shape */
  constructor(
    codes: Int32Array,
    shapes: readonly Shape[],
    whole: () => MergedColumn,
    merge: (name: string) => MergedColumn,
  ) {
    this.#codes = codes;
    this.#shapes = shapes;
    this.#whole = whole;
    this.#merge = merge;
  }

  get length(): number {
    return this.#codes.length;
  }

  /** The object of a row; undefined where it has none. */
  at(row: number): JsonObject | undefined {
    const shape = this.#shapes[this.#codes[row] as number];
    if (shape === undefined) {
      this.#wholeObjects ??= this.#whole();
      const whole = valueIn(this.#wholeObjects, row);
      return whole === null ? undefined : (parseJson(whole) as JsonObject);
    }
    // `__proto__` is a name like any other here.
    return Object.fromEntries(shape.names.map((name) => [name, valueIn(this.column(name), row)]));
  }

  /** The objects as rows, of which each must have one: as columns where all have the same names. */
  rows(): QuoteRows {
    const [first] = this.#codes;
    const shape = this.#shapes[first ?? NONE];
    if (shape !== undefined && this.#codes.every((code) => code === first)) {
      const columns = shape.names.map((name) => ({ name, ...this.column(name) }));
      return rowsOfColumns(this.#codes.length, columns);
    }
    return Array.from(this.#codes, (_, row) => {
      const object = this.at(row);
      if (object === undefined) throw broken('a row is missing');
      return object;
    });
  }

  /**
   * The objects as columns of answers, where each row has one, none holds an object or list, and all have their names in
   * one order.
   */
  answers(): readonly AnswerColumn[] | undefined {
    const used = this.#usedShapes();
    const longest = used?.reduce((a, b) => (b.names.length > a.names.length ? b : a));
    if (used === undefined || longest === undefined || !used.every((shape) => isWithin(shape, longest)))
      return undefined;
    const columns = longest.names.map((name) => ({ name, column: this.column(name) }));
    if (columns.some(({ column }) => column.values.some(isNested))) return undefined;
    return columns.map(({ name, column }) => {
      const isEverywhere = used.every(({ has }) => has.has(name));
      const isThere = (row: number): boolean =>
        isEverywhere || (this.#shapes[this.#codes[row] as number] as Shape).has.has(name);
      return this.#answers(name, column, isThere);
    });
  }

  #answers(name: string, column: MergedColumn, isThere: (row: number) => boolean): AnswerColumn {
    const rows = this.#codes.length;
    if (!column.isNumeric) {
      const values = Array.from(this.#codes, (_, row) => (isThere(row) ? valueIn(column, row) : undefined));
      return { kind: 'others', name, values };
    }
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const value = valueIn(column, row);
      const none = isThere(row) ? Number.NaN : Number.NEGATIVE_INFINITY;
      values[row] = value === null ? none : (value as number);
    }
    return { kind: 'numbers', name, values };
  }

  /** Undefined where a row has no shape. */
  #usedShapes(): readonly Shape[] | undefined {
    const used = new Uint8Array(this.#shapes.length);
    for (const code of this.#codes) {
      if (code === NONE) return undefined;
      used[code] = 1;
    }
    return this.#shapes.filter((_, code) => used[code] === 1);
  }

  /** Whether a row has an object that was written whole, or none. */
  get hasWhole(): boolean {
    return this.#codes.includes(NONE);
  }

  /** What the object of a row has under a name. */
  value(name: string, row: number): Json {
    if (this.#codes[row] !== NONE) return valueIn(this.column(name), row);
    const object = this.at(row);
    return (object && ownValue(object, name)) ?? null;
  }

  /** The values of all objects under a name, but of those that were written whole. */
  column(name: string): MergedColumn {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const merged = this.#merge(name);
    this.#columns.set(name, merged);
    return merged;
  }
}

function withOwnKey(name: string, column: MergedColumn, own: OwnKey | undefined): MergedColumn {
  if (own?.name !== name) return column;
  const { rows } = own;
  if (column.isMissing && !rows.hasWhole) return rows.column(name);
  const values = Array.from({ length: rows.length }, (_, row) => valueIn(column, row) ?? rows.value(name, row));
  return { values, places: undefined, isNumeric: false, isMissing: false };
}

/** Whether names are among others, in their order. */
function isWithin({ names }: Shape, { names: others }: Shape): boolean {
  let at = 0;
  for (const other of others) if (other === names[at]) at += 1;
  return at === names.length;
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}
