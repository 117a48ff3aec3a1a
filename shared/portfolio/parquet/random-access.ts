import { fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { AsyncBuffer } from 'hyparquet';

const readFrom = promisify(read);

/** An open file as the decoder wants it: any part, by position. */
export function randomAccess(file: number): AsyncBuffer {
  const { size } = fstatSync(file);
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await readFrom(file, bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Error(`the file ends before byte ${end}`);
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
