import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ScratchFile } from '../ports/scratch.ts';
import { diskError } from './disk-error.ts';
import { readFully } from './read-fully.ts';

interface Opened {
  readonly folder: string;
  readonly file: number;
}

/** Made when something is first put into it, in a folder of its own that nobody else may read. */
export class DiskScratch implements ScratchFile {
  readonly #parent: string;
  readonly #create: (path: string) => number;
  #opened: Opened | undefined;
  #size = 0;

  /** @param parent folder for temporary files @param create makes a file that is written and read, and is not there yet */
  constructor(parent: string, create = (path: string): number => openSync(path, 'wx+', 0o600)) {
    this.#parent = parent;
    this.#create = create;
  }

  get descriptor(): number | undefined {
    return this.#opened?.file;
  }

  append(bytes: Uint8Array): number {
    const at = this.#size;
    try {
      const { file } = this.#open();
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      throw diskError(error, 'write temporary data into', this.#parent);
    }
    this.#size += bytes.length;
    return at;
  }

  read(at: number, into: Uint8Array): void {
    try {
      readFully(this.#open().file, at, into);
    } catch (error) {
      throw diskError(error, 'read temporary data from', this.#parent);
    }
  }

  close(): void {
    if (this.#opened === undefined) return;
    const { folder, file } = this.#opened;
    this.#opened = undefined;
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }

  /** Where the system lets an open file lose its name it does so at once: then not even a killed run leaves it behind. */
  #open(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const folder = mkdtempSync(join(this.#parent, 'haute-pages-'));
    try {
      this.#opened = { folder, file: this.#create(join(folder, 'pages')) };
      return this.#opened;
    } finally {
      const isNeeded = this.#opened !== undefined && process.platform === 'win32';
      if (!isNeeded) rmSync(folder, { recursive: true, force: true });
    }
  }
}
