/** One thing that is wrong with a JSON text. */
export interface JsonFault {
  readonly kind: 'syntax' | 'duplicate-key' | 'too-deep' | 'inexact-number' | 'half-character';
  /** Position in the text, from 0. */
  readonly offset: number;
  /** One sentence without a full stop. */
  readonly what: string;
}

export interface ScannedJson {
  /** A syntax fault ends the scan and is the last; the others do not. */
  readonly faults: readonly JsonFault[];
  /** Position of each element of the array at the top, where there is one. */
  readonly elements: readonly number[];
}

const MAX_DEPTH = 100;

/**
 * Looks through a JSON text for what `JSON.parse` reports without a place, or lets pass: keys that are there twice (it
 * takes the last), whole numbers that a double cannot hold (it changes them), numbers beyond its range (it makes them
 * infinite), halves of characters (no UTF-8 can carry them), and the literals NaN and Infinity that Python writes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function scanJson(text: string): ScannedJson {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return { faults: scanner.faults, elements: scanner.elements };
}

/** The scan cannot go on: its fault is recorded. */
class Stop {}

class Scanner {
  readonly faults: JsonFault[] = [];
  readonly elements: number[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#blank();
    if (this.#at < this.#text.length) this.#stop(`${this.#seen()} stands behind the end of the JSON`);
  }

  #value(): void {
    this.#blank();
    const first = this.#text[this.#at];
    if (first === '{') this.#nested(() => this.#object());
    else if (first === '[') this.#nested(() => this.#array());
    else if (first === '"') this.#string();
    else if (!this.#literal() && !this.#number()) this.#stop(`a value is missing: there is ${this.#seen()}`);
  }

  #nested(body: () => void): void {
    if (this.#depth === MAX_DEPTH) this.#fault('too-deep', this.#at, 'objects or arrays are nested too deeply', true);
    this.#depth++;
    this.#at++;
    body();
    this.#depth--;
  }

  #object(): void {
    const keys = new Set<string>();
    if (this.#took('}')) return;
    do {
      this.#blank();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#stop(`a key in double quotes is missing: there is ${this.#seen()}`);
      const key = this.#string();
      if (keys.has(key)) this.#fault('duplicate-key', start, `the key ${shorten(JSON.stringify(key))} is there twice`);
      keys.add(key);
      if (!this.#took(':')) this.#stop(`a colon is missing: there is ${this.#seen()}`);
      this.#value();
    } while (this.#took(','));
    if (!this.#took('}')) this.#stop(`a comma or } is missing: there is ${this.#seen()}`);
  }

  #array(): void {
    const top = this.#depth === 1;
    if (this.#took(']')) return;
    do {
      this.#blank();
      if (top) this.elements.push(this.#at);
      this.#value();
    } while (this.#took(','));
    if (!this.#took(']')) this.#stop(`a comma or ] is missing: there is ${this.#seen()}`);
  }

  #string(): string {
    const start = this.#at++;
    for (; this.#text[this.#at] !== '"'; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined || char < ' ') this.#stop('the text in quotes does not end on its line', start);
      if (char === '\\' && !this.#match(/\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])/y, -1)) this.#stop('this is no JSON escape');
    }
    this.#at++;
    const value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    if (!value.isWellFormed())
      this.#fault('half-character', start, 'this text holds half of a character (\\ud800 to \\udfff)');
    return value;
  }

  #literal(): boolean {
    const start = this.#at;
    const word = this.#match(/-?[A-Za-z_]+/y);
    if (word === undefined) return false;
    if (word === 'true' || word === 'false' || word === 'null') return true;
    this.#at = start;
    return this.#stop(`${word} is not JSON`);
  }

  #number(): boolean {
    const start = this.#at;
    const number = this.#match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number === undefined) return false;
    if (/[\d.]/.test(this.#text[this.#at] ?? '')) this.#stop('this is not a JSON number', start);
    const value = Number(number);
    const exact = Number.isFinite(value) && (!/^-?\d+$/.test(number) || Number.isSafeInteger(value));
    if (!exact) this.#fault('inexact-number', start, `${shorten(number)} is more than a number can hold exactly`);
    return true;
  }

  #blank(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #took(token: string): boolean {
    this.#blank();
    const found = this.#text[this.#at] === token;
    if (found) this.#at++;
    return found;
  }

  /** Goes behind the match, and further by `more`. */
  #match(pattern: RegExp, more = 0): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length + more;
    return found;
  }

  #seen(): string {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return rest === '' ? 'the end of the file' : JSON.stringify([...rest][0]);
  }

  #stop(what: string, offset = this.#at): never {
    return this.#fault('syntax', offset, what, true) as never;
  }

  #fault(kind: JsonFault['kind'], offset: number, what: string, stop = false): void {
    this.faults.push({ kind, offset, what });
    if (stop) throw new Stop();
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
