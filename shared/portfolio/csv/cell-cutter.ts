import { isUtf8 } from 'node:buffer';
import { CHUNK_ROWS } from '../portfolio-file.ts';
import { type CellBlock, unescapeCell } from './cell-block.ts';

/** Bytes that are cut at once. */
const BLOCK_BYTES = 1 << 20;
/** Cells that are found at once. */
const MOST_CELLS = 1 << 20;
/** A record that is longer is one whose quotes do not end, most likely. */
const MOST_RECORD_BYTES = 8 << 20;
/** For the end of a last line that has none, and for one where scanning stops. */
const SPARE_BYTES = 2;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

const LINE_END = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/** What a byte means; ordinary ones are most. In quotes a separator is as ordinary. */
const ORDINARY = 0;
const SEPARATES = 1;
const ENDS_LINE = 2;
const RETURNS = 3;
const QUOTES = 4;
const ZERO = 5;

/** The end of what is looked for is still to come. */
const INCOMPLETE = -1;

/** A text that not all readers of CSV would cut in the same way. */
export class NotPlain extends Error {}

/**
 * Cuts a text into cells that all readers of CSV find in it: UTF-8, lines that all end in the same way and have as many
 * cells as columns, quotes only around whole cells, no zero bytes. Empty lines are passed over, and so is the first record,
 * which is the header. A block is of use only until the next one is asked for: they share their memory.
 * @param text from its beginning to its end
 * @throws NotPlain where it is any other text, of which readers make what they like, or an error
 */
export async function* cutCells(
  text: AsyncIterable<Uint8Array>,
  delimiter: string,
  columns: number,
): AsyncGenerator<CellBlock> {
  const cutter = new CellCutter(delimiter.charCodeAt(0), columns);
  for await (const piece of text) {
    cutter.add(piece);
    if (cutter.isFull) yield* cutter.blocks();
  }
  cutter.end();
  yield* cutter.blocks();
  cutter.finish();
}

class CellCutter {
  readonly #meanings = new Uint8Array(256);
  readonly #columns: number;
  readonly #mostRows: number;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  /** Cells whose quotes are doubled. */
  #escaped: number[] = [];
  #bytes = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
  /** The part of the bytes that is there and was not cut yet. */
  #from = 0;
  #to = 0;
  #begun = false;
  #ended = false;
  #isHeader = true;
  #lineEnds = 0;
  #returns = 0;

  constructor(delimiter: number, columns: number) {
    this.#columns = columns;
    this.#mostRows = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(MOST_CELLS / columns)));
    this.#starts = new Uint32Array(this.#mostRows * columns);
    this.#ends = new Uint32Array(this.#mostRows * columns);
    const meanings = { 0: ZERO, [LINE_END]: ENDS_LINE, [RETURN]: RETURNS, [QUOTE]: QUOTES, [delimiter]: SEPARATES };
    for (const [byte, meaning] of Object.entries(meanings)) this.#meanings[Number(byte)] = meaning;
  }

  get isFull(): boolean {
    return this.#to - this.#from >= BLOCK_BYTES;
  }

