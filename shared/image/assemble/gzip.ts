import type { Compressor } from './compressor.ts';

/** Bytes that are compressed by themselves. The layer of a package is one or two of them. */
export const PIECE_BYTES = 1024 * 1024;

/**
 * Gzip whose bytes depend on what goes in and on nothing else: not on how the input was cut into pieces, on how many
 * threads compressed it, nor on the version of Node, its zlib (which writes other bytes on other processors), or the
 * time. A layer's digest is that of its compressed bytes, so this is what makes the same commit the same image
 * everywhere. Every mebibyte is a member of its own, one after another, which readers take for one file. Memory is
 * constant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.2
 */
export async function* gzip(
  input: AsyncIterable<Uint8Array>,
  compressor: Pick<Compressor, 'atOnce' | 'compress'>,
): AsyncGenerator<Uint8Array> {
  const members: Promise<Uint8Array>[] = [];
  let hasMember = false;
  for await (const piece of evenly(input)) {
    hasMember = true;
    members.push(begun(compressor.compress(piece)));
    if (members.length < compressor.atOnce) continue;
    const next = await members.shift();
    if (next) yield next;
  }
  if (!hasMember) members.push(begun(compressor.compress(new Uint8Array(0))));
  for (const member of members) yield await member;
}

/** What fails while nobody waits for it is told to whoever waits next. */
function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The same bytes in pieces of one size, and the rest. Each is memory of its own: it is handed to another thread. */
async function* evenly(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for await (const given of input) {
    for (let at = 0; at < given.length; ) {
      const part = given.subarray(at, at + PIECE_BYTES - filled);
      piece.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
