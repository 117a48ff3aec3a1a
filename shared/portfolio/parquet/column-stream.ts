import type { DecodedArray, SchemaTree } from 'hyparquet';
import type { Json } from '../../release/json.ts';
import { columnToJson } from './parquet-values.ts';

/** Where the values of a column come from, in pieces of any size. */
export type Pieces = () => Promise<DecodedArray | undefined>;

/** One column of a row group as JSON values, some at a time. */
export class ColumnStream {
  readonly name: string;
  readonly #column: SchemaTree;
  readonly #pieces: Pieces;
  readonly #file: string;
  #values: readonly Json[] = [];
  #at = 0;

  constructor(column: SchemaTree, pieces: Pieces, file: string) {
    this.name = column.element.name;
    this.#column = column;
    this.#pieces = pieces;
    this.#file = file;
  }

  /** Values that can be taken without reading on; reads on when there are none. */
  async ready(): Promise<number> {
    while (this.#at >= this.#values.length) {
      const piece = await this.#pieces();
      if (piece === undefined) throw new Error(`column ${this.name} ends before its row group does`);
      this.#values = columnToJson(piece, this.#column, this.#file);
      this.#at = 0;
    }
    return this.#values.length - this.#at;
  }

  /** The next value. Only as many may be taken as are ready. */
  take(): Json {
    return this.#values[this.#at++] as Json;
  }
}
