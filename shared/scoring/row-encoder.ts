import type { QuoteRows, RowPart } from '../release/quote-rows.ts';
import { ColumnEncoder } from './encode-columns.ts';
import type { WireShape } from './wire-shapes.ts';

type Frame = Pick<WireShape, 'before' | 'after'>;

/** Writes rows as a request body. Two addresses get the same rows, so the last text of rows is kept while they live. */
export class RowEncoder {
  readonly #known = new WeakMap<QuoteRows, { readonly frame: Frame; readonly body: Buffer }>();
  readonly #columns = new ColumnEncoder();

  /** @returns the whole body, as UTF-8 */
  encode(rows: QuoteRows, frame: Frame): Buffer {
    const known = this.#known.get(rows);
    if (known?.frame.before === frame.before && known.frame.after === frame.after) return known.body;
    const { before, after } = frame;
    const body =
      rows.parts && !rows.parts.some(hasNamelessColumn)
        ? this.#columns.encode(rows.parts, before, after)
        : Buffer.from(`${before}${JSON.stringify([...rows])}${after}`);
    this.#known.set(rows, { frame, body });
    return body;
  }
}

/** Such a column is too short to be the last one of a row that is copied in strides. */
function hasNamelessColumn({ columns }: RowPart): boolean {
  return columns.some(({ name }) => name === '');
}
