import type { Json } from '../../release/json.ts';
import type { QuoteColumn } from '../../release/quote-rows.ts';

/** Values of a column: rows' own, or for each row the place of its value among them. */
export type ColumnPiece = Pick<QuoteColumn, 'values' | 'places'>;

/** Where the values of a column come from, in pieces of any size. */
export type Pieces = () => Promise<ColumnPiece | undefined>;

/** One column of a row group, some rows at a time. */
export class ColumnStream {
  readonly name: string;
  readonly #pieces: Pieces;
  #piece: ColumnPiece = { values: [], places: undefined };
  #at = 0;

  constructor(name: string, pieces: Pieces) {
    this.name = name;
    this.#pieces = pieces;
  }

  /** Rows that can be taken without reading on; reads on when there are none. */
  async ready(): Promise<number> {
    while (this.#at >= lengthOf(this.#piece)) {
      const piece = await this.#pieces();
      if (piece === undefined) throw new Error(`column ${this.name} ends before its row group does`);
      [this.#piece, this.#at] = [piece, 0];
    }
    return lengthOf(this.#piece) - this.#at;
  }

  /** The next rows. Only as many may be taken as are ready. */
  take(count: number): QuoteColumn {
    const { values, places } = this.#piece;
    const [from, to] = [this.#at, this.#at + count];
    this.#at = to;
    return places === undefined
      ? { name: this.name, values: rowsOwn(values, from, to), places }
      : { name: this.name, values, places: places.subarray(from, to) };
  }
}

export function lengthOf({ values, places }: ColumnPiece): number {
  return places === undefined ? values.length : places.length;
}

function rowsOwn(values: readonly Json[], from: number, to: number): readonly Json[] {
  return from === 0 && to === values.length ? values : values.slice(from, to);
}
