import { Gzip } from 'fflate';

/** Of zlib's scale: about its size at 6, at half the time. */
const LEVEL = 3;
/** What the compressor is given at a time, since its bytes depend on how its input is cut. */
const PIECE = 1024 * 1024;

/**
 * Gzip whose bytes depend on what goes in and on nothing else: not on how the input was cut into pieces, nor on the
 * version of Node, its zlib (which writes other bytes on other processors), or the time. A layer's digest is that of
 * its compressed bytes, so this is what makes the same commit the same image everywhere. Memory is constant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export async function* gzip(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const compressor = new Gzip({ level: LEVEL, mtime: 0 }, (piece) => ready.push(piece));
  for await (const piece of evenly(input)) {
    compressor.push(piece);
    yield* ready;
    ready = [];
  }
  compressor.push(new Uint8Array(0), true);
  yield* ready;
}

/** The same bytes in pieces of one size, and the rest. Each is memory of its own: the compressor may look back at it. */
async function* evenly(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  for await (const given of input) {
    for (let at = 0; at < given.length; ) {
      const part = given.subarray(at, at + PIECE - filled);
      piece.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < PIECE) continue;
      yield piece;
      piece = new Uint8Array(PIECE);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
