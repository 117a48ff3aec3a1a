import { isUtf8 } from 'node:buffer';

const LINE_END = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/** Bytes that mean something in a text. */
const ORDINARY = 0;
const SEPARATES = 1;
const ENDS_LINE = 2;
const RETURNS = 3;
const QUOTES = 4;
const ZERO = 5;

/** Where a byte stands: at the start of a cell, in one without quotes, in one with them, or after their end. */
const AT_START = 0;
const IN_PLAIN = 1;
const IN_QUOTED = 2;
const AFTER_QUOTED = 3;

/**
 * Whether all readers of CSV make the same cells of a text: UTF-8, lines that all end in the same way and have as many
 * cells as columns, quotes only around whole cells, no zero bytes. Of any other text they make what they like, or an error.
 * @param text from its beginning to its end
 * @returns how many records it has, with that of the header; undefined where it is not so plain
 */
export async function plainRecords(
  text: AsyncIterable<Uint8Array>,
  delimiter: string,
  columns: number,
): Promise<number | undefined> {
  const scan = new PlainScan(delimiter.charCodeAt(0), columns);
  for await (const chunk of text) if (!scan.add(chunk)) return undefined;
  return scan.finish();
}

class PlainScan {
  /** What each byte means. */
  readonly #meaning = new Uint8Array(256);
  readonly #columns: number;
  #where = AT_START;
  /** Cells of the record before this one. */
  #cells = 0;
  #records = 0;
  #lineEnds = 0;
  #returns = 0;
  #isEmptyLine = true;
  #isAfterReturn = false;
  /** The beginning of a letter whose other bytes are still to come. */
  #rest = Buffer.alloc(0);

  constructor(delimiter: number, columns: number) {
    this.#columns = columns;
    const meanings = { 0: ZERO, [LINE_END]: ENDS_LINE, [RETURN]: RETURNS, [QUOTE]: QUOTES, [delimiter]: SEPARATES };
    for (const [byte, meaning] of Object.entries(meanings)) this.#meaning[Number(byte)] = meaning;
  }

  /** @returns false where the text is not plain */
  add(chunk: Uint8Array): boolean {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const whole = wholeLetters(bytes);
    this.#rest = Buffer.from(bytes.subarray(whole));
    const letters = bytes.subarray(0, whole);
    return isUtf8(letters) && this.#scan(letters);
  }

  finish(): number | undefined {
    if (this.#rest.length > 0 || this.#where === IN_QUOTED || this.#isAfterReturn) return undefined;
    if (this.#returns !== 0 && this.#returns !== this.#lineEnds) return undefined;
    if (!this.#isEmptyLine && this.#cells + 1 !== this.#columns) return undefined;
    return this.#records + (this.#isEmptyLine ? 0 : 1);
  }

  /** Most bytes are ordinary ones in a cell without quotes, and are passed over at once. */
  #scan(bytes: Uint8Array): boolean {
    const meanings = this.#meaning;
    let where = this.#where;
    for (let at = 0; at < bytes.length; at++) {
      const meaning = meanings[bytes[at] as number] as number;
      if (meaning === ORDINARY && where === IN_PLAIN && !this.#isAfterReturn) continue;
      where = this.#step(where, meaning);
      if (where < 0) return false;
    }
    this.#where = where;
    return true;
  }

  /** @returns where the next byte stands; -1 where the text is not plain */
  #step(where: number, meaning: number): number {
    if (meaning === ZERO || (this.#isAfterReturn && meaning !== ENDS_LINE)) return -1;
    if (meaning === RETURNS) {
      this.#isAfterReturn = true;
      this.#returns += 1;
      return where;
    }
    if (meaning === ENDS_LINE) return this.#endLine(where);
    this.#isEmptyLine = false;
    if (where === IN_QUOTED) return meaning === QUOTES ? AFTER_QUOTED : IN_QUOTED;
    if (meaning === SEPARATES) {
      this.#cells += 1;
      return AT_START;
    }
    if (meaning === QUOTES) return where === IN_PLAIN ? -1 : IN_QUOTED;
    return where === AFTER_QUOTED ? -1 : IN_PLAIN;
  }

  #endLine(where: number): number {
    this.#isAfterReturn = false;
    this.#lineEnds += 1;
    if (where === IN_QUOTED) return IN_QUOTED;
    if (!this.#isEmptyLine) {
      if (this.#cells + 1 !== this.#columns) return -1;
      this.#records += 1;
    }
    this.#cells = 0;
    this.#isEmptyLine = true;
    return AT_START;
  }
}

/** Bytes up to the last letter that is there as a whole. */
function wholeLetters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return back < lengthOfLetter(byte) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function lengthOfLetter(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}
