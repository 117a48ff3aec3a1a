/** A value that stands as often in a row is written as a run. A multiple of eight. */
const LEAST_RUN = 16;

/**
 * The bytes of values in Parquet's hybrid of runs and packed bits.
 * @param width bits of a value, up to 24
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/ Run Length Encoding / Bit-Packing Hybrid
 */
export function writeRuns(values: Uint32Array | Uint8Array, width: number): Uint8Array {
  // Packed bits take no more than this, and a run less than the packed bits that it stands for; each has a header.
  const bytes = new Uint8Array(Math.ceil(values.length / 8) * width + (values.length / LEAST_RUN + 1) * 2 * 10);
  let [end, packedFrom, at] = [0, 0, 0];
  const pack = (to: number): void => {
    if (to > packedFrom) end = writePacked(values, packedFrom, to, width, bytes, end);
  };
  while (at < values.length) {
    const runEnd = endOfRun(values, at);
    if (runEnd - at < LEAST_RUN) {
      at = Math.min(at + 8, values.length);
      continue;
    }
    pack(at);
    end = writeRun(values[at] as number, runEnd - at, width, bytes, end);
    at = runEnd;
    packedFrom = runEnd;
  }
  pack(values.length);
  return bytes.subarray(0, end);
}

function endOfRun(values: Uint32Array | Uint8Array, from: number): number {
  const value = values[from];
  let at = from + 1;
  while (at < values.length && values[at] === value) at += 1;
  return at;
}

function writeRun(value: number, count: number, width: number, bytes: Uint8Array, start: number): number {
  let at = writeVarint(count * 2, bytes, start);
  for (let bits = 0; bits < width; bits += 8) bytes[at++] = value >>> bits;
  return at;
}

/** Whole groups of eight values, the last one filled up with zeros. */
function writePacked(
  values: Uint32Array | Uint8Array,
  from: number,
  to: number,
  width: number,
  bytes: Uint8Array,
  start: number,
): number {
  const groups = Math.ceil((to - from) / 8);
  const first = writeVarint(groups * 2 + 1, bytes, start);
  let [at, pending, bits] = [first, 0, 0];
  for (let index = from; index < to; index++) {
    pending |= (values[index] as number) << bits;
    bits += width;
    for (; bits >= 8; bits -= 8, pending >>>= 8) bytes[at++] = pending;
  }
  if (bits > 0) bytes[at] = pending;
  return first + groups * width;
}

function writeVarint(value: number, bytes: Uint8Array, start: number): number {
  let [at, left] = [start, value];
  for (; left >= 0x80; left >>>= 7) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}
