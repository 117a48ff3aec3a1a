import type { Digest } from '../release/digest.ts';

export interface FileDigest {
  readonly digest: Digest;
  readonly bytes: number;
}

/** Looks through files of any size, in pieces. Paths and errors are those of `Files`. */
export interface FileDigests {
  /** Undefined when there is no such file. */
  digest(path: string): Promise<FileDigest | undefined>;
}

/** The file system, narrow. Paths are absolute. Errors of the disk are ProviderErrors (DISK-FULL, DISK-DENIED, …). */
export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Writes the whole file or leaves the old one: to a temporary name, synced, then renamed. Makes the folder. Pieces
   * are written as they come, and what they throw is thrown.
   */
  write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>, mode?: number): Promise<void>;
  /**
   * Relative paths (with `/`) of all files below a folder, sorted; a symbolic link is listed as it is and not followed.
   * Empty when there is no such folder.
   */
  list(dir: string): Promise<readonly string[]>;
  /** The whole tree or nothing, symbolic links as they are. `to` must not exist, or be an empty folder. */
  copyTree(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** A new empty folder that nobody else uses; the caller removes it. */
  tempDir(prefix: string): Promise<string>;
  /** Bytes, or undefined when there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** The path with every symbolic link resolved; undefined when it does not exist. */
  realPath(path: string): Promise<string | undefined>;
}
