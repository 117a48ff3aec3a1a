import type { AsyncBuffer, DecodedArray, RowGroup, SchemaTree } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { Json } from '../../release/json.ts';
import { CHUNK_ROWS } from '../portfolio-file.ts';
import type { ColumnPiece } from './column-stream.ts';
import { LeafRows } from './leaf-rows.ts';
import { PARSERS } from './parquet-values.ts';

/** The values of one nested column in one row group: no more than some pages of each of its leaves are held. */
export class NestedCursor {
  readonly #column: SchemaTree;
  readonly #leaves: readonly LeafRows[];
  readonly #toJson: (values: DecodedArray) => readonly Json[];
  #left: number;

  /** @param toJson makes of decoded values what JSON carries */
  constructor(
    file: AsyncBuffer,
    group: RowGroup,
    root: SchemaTree,
    column: SchemaTree,
    toJson: (values: DecodedArray) => readonly Json[],
  ) {
    const { name } = column.element;
    const chunks = group.columns.flatMap(({ meta_data: chunk }) => (chunk?.path_in_schema[0] === name ? [chunk] : []));
    if (chunks.length === 0) throw new Error(`a row group has no column ${name}`);
    this.#leaves = chunks.map((chunk) => new LeafRows(file, chunk, getTreePath(root, chunk.path_in_schema)));
    this.#column = column;
    this.#toJson = toJson;
    this.#left = Number(group.num_rows);
  }

  /** The values of the next rows; undefined after the last. */
  async next(): Promise<ColumnPiece | undefined> {
    if (this.#left === 0) return undefined;
    let rows = Math.min(this.#left, CHUNK_ROWS);
    for (const leaf of this.#leaves) rows = Math.min(rows, await leaf.ready());
    this.#left -= rows;
    const parts = new Map<string, DecodedArray>();
    for (const leaf of this.#leaves) parts.set(leaf.path.join('.'), leaf.take(rows));
    assembleNested(parts, this.#column, { ...DEFAULT_PARSERS, ...PARSERS });
    const values = parts.get(this.#column.element.name);
    if (values?.length !== rows) throw new Error('a nested column does not hold as many values as it says');
    return { values: this.#toJson(values), places: undefined };
  }
}
