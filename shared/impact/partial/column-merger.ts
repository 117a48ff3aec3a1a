import type { Json } from '../../release/json.ts';
import type { QuoteColumn } from '../../release/quote-rows.ts';
import type { ChunkColumn } from './partial-chunk.ts';

/** Where the next values of a column are in one shard; without a column they are all missing. */
export interface ColumnSource {
  readonly column: ChunkColumn | undefined;
  readonly from: number;
}

/** The values of a column in rows that follow each other in the portfolio. */
export type MergedColumn = Pick<QuoteColumn, 'values' | 'places'> & {
  /** All that are there are numbers. */
  readonly isNumeric: boolean;
  /** None is there. */
  readonly isMissing: boolean;
};

const MISSING: readonly Json[] = [null];

/** Puts one column of all shards together: a value of each in turn. */
export class ColumnMerger {
  /** The lists of values of the last rows: mostly the next ones have the same. */
  #lists: readonly (readonly Json[])[] = [];
  #joined: readonly Json[] = [];
  #starts: readonly number[] = [];

  /** @param rounds values of each source */
  merge(sources: readonly ColumnSource[], rounds: number): MergedColumn {
    const isNumeric = sources.every(({ column }) => column === undefined || column.kind === 'number');
    const isCoded = sources.every(({ column }) => column === undefined || column.places !== undefined);
    const isMissing = sources.every(({ column }) => column === undefined);
    return isCoded
      ? { ...this.#mergeCoded(sources, rounds), isNumeric, isMissing }
      : { values: mergePlain(sources, rounds), places: undefined, isNumeric, isMissing };
  }

  #mergeCoded(sources: readonly ColumnSource[], rounds: number): Pick<QuoteColumn, 'values' | 'places'> {
    this.#join(sources.map(({ column }) => column?.values ?? MISSING));
    const places = new Uint32Array(rounds * sources.length);
    sources.forEach(({ column, from }, source) => {
      const start = this.#starts[source] as number;
      const own = column?.places;
      for (let round = 0, at = source; round < rounds; round++, at += sources.length) {
        places[at] = own === undefined ? start : start + (own[from + round] as number);
      }
    });
    return { values: this.#joined, places };
  }

  /** One list of all values, the same one as long as the lists are. */
  #join(lists: readonly (readonly Json[])[]): void {
    if (lists.length === this.#lists.length && lists.every((list, index) => list === this.#lists[index])) return;
    const starts: number[] = [];
    let end = 0;
    for (const list of lists) {
      starts.push(end);
      end += list.length;
    }
    const [first = MISSING, ...more] = lists;
    this.#joined = more.length === 0 ? first : first.concat(...more);
    [this.#lists, this.#starts] = [lists, starts];
  }
}

function mergePlain(sources: readonly ColumnSource[], rounds: number): readonly Json[] {
  const merged = new Array<Json>(rounds * sources.length);
  sources.forEach(({ column, from }, source) => {
    for (let round = 0, at = source; round < rounds; round++, at += sources.length) {
      merged[at] = column === undefined ? null : valueIn(column, from + round);
    }
  });
  return merged;
}

export function valueIn({ values, places }: Pick<QuoteColumn, 'values' | 'places'>, row: number): Json {
  return (places === undefined ? values[row] : values[places[row] as number]) ?? null;
}
