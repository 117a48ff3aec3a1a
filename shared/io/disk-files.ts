import { randomUUID } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { FileDigest, FileDigests, Files } from '../ports/files.ts';
import { digesting } from '../release/digest.ts';
import { diskError, errnoOf } from './disk-error.ts';

/** The calls to the system that this needs: handed in so that a test can have the disk fail in the middle. */
export type DiskCalls = Pick<
  typeof nodeFs,
  'cp' | 'mkdir' | 'mkdtemp' | 'open' | 'readdir' | 'readFile' | 'realpath' | 'rename' | 'rm' | 'stat'
>;

/** Bytes of a file that are in memory at once while its digest is made. */
const PIECE_BYTES = 1 << 20;

/** The machine's file system. */
export class DiskFiles implements Files, FileDigests {
  readonly #fs: DiskCalls;
  readonly #tempRoot: string;

  constructor(fs: DiskCalls = nodeFs, tempRoot: string = tmpdir()) {
    this.#fs = fs;
    this.#tempRoot = tempRoot;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return attempt('read', path, () => orUndefined(this.#fs.readFile(path)));
  }

  digest(path: string): Promise<FileDigest | undefined> {
    return attempt('read', path, async () => {
      const file = await orUndefined(this.#fs.open(path, 'r'));
      return file && digestOfFile(file);
    });
  }

  async write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>, mode?: number): Promise<void> {
    await attempt('write', path, async () => {
      await this.#fs.mkdir(dirname(path), { recursive: true });
      await this.#replacing(path, async (temp) => {
        const file = await this.#fs.open(temp, 'wx', mode ?? 0o666);
        try {
          await file.writeFile(content);
          if (mode !== undefined) await file.chmod(mode);
          await file.sync();
        } finally {
          await file.close();
        }
      });
      await this.#syncFolder(dirname(path));
    });
  }

  async list(dir: string): Promise<readonly string[]> {
    const found: string[] = [];
    await this.#collect(dir, '', found);
    return found.sort();
  }

  async copyTree(from: string, to: string): Promise<void> {
    absolute(from);
    await attempt('copy to', to, async () => {
      await this.#fs.mkdir(dirname(to), { recursive: true });
      await this.#replacing(to, (temp) => this.#fs.cp(from, temp, { recursive: true, verbatimSymlinks: true }));
    });
  }

  async remove(path: string): Promise<void> {
    await attempt('remove', path, () => this.#fs.rm(path, { recursive: true, force: true, maxRetries: 3 }));
  }

  tempDir(prefix: string): Promise<string> {
    const path = join(this.#tempRoot, basename(prefix));
    return attempt('make a folder at', path, async () => this.#fs.realpath(await this.#fs.mkdtemp(path)));
  }

  size(path: string): Promise<number | undefined> {
    return attempt('read', path, async () => (await orUndefined(this.#fs.stat(path)))?.size);
  }

  realPath(path: string): Promise<string | undefined> {
    return attempt('read', path, () => orUndefined(this.#fs.realpath(path)));
  }

  /** Makes the new thing beside the old one, then takes its place in one move; leaves nothing behind when that fails. */
  async #replacing(path: string, make: (temp: string) => Promise<void>): Promise<void> {
    const temp = join(dirname(path), `.haute-${randomUUID()}.tmp`);
    try {
      await make(temp);
      await this.#fs.rename(temp, path);
    } catch (error) {
      await this.#fs.rm(temp, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
  }

  /** The rename itself reaches the disk. Some file systems cannot sync a folder; they are not worse off than before. */
  async #syncFolder(dir: string): Promise<void> {
    const handle = await this.#fs.open(dir, 'r').catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  }

  async #collect(root: string, below: string, found: string[]): Promise<void> {
    const dir = join(root, below);
    const entries = await attempt('list', dir, () =>
      orUndefined(this.#fs.readdir(dir, { withFileTypes: true }), ['ENOENT']),
    );
    for (const entry of entries ?? []) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await this.#collect(root, path, found);
      else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
    }
  }
}

/** Runs a call to the disk; what the system throws becomes a ProviderError that names the path. */
async function attempt<T>(action: string, path: string, call: () => Promise<T>): Promise<T> {
  absolute(path);
  try {
    return await call();
  } catch (error) {
    throw errnoOf(error) === undefined ? error : diskError(error, action, path);
  }
}

/** Reads the file to its end, and closes it. */
async function digestOfFile(file: nodeFs.FileHandle): Promise<FileDigest> {
  try {
    const { add, digest } = digesting();
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return { digest: digest(), bytes };
      add(piece.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Undefined where there is nothing at that path. */
async function orUndefined<T>(
  result: Promise<T>,
  absent: readonly string[] = ['ENOENT', 'ENOTDIR'],
): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (absent.includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

function absolute(path: string): void {
  if (!isAbsolute(path)) throw new TypeError(`a path must be absolute: ${path}`);
}
