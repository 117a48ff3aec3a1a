import type { AsyncBuffer } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** After the footer stand its length and four letters. */
const TAIL_BYTES = 8;

/**
 * A name of a column that begins with a byte order mark, which the decoder drops: the column would be called otherwise than
 * in the file, or like another one.
 * @param length of the footer
 * @returns the name without the mark; undefined where there is none
 */
export async function markedName(file: AsyncBuffer, length: number): Promise<string | undefined> {
  const end = file.byteLength - TAIL_BYTES;
  const footer = Buffer.from(await file.slice(end - length, end));
  if (!footer.includes(BYTE_ORDER_MARK)) return undefined;
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  // The second field is the schema, and the fourth one of its elements their name.
  const { field_2: schema } = deserializeTCompactProtocol({ view, offset: 0 }) as {
    readonly field_2: readonly Element[];
  };
  const marked = schema.find(({ field_4: name }) =>
    Buffer.from(name).subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK),
  );
  return marked && Buffer.from(marked.field_4.subarray(BYTE_ORDER_MARK.length)).toString();
}

interface Element {
  readonly field_4: Uint8Array;
}
