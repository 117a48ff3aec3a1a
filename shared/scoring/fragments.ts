import type { Json } from '../release/json.ts';
import { JsonWriter } from './json-writer.ts';

/** Bytes that are copied at once. Whoever copies from fragments reads up to so many bytes beyond the end of one. */
export const STRIDE = 8;

/** Values of a column as they stand in a row, each after the name of the column, in one piece of memory. */
export interface Fragments {
  readonly bytes: DataView;
  /** Where each one starts, and where the last one ends. */
  readonly bounds: Uint32Array;
}

/** @param opening what stands before each value */
export function fragmentsOf(values: ArrayLike<Json>, opening: string): Fragments {
  const writer = new JsonWriter(values.length * (opening.length + 12));
  const bounds = new Uint32Array(values.length + 1);
  const before = Buffer.from(opening);
  for (let index = 0; index < values.length; index++) {
    writer.bytes(before);
    writer.value(values[index] as Json);
    bounds[index + 1] = writer.length;
  }
  writer.bytes(new Uint8Array(STRIDE));
  const { buffer, byteOffset, byteLength } = writer.finish();
  return { bytes: new DataView(buffer, byteOffset, byteLength), bounds };
}
