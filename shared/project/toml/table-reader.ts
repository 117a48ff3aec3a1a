import type { Problem } from '../../errors.ts';
import { nearest } from '../nearest.ts';
import type { Parsed } from '../units.ts';
import type { TomlDocument, TomlPath, TomlTable } from './parse-toml.ts';

/** Turns the value of a key into what we need, or says what is wrong. `bare` is how a number or boolean is written. */
export type ValueReader<T> = (value: unknown, bare: string | undefined) => Parsed<T>;

/**
 * Reads one table of a TOML file, key by key, and collects every problem with its line. What is asked for is what is
 * known: `unknownKeys` reports the rest, so that the keys are named in one place only.
 */
export class TableReader {
  readonly #document: TomlDocument;
  readonly #path: TomlPath;
  readonly #values: TomlTable;
  readonly #known = new Set<string>();
  readonly #tables = new Map<string, TableReader>();
  readonly #problems: Problem[];

  constructor(
    document: TomlDocument,
    path: TomlPath = [],
    values: TomlTable = document.root,
    problems: Problem[] = [],
  ) {
    this.#document = document;
    this.#path = path;
    this.#values = values;
    this.#problems = problems;
  }

  /** Everything found wrong so far, in this table and in all others of the file. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The keys that the file has in this table. */
  get keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** The value of a key, or `absent` where it is not there or is wrong. */
  read<T, A>(key: string, reader: ValueReader<T>, absent: A): T | A {
    this.#known.add(key);
    if (!this.has(key)) return absent;
    const parsed = reader(this.#values[key], this.#document.bare([...this.#path, key]));
    if ('value' in parsed) return parsed.value;
    this.report('TOML-BAD-VALUE', key, parsed.problem, parsed.fix);
    return absent;
  }

  /** A table below this one; empty where it is not there. Asked for again, it is the same one. */
  table(key: string): TableReader {
    this.#known.add(key);
    const known = this.#tables.get(key);
    if (known) return known;
    const value = this.#values[key];
    if (this.has(key) && !isTable(value)) {
      const fix = `Write [${[...this.#path, key].join('.')}] on a line of its own, once, and its keys below it`;
      this.report('TOML-BAD-VALUE', key, 'is not a table', fix);
    }
    const table = new TableReader(this.#document, [...this.#path, key], isTable(value) ? value : {}, this.#problems);
    this.#tables.set(key, table);
    return table;
  }

  /** Adds a problem with the key, at its line. `problem` is a phrase that follows the key's name. */
  report(code: string, key: string, problem: string, fix: string): void {
    const place = this.#document.place([...this.#path, key]);
    this.#problems.push({ code, what: `${this.#spell(key)} ${problem}`, fix, place });
  }

  /** Lets a key hold whatever it holds: somebody else reads it. */
  ignore(key: string): void {
    this.#known.add(key);
  }

  /** Reports every key that nobody asked for, here and in all tables below. */
  unknownKeys(homes: ReadonlyMap<string, string> = this.#homes()): void {
    for (const key of this.keys) {
      if (!this.#known.has(key)) this.#reportUnknown(key, homes);
    }
    for (const table of this.#tables.values()) table.unknownKeys(homes);
  }

  #reportUnknown(key: string, homes: ReadonlyMap<string, string>): void {
    const known = [...this.#known].filter((each) => !this.has(each));
    const meant = nearest(key, known);
    const home = homes.get(key);
    const place = this.#document.place([...this.#path, key]);
    const what = `unknown key ${this.#spell(key)}`;
    const fix =
      meant !== undefined
        ? `Did you mean '${meant}'?`
        : home !== undefined
          ? `It belongs in ${home}`
          : `Remove it. Known here: ${[...this.#known].join(', ')}`;
    this.#problems.push({ code: 'TOML-UNKNOWN-KEY', what, fix, place });
  }

  /** Where each known key belongs, for keys that were written in the wrong table. */
  #homes(): Map<string, string> {
    const homes = new Map<string, string>();
    for (const table of this.#tables.values()) for (const [key, home] of table.#homes()) homes.set(key, home);
    const here = this.#path.length === 0 ? 'the top of the file' : `[${this.#path.join('.')}]`;
    for (const key of this.#known) homes.set(key, here);
    return homes;
  }

  #spell(key: string): string {
    return this.#path.length === 0 ? `'${key}'` : `'${key}' in [${this.#path.join('.')}]`;
  }
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
