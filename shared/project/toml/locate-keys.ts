/** Where a key stands in a TOML text. */
export interface TomlKey {
  /** Table names and keys; numbers are positions in arrays. */
  readonly path: readonly (string | number)[];
  /** Position of this part of the path in the text, from 0. */
  readonly offset: number;
  /** The value as it is written, where it is a bare word: a number, a date, `true`. */
  readonly bare?: string;
}

export interface LocatedKeys {
  readonly keys: readonly TomlKey[];
  /** True when tables or arrays are nested deeper than anyone writes by hand; the text was not read beyond that. */
  readonly tooDeep: boolean;
}

const MAX_DEPTH = 32;

type Path = readonly (string | number)[];

/**
 * Finds every key of a TOML text: table headers, dotted and quoted keys, inline tables, elements of arrays, arrays of
 * tables. The parser gives values without positions; this gives the positions. It reads valid TOML, and of a text that
 * is not valid it gives the keys up to the fault.
 *
 * @see https://toml.io/en/v1.0.0
 */
export function locateKeys(text: string): LocatedKeys {
  const locator = new Locator(text);
  try {
    locator.document();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { keys: locator.keys, tooDeep: error.tooDeep };
  }
  return { keys: locator.keys, tooDeep: false };
}

/** The text stops being TOML here, or what it nests is too deep. */
class Fault {
  readonly tooDeep: boolean;
  constructor(tooDeep = false) {
    this.tooDeep = tooDeep;
  }
}

class Locator {
  readonly keys: TomlKey[] = [];
  readonly #text: string;
  readonly #seen = new Set<string>();
  /** Index of the last element of each array of tables, by the JSON of its path. */
  readonly #lastElement = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    let table: Path = [];
    for (this.#skip(BLANK); this.#at < this.#text.length; this.#skip(BLANK)) {
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#pair(table);
    }
  }

  /** `[a.b]` or `[[a.b]]`; gives the path of what follows. */
  #header(): Path {
    const many = this.#text.startsWith('[[', this.#at);
    this.#at += many ? 2 : 1;
    const segments = this.#dottedKey();
    this.#expect(many ? ']]' : ']');
    let path: Path = [];
    segments.forEach(({ name, offset }, i) => {
      path = [...path, name];
      this.#record(path, offset);
      const id = JSON.stringify(path);
      const last = this.#lastElement.get(id);
      if (many && i === segments.length - 1) {
        const element = (last ?? -1) + 1;
        this.#lastElement.set(id, element);
        path = [...path, element];
        this.#record(path, offset);
      } else if (last !== undefined) path = [...path, last];
    });
    return path;
  }

  /** `a.b = value` */
  #pair(table: Path): void {
    const segments = this.#dottedKey();
    let path = table;
    for (const { name, offset } of segments.slice(0, -1)) {
      path = [...path, name];
      this.#record(path, offset);
    }
    const last = segments.at(-1);
    if (!last) throw new Fault();
    this.#expect('=');
    this.#skip(SPACE);
    const key = { path: [...path, last.name], offset: last.offset };
    const place = this.#record(key.path, key.offset);
    const bare = this.#value(key.path);
    if (bare !== undefined && place !== undefined) this.keys[place] = { ...key, bare };
  }

  #dottedKey(): { name: string; offset: number }[] {
    const segments: { name: string; offset: number }[] = [];
    do {
      this.#skip(SPACE);
      segments.push({ offset: this.#at, name: this.#keyPart() });
      this.#skip(SPACE);
    } while (this.#take('.'));
    return segments;
  }

  #keyPart(): string {
    const start = this.#at;
    if (this.#string(['"'])) return decodeEscapes(this.#text.slice(start + 1, this.#at - 1));
    if (this.#string(["'"])) return this.#text.slice(start + 1, this.#at - 1);
    const plain = this.#match(/[A-Za-z0-9_-]+/y);
    if (plain === undefined) throw new Fault();
    return plain;
  }

  /** Skips a value and records what is inside of it; gives the text of a bare one. */
  #value(path: Path): string | undefined {
    if (this.#take('[')) return this.#array(path);
    if (this.#take('{')) return this.#inlineTable(path);
    if (this.#string(['"""', "'''", '"', "'"])) return undefined;
    const bare = this.#match(/[^\s,#[\]{}"'=][^,#[\]{}"'=\n]*/y);
    if (bare === undefined) throw new Fault();
    return bare.trim();
  }

  /** Skips a string in one of these quotes, the first that fits; false where there is none. */
  #string(quotes: readonly string[]): boolean {
    const quote = quotes.find((each) => this.#text.startsWith(each, this.#at));
    if (quote === undefined) return false;
    let end = this.#at + quote.length;
    for (; !this.#text.startsWith(quote, end); end++) {
      if (end >= this.#text.length || (quote.length === 1 && this.#text[end] === '\n')) throw new Fault();
      if (quote.startsWith('"') && this.#text[end] === '\\') end++;
    }
    end += quote.length;
    // Up to two quotes may stand right before the three that close a string of several lines.
    for (let more = 0; quote.length === 3 && more < 2 && this.#text[end] === quote[0]; more++) end++;
    this.#at = end;
    return true;
  }

  #array(path: Path): undefined {
    for (let index = 0; ; index++) {
      this.#skip(BLANK);
      if (this.#take(']')) return;
      this.#record([...path, index], this.#at);
      this.#value([...path, index]);
      this.#skip(BLANK);
      if (!this.#take(',')) return this.#expect(']');
    }
  }

  #inlineTable(path: Path): undefined {
    this.#skip(SPACE);
    if (this.#take('}')) return;
    do {
      this.#pair(path);
      this.#skip(SPACE);
    } while (this.#take(','));
    this.#expect('}');
  }

  /** The first place of a path counts. Gives its position in the list when it is new. */
  #record(path: Path, offset: number): number | undefined {
    if (path.length > MAX_DEPTH) throw new Fault(true);
    const id = JSON.stringify(path);
    if (this.#seen.has(id)) return undefined;
    this.#seen.add(id);
    return this.keys.push({ path, offset }) - 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(pattern: RegExp): void {
    this.#match(pattern);
  }

  #take(token: string): boolean {
    const found = this.#text.startsWith(token, this.#at);
    if (found) this.#at += token.length;
    return found;
  }

  #expect(token: string): undefined {
    this.#skip(SPACE);
    if (!this.#take(token)) throw new Fault();
  }
}

const SPACE = /[ \t]*/y;
/** White space, line breaks and comments. */
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };

function decodeEscapes(text: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[\s\S])/g, (whole, code: string) => {
    if (code.length === 1) return ESCAPES[code] ?? code;
    const point = Number.parseInt(code.slice(1), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
