import { BitWriter } from './bit-writer.ts';
import { crc32 } from './crc32.ts';
import { writeBlock, writeEnd } from './deflate-block.ts';
import { findMatches, movePlaces, noMatches, noPlaces } from './matches.ts';
import { WINDOW } from './symbols.ts';

/** Of the format alone: no time, no name, no level, "unknown" for the system. @see https://www.rfc-editor.org/rfc/rfc1952 */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const BLOCK = 4 * WINDOW;

/**
 * Gzip whose bytes depend on what goes in and on nothing else: not on how the input was cut into pieces, nor on the
 * version of Node, its zlib or the processor. A layer's digest is that of its compressed bytes, so this is what makes
 * the same commit the same image everywhere. About as fast and as small as zlib's level 3; memory is constant.
 */
export async function* gzip(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = new BitWriter(BLOCK + WINDOW);
  const places = noPlaces();
  const matches = noMatches(BLOCK);
  const buffer = new Uint8Array(WINDOW + BLOCK);
  let from = 0;
  let to = 0;
  let crc = 0;
  let size = 0;
  const flush = () => {
    findMatches(buffer, from, to, places, matches);
    writeBlock(out, buffer.subarray(from, to), matches);
  };
  yield HEADER;
  for await (const piece of input) {
    crc = crc32(piece, crc);
    size += piece.length;
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + Math.min(piece.length - at, from + BLOCK - to));
      buffer.set(taken, to);
      at += taken.length;
      to += taken.length;
      if (to < from + BLOCK) continue;
      flush();
      yield out.take();
      buffer.copyWithin(0, to - WINDOW, to);
      movePlaces(places, to - WINDOW);
      from = to = WINDOW;
    }
  }
  if (to > from) flush();
  writeEnd(out);
  out.align();
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, crc, true);
  trailer.setUint32(4, size % 2 ** 32, true);
  out.raw(new Uint8Array(trailer.buffer));
  yield out.take();
}
