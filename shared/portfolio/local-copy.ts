import type { ScratchFile } from '../ports/scratch.ts';
import type { RemoteFile } from './file-source.ts';

/** Bytes that are read at once. */
const READ_BYTES = 1 << 20;

/** What copies are made of, and where it is said that there are none. */
export interface CopyTools {
  readonly scratch: () => ScratchFile;
  readonly say: (line: string) => void;
}

/** A file of a store that lies on the disk of this machine, in a file without a name, until it is closed. */
export class LocalCopy implements RemoteFile {
  readonly bytes;
  readonly digest;
  readonly version;
  readonly #scratch: ScratchFile;
  /** Where it came from, which is read again after it was closed. */
  readonly #origin: RemoteFile;
  #isOpen = true;

  private constructor(origin: RemoteFile, scratch: ScratchFile) {
    this.bytes = origin.bytes;
    this.digest = origin.digest;
    this.version = origin.version;
    this.#origin = origin;
    this.#scratch = scratch;
  }

  /** @throws ProviderError DISK-FULL and the like; what the store says, and PORTFOLIO-CHANGED; leaves nothing behind */
  static async of(origin: RemoteFile, scratch: ScratchFile, signal: AbortSignal): Promise<LocalCopy> {
    try {
      for await (const part of origin.stream(signal)) scratch.append(part);
      signal.throwIfAborted();
      return new LocalCopy(origin, scratch);
    } catch (error) {
      scratch.close();
      throw error;
    }
  }

  async slice(start: number, end: number): Promise<ArrayBuffer> {
    if (!this.#isOpen) return this.#origin.slice(start, end);
    const bytes = new Uint8Array(Math.max(0, Math.min(end, this.bytes) - start));
    this.#scratch.read(start, bytes);
    return bytes.buffer;
  }

  async *stream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (!this.#isOpen) {
      yield* this.#origin.stream(signal);
      return;
    }
    for (let at = 0; at < this.bytes; at += READ_BYTES) {
      signal.throwIfAborted();
      yield new Uint8Array(await this.slice(at, at + READ_BYTES));
    }
  }

  close(): void {
    if (this.#isOpen) this.#scratch.close();
    this.#isOpen = false;
  }
}
