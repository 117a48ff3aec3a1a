import TOML from '@iarna/toml';
import type { Place, Problem } from '../../errors.ts';
import { type PlaceAt, placesIn } from '../text-place.ts';
import { type LocatedKeys, locateKeys, type TomlKey } from './locate-keys.ts';

export type TomlTable = Readonly<Record<string, unknown>>;
export type TomlPath = TomlKey['path'];

/** A TOML file that was read: its values, and where they stand. */
export class TomlDocument {
  readonly file: string;
  readonly root: TomlTable;
  readonly #placeAt: PlaceAt;
  readonly #keys: ReadonlyMap<string, TomlKey>;

  constructor(file: string, text: string, root: TomlTable, located: LocatedKeys) {
    this.file = file;
    this.root = root;
    this.#placeAt = placesIn(file, text);
    this.#keys = new Map(located.keys.map((key) => [JSON.stringify(key.path), key]));
  }

  /** Where a key stands; for one that is not there, where the nearest table around it does. */
  place(path: TomlPath): Place {
    const key = this.#keys.get(JSON.stringify(path));
    if (key) return this.#placeAt(key.offset);
    return path.length === 0 ? { file: this.file } : this.place(path.slice(0, -1));
  }

  /** The value as it is written, where it is a bare word: `8080`, `8080.0`, `true`. */
  bare(path: TomlPath): string | undefined {
    return this.#keys.get(JSON.stringify(path))?.bare;
  }
}

/** A file that says nothing: every key is absent. */
export function emptyDocument(file: string): TomlDocument {
  return new TomlDocument(file, '', {}, { keys: [], tooDeep: false });
}

/** Reads TOML. A text that is not TOML gives one problem, with line and column. */
export function parseToml(
  text: string,
  file: string,
): { readonly document: TomlDocument } | { readonly problem: Problem } {
  const located = locateKeys(text);
  const refused = refusedKey(text, file, located);
  if (refused) return { problem: refused };
  try {
    return { document: new TomlDocument(file, text, TOML.parse(text), located) };
  } catch (error) {
    return { problem: syntaxProblem(error, text, file) };
  }
}

/** Names that every JavaScript object has: the parser would write below them (`[toString]`), into the running program. */
const BUILT_IN = new Set<unknown>(Object.getOwnPropertyNames(Object.prototype));

function refusedKey(text: string, file: string, { keys, tooDeep }: LocatedKeys): Problem | undefined {
  if (tooDeep) {
    const place = placesIn(file, text)(keys.at(-1)?.offset ?? 0);
    return {
      code: 'TOML-TOO-DEEP',
      what: 'tables or arrays are nested too deeply',
      fix: 'Write them less deeply nested',
      place,
    };
  }
  const key = keys.find(({ path }) => BUILT_IN.has(path.at(-1)));
  if (!key) return undefined;
  const place = placesIn(file, text)(key.offset);
  return {
    code: 'TOML-UNKNOWN-KEY',
    what: `unknown key '${key.path.at(-1)}'`,
    fix: 'Remove it, or choose another name',
    place,
  };
}

interface ParserError {
  readonly message: string;
  /** From 0. */
  readonly line: number;
  /** From 1 in the first line, from 0 in all others. */
  readonly col: number;
}

function syntaxProblem(error: unknown, text: string, file: string): Problem {
  if (!isParserError(error)) throw error;
  const lines = text.split('\n');
  const line = Math.min(error.line, lines.length - 1);
  const end = (lines[line]?.length ?? 0) + 1;
  const column = Math.min(Math.max(error.line === 0 ? error.col : error.col + 1, 1), end);
  return {
    code: 'TOML-SYNTAX',
    what: `this is not TOML: ${complaint(error.message)}`,
    fix: 'Correct the line; https://toml.io/en/v1.0.0 shows how values are written',
    place: { file, line: line + 1, column },
  };
}

/** The parser's sentence without its own idea of the place, and with characters rather than their numbers. */
function complaint(message: string): string {
  const sentence = message.split(/ at row \d+, col \d+, pos \d+/)[0] ?? message;
  const readable = sentence.replace(
    /character "(\d+)"/,
    (_, code) => `character ${JSON.stringify(String.fromCodePoint(Number(code)))}`,
  );
  return readable.charAt(0).toLowerCase() + readable.slice(1);
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'fromTOML' in error && 'line' in error && 'col' in error;
}
