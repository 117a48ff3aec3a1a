import { type Compressor, PIECE_BYTES } from './compressor.ts';

export type GzipTools = Pick<Compressor, 'atOnce' | 'piece' | 'compress'>;

/**
 * Gzip whose bytes depend on what goes in and on nothing else: not on how the input was cut into pieces, on how many
 * threads compressed it, nor on the version of Node, its zlib (which writes other bytes on other processors), or the
 * time. A layer's digest is that of its compressed bytes, so this is what makes the same commit the same image
 * everywhere. Every mebibyte is a member of its own, one after another, which readers take for one file. Memory is
 * constant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.2
 */
export async function* gzip(input: AsyncIterable<Uint8Array>, compressor: GzipTools): AsyncGenerator<Uint8Array> {
  const members: Promise<Uint8Array>[] = [];
  let hasMember = false;
  for await (const piece of evenly(input, compressor)) {
    hasMember = true;
    members.push(begun(compressor.compress(piece)));
    if (members.length < compressor.atOnce) continue;
    const next = await members.shift();
    if (next) yield next;
  }
  if (!hasMember) members.push(begun(compressor.compress(compressor.piece().subarray(0, 0))));
  for (const member of members) yield await member;
}

/** What fails while nobody waits for it is told to whoever waits next. */
function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The same bytes in pieces of one size, and the rest. Each is memory of its own: it is handed to another thread. */
async function* evenly(
  input: AsyncIterable<Uint8Array>,
  memory: Pick<GzipTools, 'piece'>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = memory.piece();
  let filled = 0;
  for await (const given of input) {
    for (let at = 0; at < given.length; ) {
      const part = given.subarray(at, at + PIECE_BYTES - filled);
      piece.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = memory.piece();
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
