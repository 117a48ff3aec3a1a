import { crc32, inflateRawSync } from 'node:zlib';
import { ProviderError } from '../errors.ts';
import type { ArtifactFile } from '../ports/forge.ts';

/** Bytes of all files of an archive together: releases and reports are far below it, and a bomb is above. */
const MAX_BYTES = 1024 ** 3;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/**
 * The files of a zip archive, stored or deflated, in the order of its directory.
 * @param what names the archive in errors
 * @throws ProviderError FORGE-BAD-ANSWER for what is cut off, not a zip archive, larger than 1 GiB, or would leave its folder
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function readZip(bytes: Uint8Array, what: string): readonly ArtifactFile[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return entriesOf(data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = { code: 'FORGE-BAD-ANSWER', what: `${what} cannot be unpacked: ${reason}`, fix: 'Make it again' };
    throw new ProviderError(problem, { retryable: false, cause });
  }
}

function entriesOf(data: Buffer): readonly ArtifactFile[] {
  const end = data.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || data.readUInt32LE(end) !== END || end + END_BYTES > data.length) throw new Error('it has no end');
  const files: ArtifactFile[] = [];
  let left = MAX_BYTES;
  let at = data.readUInt32LE(end + 16);
  for (let count = data.readUInt16LE(end + 10); count > 0; count--) {
    if (data.readUInt32LE(at) !== ENTRY) throw new Error('its directory is broken');
    const nameEnd = at + ENTRY_BYTES + data.readUInt16LE(at + 28);
    const path = data.toString('utf8', at + ENTRY_BYTES, nameEnd);
    if (!path.endsWith('/')) {
      const file = { path: safePath(path), bytes: contentOf(data, at, left) };
      left -= file.bytes.length;
      files.push(file);
    }
    at = nameEnd + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return files;
}

function contentOf(data: Buffer, entry: number, limit: number): Uint8Array {
  const [method, size] = [data.readUInt16LE(entry + 10), data.readUInt32LE(entry + 20)];
  const local = data.readUInt32LE(entry + 42);
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
  const packed = data.subarray(start, start + size);
  if (packed.length !== size || data.readUInt32LE(entry + 24) > limit) throw new Error('it is cut off, or too large');
  if (method !== 0 && method !== 8) throw new Error(`method ${method} is not known`);
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) });
  const whole = content.length === data.readUInt32LE(entry + 24) && crc32(content) === data.readUInt32LE(entry + 16);
  if (!whole) throw new Error('a file is not what its checksum says');
  return new Uint8Array(content);
}

/** A path that stays below where it is unpacked. */
function safePath(path: string): string {
  const parts = path.split('/');
  const leaves = path.startsWith('/') || path.includes('\\') || path.includes('\0') || /^[a-z]:/i.test(path);
  if (leaves || parts.some((part) => part === '..' || part === '.' || part === ''))
    throw new Error(`"${path}" is no path in it`);
  return path;
}
