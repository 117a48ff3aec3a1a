import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

type Gzip = (input: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** A layer of a package has kilobytes, one of the packages of a service hundreds of megabytes. */
const LARGE_BYTES = 8 * 1024 * 1024;

/**
 * Compresses as `ours` does, but for large layers: those go through the compressor of Node, which is several times
 * faster and gives other bytes. For tests that look at what is in an image and not at its digest.
 */
export function quickGzip(ours: Gzip): Gzip {
  return async function* quickly(input) {
    const pieces = input[Symbol.asyncIterator]();
    const first: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < LARGE_BYTES) {
      const { done, value } = await pieces.next();
      if (done) return yield* ours(Readable.from(first));
      first.push(value);
      bytes += value.length;
    }
    const all = async function* (): AsyncGenerator<Uint8Array> {
      yield* first;
      yield* { [Symbol.asyncIterator]: () => pieces };
    };
    // What fails is told to whoever reads the result.
    yield* pipeline(Readable.from(all()), createGzip({ level: 1 }), () => undefined);
  };
}
