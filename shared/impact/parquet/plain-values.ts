/** Numbers as Parquet has them one after the other. @param values without those that are not there */
export function plainNumbers(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (let index = 0; index < values.length; index++) view.setFloat64(index * 8, values[index] as number, true);
  return new Uint8Array(view.buffer);
}

export function plainIntegers(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index++) view.setInt32(index * 4, values[index] as number, true);
  return new Uint8Array(view.buffer);
}

/** Eight of them in a byte. */
export function plainFlags(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (let index = 0; index < values.length; index++) {
    bytes[index >> 3] = (bytes[index >> 3] as number) | ((values[index] as number) << (index & 7));
  }
  return bytes;
}

/** Before each text stands how many bytes it has. */
const LENGTH_BYTES = 4;
/** Bytes that a letter of a string takes in UTF-8 at most. */
const MOST_BYTES = 3;

export function plainTexts(values: readonly string[]): Uint8Array {
  let letters = 0;
  for (const value of values) letters += value.length;
  const bytes = Buffer.allocUnsafe(values.length * LENGTH_BYTES + letters * MOST_BYTES);
  let at = 0;
  for (const value of values) {
    const end = writeText(value, bytes, at + LENGTH_BYTES);
    bytes.writeUInt32LE(end - at - LENGTH_BYTES, at);
    at = end;
  }
  return bytes.subarray(0, at);
}

/** Short texts are copied letter by letter as long as their letters are a byte each, which is faster than a call. */
function writeText(value: string, bytes: Buffer, start: number): number {
  for (let index = 0; index < value.length; index++) {
    const letter = value.charCodeAt(index);
    if (letter >= 0x80) return start + bytes.write(value, start, 'utf8');
    bytes[start + index] = letter;
  }
  return start + value.length;
}
