/** The cells of some rows, without the quotes that they may stand in: those of a row follow each other. */
export interface CellBlock {
  readonly rows: number;
  readonly columns: number;
  /** UTF-8. */
  readonly bytes: Buffer;
  /** Where each cell starts in the bytes, and where it ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const QUOTE = 0x22;
/** Bytes below it are letters by themselves. */
const ASCII_END = 0x80;

/** Makes one quote of two where they stand in a cell. */
export function unescapeCell(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, cell: number): void {
  const end = ends[cell] as number;
  let to = starts[cell] as number;
  for (let at = to; at < end; at++) {
    const byte = bytes[at] as number;
    bytes[to++] = byte;
    if (byte === QUOTE) at += 1;
  }
  ends[cell] = to;
}

/** The text of a cell. */
export function cellText(bytes: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) {
    if ((bytes[at] as number) >= ASCII_END) return bytes.toString('utf8', start, end);
  }
  return bytes.toString('latin1', start, end);
}
