import { ABSENT_AT, type AnswerColumn } from '../../release/answers.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import { ownValue } from '../../release/own-value.ts';
import type { QuoteColumn } from '../../release/quote-rows.ts';
import type { ColumnData, FileColumn } from '../parquet/column-data.ts';
import { type ColumnKind, keysColumn, type Part, valuesColumn, wholeColumn } from './column-names.ts';
import { jsonText } from './json-text.ts';
import { longEnough, ValuesBuilder } from './values-builder.ts';

/** Different lists of names, and different names, that a file has: objects with others are written whole. */
const MOST_SHAPES = 256;
const MOST_COLUMNS = 1_024;

const TYPES = { text: 'STRING', json: 'STRING', number: 'DOUBLE', flag: 'BOOLEAN' } as const satisfies Readonly<
  Record<ColumnKind, FileColumn['type']>
>;

export interface FilledColumn {
  readonly column: FileColumn;
  readonly data: ColumnData;
}

/** Names in their order, and what is written for them. */
interface Shape {
  readonly names: readonly string[];
  readonly code: number;
  readonly columns: readonly ValuesBuilder[];
}

/** The objects of one part in the rows of a file, as columns. */
export class TableBuilder {
  readonly #part: Part;
  readonly #key: string | undefined;
  readonly #columns = new Map<string, ValuesBuilder>();
  readonly #shapes = new Map<string, Shape>();
  #keys = new Uint32Array();
  #last: Shape | undefined;
  #whole: string[] | undefined;

  /**
   * @param key of answers that were paired by it: where it is the text that the row itself has, it is not written again
   */
  constructor(part: Part, key?: string) {
    this.#part = part;
    this.#key = key;
  }

  /** The object of a row. @param ownKey what the row itself has as its key */
  set(row: number, object: JsonObject, ownKey?: Json): void {
    const shape = this.#isLast(object) ? this.#last : this.#shapeOf(Object.keys(object));
    if (shape === undefined) this.#setWhole(row, object);
    else {
      this.#last = shape;
      this.#keys = longEnough(this.#keys, row + 1);
      this.#keys[row] = shape.code;
      for (let at = 0; at < shape.names.length; at++) {
        const name = shape.names[at] as string;
        const value = object[name];
        const isOwn = name === this.#key && typeof value === 'string' && value === ownKey;
        if (!isOwn) (shape.columns[at] as ValuesBuilder).set(row, value);
      }
    }
  }

  /**
   * The objects of several rows, as columns that each of them has.
   * @param make the object of one of them
   */
  setColumns(
    first: number,
    columns: readonly QuoteColumn[],
    from: number,
    to: number,
    make: (index: number) => JsonObject,
  ): void {
    const shape = this.#shapeOf(columns.map(({ name }) => name));
    if (shape === undefined) {
      for (let index = from; index < to; index++) this.#setWhole(first + index - from, make(index));
      return;
    }
    this.#keys = longEnough(this.#keys, first + to - from);
    this.#keys.fill(shape.code, first, first + to - from);
    columns.forEach(({ values, places }, at) => {
      (shape.columns[at] as ValuesBuilder).setAll(first, values, places, from, to);
    });
  }

  /**
   * Answers as columns. A row that does not have one of them has an object without it. Answers in columns stand in the
   * order of their rows, each with the key of its row.
   */
  setAnswers(
    first: number,
    columns: readonly AnswerColumn[],
    from: number,
    to: number,
    make: (index: number) => JsonObject,
  ): void {
    const gaps = columns.filter((column) => hasGaps(column, from, to));
    const shape = gaps.length === 0 ? this.#shapeOf(columns.map(({ name }) => name)) : undefined;
    if (shape === undefined) {
      for (let index = from; index < to; index++) {
        const object = make(index);
        this.set(first + index - from, object, this.#key === undefined ? undefined : ownValue(object, this.#key));
      }
      return;
    }
    this.#keys = longEnough(this.#keys, first + to - from);
    this.#keys.fill(shape.code, first, first + to - from);
    columns.forEach((column, at) => {
      const isOwn = column.name === this.#key && column.kind === 'texts';
      if (!isOwn) (shape.columns[at] as ValuesBuilder).setAnswers(first, column, from, to);
    });
  }

  /** The columns of the file, and a new start. @param rows of the file */
  finish(rows: number): readonly FilledColumn[] {
    const filled: FilledColumn[] = [];
    const keys = keysColumn(this.#part);
    if (this.#shapes.size > 0) {
      const data: ColumnData = {
        kind: 'coded',
        codes: longEnough(this.#keys, rows).subarray(0, rows),
        values: [...this.#shapes.keys()],
      };
      filled.push({ column: { name: keys, type: 'STRING' }, data });
    }
    for (const [name, builder] of this.#columns) {
      if (builder.isEmpty) continue;
      const { kind, data } = builder.finish(rows);
      filled.push({ column: { name: valuesColumn(this.#part, kind, name), type: TYPES[kind] }, data });
    }
    const whole = this.#whole;
    if (whole !== undefined) {
      const data: ColumnData = { kind: 'texts', values: Array.from({ length: rows }, (_, row) => whole[row] ?? null) };
      filled.push({ column: { name: wholeColumn(this.#part), type: 'STRING' }, data });
    }
    return filled;
  }

  #setWhole(row: number, object: JsonObject): void {
    this.#whole ??= [];
    this.#whole[row] = jsonText(object);
  }

  /** Most objects have exactly the names of the one before. */
  #isLast(object: JsonObject): boolean {
    if (this.#last === undefined) return false;
    const { names } = this.#last;
    let at = 0;
    for (const name in object) if (name !== names[at++]) return false;
    return at === names.length;
  }

  /** Undefined where there are too many already. */
  #shapeOf(names: readonly string[]): Shape | undefined {
    const text = JSON.stringify(names);
    const known = this.#shapes.get(text);
    if (known !== undefined) return known;
    const added = names.filter((name) => !this.#columns.has(name)).length;
    if (this.#shapes.size >= MOST_SHAPES || this.#columns.size + added > MOST_COLUMNS) return undefined;
    const columns = names.map((name) => this.#column(name));
    const shape = { names, code: this.#shapes.size, columns };
    this.#shapes.set(text, shape);
    return shape;
  }

  #column(name: string): ValuesBuilder {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column = new ValuesBuilder();
    this.#columns.set(name, column);
    return column;
  }
}

function hasGaps(column: AnswerColumn, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (column.kind === 'numbers' && column.values[index] === Number.NEGATIVE_INFINITY) return true;
    if (column.kind === 'texts' && column.starts[index] === ABSENT_AT) return true;
    if (column.kind === 'others' && column.values[index] === undefined) return true;
  }
  return false;
}
