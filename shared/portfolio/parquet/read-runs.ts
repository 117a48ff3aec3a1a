const MOST_BITS = 32;
/** Bits of a value that can be read at once wherever in a byte it starts. */
const EASY_BITS = 25;

/**
 * Reads values in Parquet's hybrid of runs and packed bits. Several times as fast as the decoder's own, which goes
 * from byte to byte and into lists.
 * @param start where the first run starts
 * @param width bits of a value
 * @param into is filled
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/ Run Length Encoding / Bit-Packing Hybrid
 */
export function readRuns(bytes: Uint8Array, start: number, width: number, into: Uint32Array | Uint8Array): void {
  if (width > MOST_BITS) throw new Error(`values of ${width} bits are too long`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const widthBytes = (width + 7) >> 3;
  let at = start;
  for (let done = 0; done < into.length; ) {
    let [header, shift] = [0, 0];
    for (let byte = 0x80; byte >= 0x80; shift += 7) {
      if (at >= bytes.length || shift > 28) throw new Error('a page ends before its values do');
      byte = bytes[at++] as number;
      header |= (byte & 0x7f) << shift;
    }
    header >>>= 0;
    if ((header & 1) === 1) {
      const groups = header >>> 1;
      const count = Math.min(groups * 8, into.length - done);
      unpack(view, at, width, into, done, count);
      at += groups * width;
      done += count;
    } else {
      if (header === 0) throw new Error('a page holds a run of no values');
      const count = Math.min(header >>> 1, into.length - done);
      into.fill(readLittle(view, at, widthBytes), done, done + count);
      at += widthBytes;
      done += count;
    }
  }
}

function unpack(
  view: DataView,
  start: number,
  width: number,
  into: Uint32Array | Uint8Array,
  first: number,
  count: number,
): void {
  const mask = width === MOST_BITS ? 0xffff_ffff : 2 ** width - 1;
  const lastEasy = width <= EASY_BITS ? view.byteLength - 4 : -1;
  let bit = 0;
  for (let index = 0; index < count; index++, bit += width) {
    const at = start + Math.floor(bit / 8);
    into[first + index] =
      at <= lastEasy ? (view.getUint32(at, true) >>> (bit & 7)) & mask : readBits(view, at, bit & 7, width);
  }
}

/** A value anywhere, also at the end of the page. */
function readBits(view: DataView, at: number, bit: number, width: number): number {
  const value = readLittle(view, at, (bit + width + 7) >> 3);
  return Math.floor(value / 2 ** bit) % 2 ** width;
}

/** @param count bytes, up to five */
function readLittle(view: DataView, at: number, count: number): number {
  let [value, unit] = [0, 1];
  for (let index = 0; index < count; index++, unit *= 256) value += view.getUint8(at + index) * unit;
  return value;
}
