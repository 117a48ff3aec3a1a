import type { Json } from '../release/json.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

/** Writes JSON as UTF-8 into memory that grows as needed. Values come out as `JSON.stringify` writes them. */
export class JsonWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(64, bytes));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written. The writer must not be used any more. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = 0; index < bytes.length; index++) buffer[at++] = bytes[index] as number;
    this.#length = at;
  }

  value(value: Json): void {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (value === null) this.#ascii('null');
    else this.#utf8(JSON.stringify(value));
  }

  /**
   * Most numbers are whole or have a few decimals, and are written digit by digit. A decimal of at most 15 digits that
   * stands for a number is the shortest one that does, which is what JSON has.
   */
  #number(value: number): void {
    if (Math.abs(value) >= LEAST_LARGE) {
      this.#ascii(Number.isFinite(value) ? String(value) : 'null');
      return;
    }
    if (Number.isInteger(value)) {
      this.#reserve(MOST_DIGITS);
      this.#digits(value < 0, Math.abs(value));
      return;
    }
    const scaled = Math.round(value * SCALE);
    if (scaled / SCALE === value) this.#decimal(value < 0, Math.abs(scaled));
    else this.#ascii(String(value));
  }

  #decimal(isNegative: boolean, scaled: number): void {
    this.#reserve(MOST_DIGITS);
    const whole = Math.floor(scaled / SCALE);
    this.#digits(isNegative, whole);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = POINT;
    let rest = scaled - whole * SCALE;
    for (let unit = SCALE / 10; rest > 0; unit /= 10) {
      const digit = Math.floor(rest / unit);
      buffer[at++] = ZERO + digit;
      rest -= digit * unit;
    }
    this.#length = at;
  }

  /** @param whole below 2^31 */
  #digits(isNegative: boolean, whole: number): void {
    const buffer = this.#buffer;
    let at = this.#length;
    if (isNegative) buffer[at++] = MINUS;
    let end = at + 1;
    for (let left = (whole / 10) | 0; left > 0; left = (left / 10) | 0) end += 1;
    this.#length = end;
    let left = whole | 0;
    do {
      buffer[--end] = ZERO + (left % 10);
      left = (left / 10) | 0;
    } while (end > at);
  }

  /** Text of ASCII characters, as it is. */
  #ascii(text: string): void {
    this.#reserve(text.length);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) buffer[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  /** Most texts are ASCII without anything to escape, and are written letter by letter. */
  #text(text: string): void {
    this.#reserve(text.length + 2);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const letter = text.charCodeAt(index);
      if (letter < 0x20 || letter > 0x7e || letter === QUOTE || letter === BACKSLASH) {
        this.#utf8(JSON.stringify(text));
        return;
      }
      buffer[at++] = letter;
    }
    buffer[at++] = QUOTE;
    this.#length = at;
  }

  #utf8(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#buffer.length * 1.5)));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

/** Numbers below it are few enough digits to be exact with four decimals more. */
const LEAST_LARGE = 2 ** 31;
/** Four decimals. */
const SCALE = 10_000;
/** A minus, ten digits, a point and four decimals. */
const MOST_DIGITS = 16;
