import { readSync } from 'node:fs';

/** Fills `into` with the bytes of an open file from there on. @throws where the file is shorter */
export function readFully(file: number, at: number, into: Uint8Array): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, at + done);
    if (read === 0) throw new Error('the file is shorter than what was written into it');
    done += read;
  }
}
