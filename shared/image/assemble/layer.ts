import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { type Pack, pack } from 'tar-stream';
import { Interrupted } from '../../errors.ts';
import type { Digest } from '../../release/digest.ts';
import { type GzipTools, gzip } from './gzip.ts';
import { onDisk } from './on-disk.ts';

/** The digests that a layer has. */
export interface LayerDigests {
  /** Of the compressed bytes: what the layer is stored by. */
  readonly digest: Digest;
  /** Compressed bytes. */
  readonly size: number;
  /** Of the bytes before compression: what the image's configuration lists. */
  readonly diffId: Digest;
}

/** A file of a layer, whose content is read from disk or given. */
export interface LayerFile {
  /** Where it is in the image, without the first `/`. */
  readonly path: string;
  /** Whether it may be executed. */
  readonly executable: boolean;
  readonly content: { readonly file: string; readonly size: number } | { readonly bytes: Uint8Array };
}

/** An empty folder that a user may write into. */
export interface LayerFolder {
  readonly path: string;
  /** Number of the user and of the group. */
  readonly owner: number;
}

/** What writing a layer uses of its surroundings. */
export interface LayerTools {
  readonly compressor: GzipTools;
  readonly signal: AbortSignal;
}

/** A file in memory costs less than a stream of it; a model of gigabytes is read in pieces. */
const IN_MEMORY_BYTES = 1024 * 1024;

/**
 * Writes files as a layer into a new file on disk. Equal paths, contents and modes give equal bytes: sorted by path,
 * owned by root, of the first second of 1970, folders as entries of their own. Memory does not grow with the content.
 * @param onFile told each piece of a file's content as it is packed
 * @param folders folders that are not those of files
 * @throws Interrupted, also in the middle of a file; ProviderError IMAGE-DISK
 */
export async function writeLayer(
  files: readonly LayerFile[],
  to: string,
  { compressor, signal }: LayerTools,
  onFile: (file: LayerFile, piece: Uint8Array) => void = () => undefined,
  folders: readonly LayerFolder[] = [],
): Promise<LayerDigests> {
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let size = 0;
  const tar = pack();
  // Iterated from the start on: a stream that fails before somebody listens ends the process.
  const pieces = piecesOf(tar);
  const filled = fill(tar, [...folders, ...files], signal, onFile);
  filled.catch((error: Error) => tar.destroy(error));
  await onDisk(to, async () => {
    const target = await open(to, 'wx', 0o600);
    try {
      for await (const piece of gzip(hashing(pieces, plain), compressor)) {
        packed.update(piece);
        size += piece.length;
        await target.appendFile(piece);
      }
    } finally {
      await target.close();
    }
  });
  await filled;
  return { digest: `sha256:${packed.digest('hex')}`, size, diffId: `sha256:${plain.digest('hex')}` };
}

/** Its types do not say what it is read as. */
function piecesOf(tar: Pack): AsyncIterable<Uint8Array> {
  const iterator = tar[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* hashing(pieces: AsyncIterable<Uint8Array>, hash: { update(piece: Uint8Array): unknown }) {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

async function fill(
  tar: Pack,
  files: readonly (LayerFile | LayerFolder)[],
  signal: AbortSignal,
  onFile: (file: LayerFile, piece: Uint8Array) => void,
): Promise<void> {
  const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const folders = new Set<string>();
  for (const file of sorted) {
    if (signal.aborted) throw new Interrupted();
    for (const folder of foldersOf(file.path)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      await add(tar, { ...FIXED, name: folder, type: 'directory', mode: 0o755 });
    }
    if ('owner' in file) {
      await add(tar, { ...FIXED, name: file.path, type: 'directory', mode: 0o755, uid: file.owner, gid: file.owner });
      continue;
    }
    const header = { ...FIXED, name: file.path, mode: file.executable ? 0o755 : 0o644 } as const;
    const bytes = await contentInMemory(file);
    if (bytes) {
      onFile(file, bytes);
      await add(tar, { ...header, type: 'file', size: bytes.length }, bytes);
    } else await addStream(tar, header, file, signal, onFile);
  }
  tar.finalize();
}

const FIXED = { uid: 0, gid: 0, mtime: new Date(0), uname: '', gname: '' } as const;

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function contentInMemory({ content }: LayerFile): Promise<Uint8Array | undefined> {
  if ('bytes' in content) return content.bytes;
  return content.size <= IN_MEMORY_BYTES ? onDisk(content.file, () => readFile(content.file)) : undefined;
}

/** Its types want something to end with. */
const NOTHING = new Uint8Array(0);

type Header = Parameters<Pack['entry']>[0];
type Entry = ReturnType<Pack['entry']>;

function add(tar: Pack, header: Header, bytes?: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (bytes) tar.entry(header, bytes, done);
    else tar.entry(header, done);
  });
}

async function addStream(
  tar: Pack,
  header: Header,
  file: LayerFile,
  signal: AbortSignal,
  onFile: (file: LayerFile, piece: Uint8Array) => void,
): Promise<void> {
  if ('bytes' in file.content) return;
  const { file: path, size } = file.content;
  let settle: (error?: Error | null) => void = () => undefined;
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  const entry = tar.entry({ ...header, type: 'file', size }, (error) => settle(error));
  // What it ends with is thrown here; without a listener it would end the process as well.
  entry.on('error', () => undefined);
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      // Once for each file is too seldom: one of gigabytes takes minutes.
      if (signal.aborted) throw new Interrupted();
      onFile(file, piece);
      if (!entry.write(piece)) await Promise.race([drained(entry), written]);
    }
    entry.end(NOTHING);
  } catch (error) {
    entry.destroy(error instanceof Error ? error : new Error(String(error)));
    written.catch(() => undefined);
    throw error;
  }
  await written;
}

function drained(entry: Entry): Promise<void> {
  return new Promise((resolve) => entry.once('drain', () => resolve()));
}
