import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../../release/digest.ts';

/** Digest of a file of any size. */
export async function hashFile(file: string, signal: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return `sha256:${hash.digest('hex')}`;
}
