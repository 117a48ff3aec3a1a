import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Digest } from '../release/digest.ts';
import type { RemoteFile } from './file-source.ts';
import { changed, corrupt } from './portfolio-errors.ts';
import type { NamedFile } from './portfolio-file.ts';

/** A file as it was at one moment. */
export interface FileState {
  readonly bytes: number;
  readonly digest: Digest;
  /** How an object store names the content, where `digest` is not of the content itself. */
  readonly version?: string;
  readonly stamp: string;
}

/** @throws ConfigError PORTFOLIO-CORRUPT when it cannot be read, PORTFOLIO-CHANGED when it is being written */
export async function stateOf({ path, name, remote }: NamedFile, signal: AbortSignal): Promise<FileState> {
  if (remote) return remoteState(remote);
  try {
    const before = await stampOf(path);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    if ((await stampOf(path)) !== before) throw changed(name);
    return { bytes, digest: `sha256:${hash.digest('hex')}`, stamp: before };
  } catch (error) {
    if (signal.aborted || !(error instanceof Error && 'code' in error)) throw error;
    throw corrupt(name, error);
  }
}

/** @throws ConfigError PORTFOLIO-CHANGED when the file is not what it was */
export async function checkUnchanged({ path, name, remote }: NamedFile, state: FileState): Promise<void> {
  if (remote) return; // each part that is read says whether it is still of the same content
  const now = await stampOf(path).catch(() => undefined);
  if (now !== state.stamp) throw changed(name);
}

function remoteState({ bytes, digest, version }: RemoteFile): FileState {
  return { bytes, digest, stamp: version ?? digest, ...(version !== undefined && { version }) };
}

/** Changes whenever the file is written or replaced. */
async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return `${size} ${mtimeNs} ${ino}`;
}
