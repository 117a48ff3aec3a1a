import type { Json } from '../../release/json.ts';
import type { QuoteColumn, QuoteRows } from '../../release/quote-rows.ts';
import {
  type ColumnKind,
  FIRST_POSITION,
  keysColumn,
  PARTS,
  type Part,
  parseValuesColumn,
  wholeColumn,
} from './column-names.ts';
import { broken } from './merge-errors.ts';

/** Values of a column in some rows of a file: rows' own, or for each row the place of its value. */
export interface ChunkColumn extends Pick<QuoteColumn, 'values' | 'places'> {
  readonly kind: ColumnKind;
}

/** The objects of one part in some rows of a file. */
export interface ChunkTable {
  readonly keys: ChunkColumn | undefined;
  readonly whole: ChunkColumn | undefined;
  readonly columns: ReadonlyMap<string, ChunkColumn>;
}

/** Some rows of a file as they are read. */
export interface PartialChunk {
  readonly length: number;
  readonly firstPosition: number;
  readonly tables: Readonly<Record<Part, ChunkTable>>;
}

type Found = ReturnType<typeof parseValuesColumn>;

/** Finds its way in the rows of a partial's files. */
export class ChunkDecoder {
  readonly #names = new Map<string, Found>();
  /** Values that were JSON: those of a file are the same list for many rows. */
  readonly #parsed = new WeakMap<readonly Json[], readonly Json[]>();

  /** @throws ConfigError MERGE-BROKEN when these are no rows of a partial */
  decode(rows: QuoteRows): PartialChunk {
    const [part, ...more] = rows.parts ?? [];
    if (part === undefined || more.length > 0) throw broken('its rows are not those of a partial');
    const byName = new Map(part.columns.map((column) => [column.name, column]));
    const [firstPosition] = valuesOf(byName.get(FIRST_POSITION));
    if (typeof firstPosition !== 'number') throw broken('a row has no position');
    const tables = Object.fromEntries(
      PARTS.map((name) => [
        name,
        {
          keys: textColumn(byName.get(keysColumn(name))),
          whole: textColumn(byName.get(wholeColumn(name))),
          columns: new Map<string, ChunkColumn>(),
        },
      ]),
    ) as Record<Part, ChunkTable & { readonly columns: Map<string, ChunkColumn> }>;
    for (const { name, values, places } of part.columns) {
      const found = this.#find(name);
      if (found === undefined) continue;
      const read = found.kind === 'json' ? this.#parse(values) : values;
      tables[found.part].columns.set(found.name, { kind: found.kind, values: read, places });
    }
    return { length: part.length, firstPosition, tables };
  }

  #find(column: string): Found {
    if (!this.#names.has(column)) this.#names.set(column, parseValuesColumn(column));
    return this.#names.get(column);
  }

  #parse(values: readonly Json[]): readonly Json[] {
    const known = this.#parsed.get(values);
    if (known !== undefined) return known;
    const parsed = values.map((text) => (text === null ? null : parseJson(text)));
    this.#parsed.set(values, parsed);
    return parsed;
  }
}

/** @throws ConfigError MERGE-BROKEN */
export function parseJson(text: Json): Json {
  try {
    return JSON.parse(text as string) as Json;
  } catch {
    throw broken('a value is not JSON');
  }
}

function textColumn(column: QuoteColumn | undefined): ChunkColumn | undefined {
  return column && { kind: 'text', values: column.values, places: column.places };
}

function valuesOf(column: QuoteColumn | undefined): readonly (Json | undefined)[] {
  if (column === undefined) return [];
  return [column.values[column.places?.[0] ?? 0]];
}
