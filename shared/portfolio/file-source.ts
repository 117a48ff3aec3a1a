import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { AsyncBuffer } from 'hyparquet';
import type { Digest } from '../release/digest.ts';
import { randomAccess } from './parquet/random-access.ts';
import type { NamedFile } from './portfolio-file.ts';

/**
 * A file that is not on the disk of this machine: any part of it by position, all of it in order. Each part is of the
 * very content that was there when the file was found, or PORTFOLIO-CHANGED.
 */
export interface RemoteFile {
  readonly bytes: number;
  /** sha256 of the content where the store keeps one; of `version` otherwise. */
  readonly digest: Digest;
  /** How the store names exactly this content, for people; undefined where `digest` is of the content itself. */
  readonly version: string | undefined;
  slice(start: number, end: number): Promise<ArrayBuffer>;
  stream(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface FindOptions {
  /** The project, whose own credentials count. */
  readonly root: string;
  /** Whether a name ends as those of a known format do. */
  readonly isKnown: (name: string) => boolean;
  readonly signal: AbortSignal;
}

/** Finds the files of addresses. */
export interface RemoteFiles {
  /**
   * The files that an address names, sorted by name: one object, or all that a glob or a folder holds.
   * @throws ConfigError PORTFOLIO-REMOTE, PORTFOLIO-MISSING and what the store refuses; ProviderError; Interrupted
   */
  find(address: string, options: FindOptions): Promise<readonly NamedFile[]>;
}

/** A file opened for reading by position, whatever it lies on. */
export interface OpenedFile {
  readonly bytes: AsyncBuffer;
  close(): Promise<void>;
}

/** Opens a file for reading by position. Errors of the disk come as they are. */
export async function openFile({ path, remote }: NamedFile): Promise<OpenedFile> {
  if (remote) {
    const { bytes } = remote;
    return {
      bytes: { byteLength: bytes, slice: (start, end = bytes) => remote.slice(start, end) },
      close: async () => undefined,
    };
  }
  const handle = await open(path);
  try {
    return { bytes: randomAccess(handle.fd), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The file from its beginning to its end. Errors come out of the stream. */
export function streamFile({ path, remote }: NamedFile, signal: AbortSignal): Readable {
  if (remote) return Readable.from(remote.stream(signal), { objectMode: false, signal });
  return createReadStream(path, { signal, highWaterMark: 1 << 18 });
}

/** All of the file; undefined where it has more bytes than that. */
export async function wholeFile({ path, remote }: NamedFile, mostBytes: number): Promise<Uint8Array | undefined> {
  const bytes = remote ? remote.bytes : (await stat(path)).size;
  if (bytes > mostBytes) return undefined;
  return remote ? new Uint8Array(await remote.slice(0, bytes)) : await readFile(path);
}
