import type { Json } from '../release/json.ts';

const QUOTE = 0x22;
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

  bytes(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = from; index < to; index++) buffer[at++] = bytes[index] as number;
    this.#length = at;
  }

  /** Text of ASCII characters, as it is. */
  ascii(text: string): void {
    this.#reserve(text.length);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) buffer[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  value(value: Json): void {
    if (typeof value === 'number') this.ascii(Number.isFinite(value) ? String(value) : 'null');
    else if (typeof value === 'string') this.#text(value);
    else if (value === null) this.ascii('null');
    else this.#utf8(JSON.stringify(value));
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
