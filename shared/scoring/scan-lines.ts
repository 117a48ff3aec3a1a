import { ABSENT_AT, type AnswerColumn, ColumnAnswers, NULL_AT } from '../release/answers.ts';
import type { Json } from '../release/json.ts';
import { type LineTemplate, templateOf } from './line-template.ts';
import { NumberScanner } from './scan-number.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LEAST_LETTER = 0x20;
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/**
 * Reads an answer in lines straight into columns, without an object for each row, where all lines are flat objects with
 * their columns in one order. It takes nothing that `JSON.parse` would not, and gives the same values.
 * @returns undefined for all other answers, and for those that are not right: whoever reads them finds out why
 */
export function scanLines(bytes: Buffer, expected: number): ColumnAnswers | undefined {
  const template = templateOf(bytes);
  if (template === undefined) return undefined;
  const cells = template.names.map((name) => new Cells(name, bytes, expected));
  const end = scanRows(bytes, template, cells, expected);
  if (end !== bytes.length) return undefined;
  return new ColumnAnswers(
    expected,
    cells.map((column) => column.finish()),
  );
}

/** @returns where the last row ends; -1 where a row is not of the template */
function scanRows(
  bytes: Buffer,
  { keys, open, comma, close }: LineTemplate,
  cells: readonly Cells[],
  rows: number,
): number {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (!isAt(bytes, at, open)) return -1;
    at += open.length;
    let next = 0;
    for (;;) {
      while (next < keys.length && !isAt(bytes, at, keys[next] as Uint8Array)) next += 1;
      if (next === keys.length) return -1;
      at = (cells[next] as Cells).read(row, at + (keys[next] as Uint8Array).length);
      if (at < 0) return -1;
      next += 1;
      if (isAt(bytes, at, close)) break;
      if (!isAt(bytes, at, comma)) return -1;
      at += comma.length;
    }
    at += close.length;
  }
  return at;
}

function isAt(bytes: Uint8Array, at: number, what: Uint8Array): boolean {
  for (let index = 0; index < what.length; index++) if (bytes[at + index] !== what[index]) return false;
  return true;
}

/** The values of one column while they are read. */
class Cells {
  readonly #name: string;
  readonly #bytes: Buffer;
  readonly #rows: number;
  readonly #number = new NumberScanner();
  #numbers: Float64Array | undefined;
  #texts: { readonly starts: Uint32Array; readonly ends: Uint32Array } | undefined;
  #others: (Json | undefined)[] | undefined;
  /** Rows with null: the column has no kind before another value is met. */
  readonly #nulls: number[] = [];

  constructor(name: string, bytes: Buffer, rows: number) {
    this.#name = name;
    this.#bytes = bytes;
    this.#rows = rows;
  }

  /** @returns where the value ends; -1 where it cannot be read, or is not of the kind of those before */
  read(row: number, at: number): number {
    const first = this.#bytes[at] as number;
    if (first === QUOTE) return this.#readText(row, at + 1);
    if (isAt(this.#bytes, at, NULL)) return this.#setNull(row, at + NULL.length);
    if (isAt(this.#bytes, at, TRUE)) return this.#setOther(row, true, at + TRUE.length);
    if (isAt(this.#bytes, at, FALSE)) return this.#setOther(row, false, at + FALSE.length);
    return this.#readNumber(row, at);
  }

  finish(): AnswerColumn {
    const name = this.#name;
    if (this.#texts) return { kind: 'texts', name, bytes: this.#bytes, ...this.#texts };
    if (this.#others) return { kind: 'others', name, values: this.#others };
    return { kind: 'numbers', name, values: this.#numbers ?? this.#startNumbers() };
  }

  #readNumber(row: number, at: number): number {
    if (this.#texts || this.#others) return -1;
    const end = this.#number.read(this.#bytes, at);
    const numbers = this.#numbers ?? this.#startNumbers();
    numbers[row] = this.#number.value;
    return end;
  }

  #readText(row: number, start: number): number {
    if (this.#numbers || this.#others) return -1;
    const { starts, ends } = this.#texts ?? this.#startTexts();
    const bytes = this.#bytes;
    let at = start;
    for (let letter = bytes[at] as number; letter !== QUOTE; letter = bytes[++at] as number) {
      if (!(letter >= LEAST_LETTER) || letter === BACKSLASH) return -1;
    }
    starts[row] = start;
    ends[row] = at;
    return at + 1;
  }

  #setOther(row: number, value: boolean, end: number): number {
    if (this.#numbers || this.#texts) return -1;
    const others = this.#others ?? this.#startOthers();
    others[row] = value;
    return end;
  }

  #setNull(row: number, end: number): number {
    if (this.#numbers) this.#numbers[row] = Number.NaN;
    else if (this.#texts) this.#texts.starts[row] = NULL_AT;
    else if (this.#others) this.#others[row] = null;
    else this.#nulls.push(row);
    return end;
  }

  #startNumbers(): Float64Array {
    this.#numbers = new Float64Array(this.#rows).fill(Number.NEGATIVE_INFINITY);
    for (const row of this.#nulls) this.#numbers[row] = Number.NaN;
    return this.#numbers;
  }

  #startTexts(): { readonly starts: Uint32Array; readonly ends: Uint32Array } {
    const starts = new Uint32Array(this.#rows).fill(ABSENT_AT);
    for (const row of this.#nulls) starts[row] = NULL_AT;
    this.#texts = { starts, ends: new Uint32Array(this.#rows) };
    return this.#texts;
  }

  #startOthers(): (Json | undefined)[] {
    this.#others = new Array<Json | undefined>(this.#rows).fill(undefined);
    for (const row of this.#nulls) this.#others[row] = null;
    return this.#others;
  }
}