  add(piece: Uint8Array): void {
    if (this.#to + piece.length + SPARE_BYTES > this.#bytes.length) this.#makeRoom(piece.length + SPARE_BYTES);
    this.#bytes.set(piece, this.#to);
    this.#to += piece.length;
  }

  /** Nothing more comes: the last line ends here. */
  end(): void {
    this.#begin();
    this.#ended = true;
    if (this.#from === this.#to || this.#bytes[this.#to - 1] === LINE_END) return;
    if (this.#bytes[this.#to - 1] === RETURN) throw new NotPlain();
    this.#bytes[this.#to++] = LINE_END;
    // It stands in no file, and does not count.
    this.#lineEnds -= 1;
  }

  finish(): void {
    if (this.#from < this.#to || (this.#returns !== 0 && this.#returns !== this.#lineEnds)) throw new NotPlain();
  }

  /** The whole records that are there; few of them wait for those that follow. */
  *blocks(): Generator<CellBlock> {
    this.#begin();
    for (let found = true; found && (this.#ended || this.isFull); ) {
      const { rows, end } = this.#cut();
      found = end > this.#from;
      if (!isUtf8(this.#bytes.subarray(this.#from, end))) throw new NotPlain();
      this.#from = end;
      const [bytes, starts, ends, columns] = [this.#bytes, this.#starts, this.#ends, this.#columns];
      for (const cell of this.#escaped) unescapeCell(bytes, starts, ends, cell);
      if (rows > 0) yield { bytes, starts, ends, rows, columns };
    }
    if (this.#to - this.#from > MOST_RECORD_BYTES) throw new NotPlain();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    if (BYTE_ORDER_MARK.every((byte, at) => at < this.#to && this.#bytes[at] === byte)) this.#from = 3;
  }

  #makeRoom(more: number): void {
    const [rest, from] = [this.#to - this.#from, this.#bytes];
    if (rest + more > from.length) this.#bytes = Buffer.allocUnsafeSlow(2 * (rest + more));
    from.copy(this.#bytes, 0, this.#from, this.#to);
    [this.#from, this.#to] = [0, rest];
  }

  /** Finds the cells of the next records. @returns how many records are there as a whole, and where the last one ends */
  #cut(): { readonly rows: number; readonly end: number } {
    this.#escaped = [];
    // Scanning stops there at the latest.
    this.#bytes[this.#to] = LINE_END;
    let [rows, end] = [0, this.#from];
    while (end < this.#to && rows < this.#mostRows) {
      const before = { lineEnds: this.#lineEnds, returns: this.#returns, escaped: this.#escaped.length };
      const isEmpty = this.#bytes[end] === LINE_END || this.#bytes[end] === RETURN;
      const after = isEmpty ? this.#afterLine(end) : this.#afterRecord(end, rows * this.#columns);
      if (after === INCOMPLETE) {
        [this.#lineEnds, this.#returns, this.#escaped.length] = [before.lineEnds, before.returns, before.escaped];
        break;
      }
      end = after;
      if (isEmpty) continue;
      if (this.#isHeader) [this.#isHeader, this.#escaped] = [false, []];
      else rows += 1;
    }
    return { rows, end };
  }

  #afterRecord(from: number, firstCell: number): number {
    const [bytes, meanings, starts, ends] = [this.#bytes, this.#meanings, this.#starts, this.#ends];
    const lastCell = firstCell + this.#columns - 1;
    let at = from;
    for (let cell = firstCell; cell <= lastCell; cell++) {
      if (bytes[at] === QUOTE) {
        starts[cell] = at + 1;
        at = this.#closingQuote(at + 1, cell);
        if (at === INCOMPLETE) return INCOMPLETE;
        ends[cell] = at++;
      } else {
        starts[cell] = at;
        while (meanings[bytes[at] as number] === ORDINARY) at++;
        ends[cell] = at;
      }
      if (cell === lastCell) break;
      if (at >= this.#to) return INCOMPLETE;
      if (meanings[bytes[at++] as number] !== SEPARATES) throw new NotPlain();
    }
    return this.#afterLine(at);
  }

  /** Where the quotes end that a cell stands in. */
  #closingQuote(from: number, cell: number): number {
    const [bytes, meanings, to] = [this.#bytes, this.#meanings, this.#to];
    for (let at = from; ; at++) {
      while ((meanings[bytes[at] as number] as number) <= SEPARATES) at++;
      if (at >= to) return INCOMPLETE;
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (at + 1 >= to) return INCOMPLETE;
        if (bytes[at + 1] !== QUOTE) return at;
        if (this.#escaped.at(-1) !== cell) this.#escaped.push(cell);
        at += 1;
      } else {
        const after = this.#afterLine(at);
        if (after === INCOMPLETE) return INCOMPLETE;
        at = after - 1;
      }
    }
  }

  /** Where the next line starts. */
  #afterLine(lineEnd: number): number {
    let at = lineEnd;
    if (at < this.#to && this.#bytes[at] === RETURN) {
      this.#returns += 1;
      at += 1;
    }
    if (at >= this.#to) return INCOMPLETE;
    if (this.#bytes[at] !== LINE_END) throw new NotPlain();
    this.#lineEnds += 1;
    return at + 1;
  }
}
