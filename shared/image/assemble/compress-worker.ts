import { parentPort } from 'node:worker_threads';
import { gzipMember } from './gzip-member.ts';

/** A thread that compresses what it is sent, in order. */
parentPort?.on('message', (piece: Uint8Array) => {
  const member = gzipMember(piece);
  parentPort?.postMessage(member, [member.buffer as ArrayBuffer]);
});
