import { parentPort } from 'node:worker_threads';
import { gzipMember } from '../../release/gzip-member.ts';
import type { Compressed } from './compressor.ts';

/** A thread that compresses what it is sent, in order. */
parentPort?.on('message', (piece: Uint8Array<ArrayBuffer>) => {
  const member = gzipMember(piece);
  parentPort?.postMessage({ member, piece: piece.buffer } satisfies Compressed, [member.buffer, piece.buffer]);
});
