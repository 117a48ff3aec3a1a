import type { JsonObject } from '../release/json.ts';
import type { WireShape } from './wire-shapes.ts';

/** Writes rows as a request body. Two addresses get the same rows, so the last text of each array is kept while the array lives. */
export class RowEncoder {
  readonly #known = new WeakMap<readonly JsonObject[], Buffer>();

  /** @returns the whole body, as UTF-8 */
  encode(rows: readonly JsonObject[], shape: Pick<WireShape, 'before' | 'after'>): Buffer {
    const known = this.#known.get(rows) ?? Buffer.from(JSON.stringify(rows));
    this.#known.set(rows, known);
    if (shape.before === '' && shape.after === '') return known;
    return Buffer.concat([Buffer.from(shape.before), known, Buffer.from(shape.after)]);
  }
}
