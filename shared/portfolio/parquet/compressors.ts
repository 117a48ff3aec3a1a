import * as zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Node's own, several times faster than the same in JavaScript, where this Node has them (zstd: from 22.15 on). */
const NATIVE: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...('zstdDecompressSync' in zlib && { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) }),
};

/** Every codec that Parquet files are written with. Of nothing, some write nothing and some read no end. */
export const COMPRESSORS: Compressors = Object.fromEntries(
  Object.entries({ ...compressors, ...NATIVE }).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, size: number) => (size === 0 ? new Uint8Array() : unpack(input, size)),
  ]),
);
