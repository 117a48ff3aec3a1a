const TABLES = sliceTables();

/**
 * CRC-32 of gzip, continued from an earlier piece. `zlib.crc32` is not in Node 20.
 * @param crc of what came before; 0 at the start
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  let value = ~crc;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    value ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    value =
      (t3[value & 0xff] as number) ^
      (t2[(value >>> 8) & 0xff] as number) ^
      (t1[(value >>> 16) & 0xff] as number) ^
      (t0[value >>> 24] as number);
  }
  for (; at < bytes.length; at++) value = (t0[(value ^ (bytes[at] as number)) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}

/** Four tables, so that four bytes are taken in one go. */
function sliceTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const tables = [0, 1, 2, 3].map(() => new Int32Array(256)) as [Int32Array, Int32Array, Int32Array, Int32Array];
  for (let index = 0; index < 256; index++) {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[0][index] = value;
  }
  for (let index = 0; index < 256; index++) {
    for (let slice = 1; slice < 4; slice++) {
      const before = tables[slice - 1]?.[index] as number;
      (tables[slice] as Int32Array)[index] = (tables[0][before & 0xff] as number) ^ (before >>> 8);
    }
  }
  return tables;
}
