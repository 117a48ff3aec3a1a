import type { Json } from '../release/json.ts';
import type { QuoteColumn, RowPart } from '../release/quote-rows.ts';
import { type Fragments, fragmentsOf, STRIDE } from './fragments.ts';

/** A column of some rows, ready to be copied. */
interface Cells extends Fragments {
  /** The fragment of each row; undefined where they are in the order of the rows. */
  readonly places: Uint32Array | undefined;
}

/** Rows whose bytes fit into the cache of a processor. */
const BLOCK_ROWS = 512;
const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;

/**
 * Writes rows in columns as JSON, byte for byte what `JSON.stringify` makes of the row objects. A value that many rows
 * have is put into words only once. First the length of every row is found, then the columns are copied to their
 * places one after the other, which takes a tenth of the time of going through the rows.
 */
export class ColumnEncoder {
  readonly #fragments = new WeakMap<readonly Json[], { readonly opening: string; readonly fragments: Fragments }>();

  /** @returns the rows as a JSON array, between `before` and `after`, in UTF-8 */
  encode(parts: readonly RowPart[], before: string, after: string): Buffer {
    const filled = parts.filter(({ length }) => length > 0);
    if (filled.length === 0) return Buffer.from(`${before}[]${after}`);
    const start = Buffer.byteLength(before);
    let end = start;
    const laidOut = filled.map(({ length, columns }) => {
      const cells = columns.map((column, index) => this.#cellsOf(column, index === 0));
      const cursors = new Uint32Array(length);
      end = layOut(cells, cursors, end);
      return { cells, cursors };
    });
    const rest = Buffer.from(`]${after}`);
    const body = Buffer.allocUnsafeSlow(end + rest.length + STRIDE);
    body.write(before);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    for (const { cells, cursors } of laidOut) writeRows(view, cells, cursors);
    body[start] = OPENING_BRACKET;
    body.set(rest, end);
    return body.subarray(0, end + rest.length);
  }

  #cellsOf({ name, values, places }: QuoteColumn, isFirst: boolean): Cells {
    const opening = `${isFirst ? ',{' : ','}${JSON.stringify(name)}:`;
    if (places === undefined) return { ...fragmentsOf(values, opening), places };
    const known = this.#fragments.get(values);
    if (known?.opening === opening) return { ...known.fragments, places };
    const fragments = fragmentsOf(values, opening);
    this.#fragments.set(values, { opening, fragments });
    return { ...fragments, places };
  }
}

/** Sets the start of each row, which has a comma before it. @returns where the last one ends */
function layOut(cells: readonly Cells[], starts: Uint32Array, from: number): number {
  for (const { bounds, places } of cells) {
    for (let row = 0; row < starts.length; row++) {
      const place = places === undefined ? row : (places[row] as number);
      (starts[row] as number) += (bounds[place + 1] as number) - (bounds[place] as number);
    }
  }
  const braces = cells.length === 0 ? 3 : 1;
  let at = from;
  for (let row = 0; row < starts.length; row++) {
    const length = (starts[row] as number) + braces;
    starts[row] = at;
    at += length;
  }
  return at;
}

/**
 * A block of rows after the other, so that its bytes stay near the processor until they are whole. Each column is copied
 * in strides, and what is written beyond its end the next one overwrites; so not the last. That one must have a name: the
 * seven bytes of its shortest `,"a":1}` keep what the one before it writes out of the next row.
 */
function writeRows(body: DataView, cells: readonly Cells[], cursors: Uint32Array): void {
  const last = cells.at(-1);
  for (let from = 0; from < cursors.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, cursors.length);
    for (const column of cells) if (column !== last) copyInStrides(body, column, cursors, from, to);
    if (last) copyExactly(body, last, cursors, from, to);
  }
  for (let at of cursors) {
    if (last === undefined) {
      body.setUint8(at++, COMMA);
      body.setUint8(at++, OPENING_BRACE);
    }
    body.setUint8(at, CLOSING_BRACE);
  }
}

/**
 * Eight bytes at a time, as a number that is only carried. It is never NaN, whose bits might change on the way: that takes
 * bytes that do not follow each other in UTF-8.
 */
function copyInStrides(
  body: DataView,
  { bytes, bounds, places }: Cells,
  cursors: Uint32Array,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    const place = places === undefined ? row : (places[row] as number);
    const end = bounds[place + 1] as number;
    let source = bounds[place] as number;
    let at = cursors[row] as number;
    cursors[row] = at + end - source;
    for (; source < end; source += STRIDE, at += STRIDE) body.setFloat64(at, bytes.getFloat64(source, true), true);
  }
}

function copyExactly(
  body: DataView,
  { bytes, bounds, places }: Cells,
  cursors: Uint32Array,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    const place = places === undefined ? row : (places[row] as number);
    const end = bounds[place + 1] as number;
    let source = bounds[place] as number;
    let at = cursors[row] as number;
    for (; source + STRIDE <= end; source += STRIDE, at += STRIDE) {
      body.setFloat64(at, bytes.getFloat64(source, true), true);
    }
    for (; source < end; source++, at++) body.setUint8(at, bytes.getUint8(source));
    cursors[row] = at;
  }
}
