import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import type { Compressed } from '../../shared/image/assemble/compressor.ts';
import { gzipMember } from '../../shared/release/gzip-member.ts';
import { REPOSITORY } from '../pipeline/cli.ts';

it('the bundle has the threads that compress beside it, and they give the bytes of the source', async () => {
  const worker = new Worker(join(REPOSITORY, 'dist', 'compress-worker.js'));
  const piece = new TextEncoder().encode('rate,1.05\n'.repeat(50_000));
  const expected = gzipMember(piece);
  try {
    const { member } = await new Promise<Compressed>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.postMessage(piece, [piece.buffer]);
    });
    expect(Buffer.from(member).equals(expected)).toBe(true);
  } finally {
    await worker.terminate();
  }
});
