import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Json } from './json.ts';

/** `sha256:` and 64 lower-case hex digits, as OCI writes digests. */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** Digest of bytes, or of text as UTF-8. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Digest of bytes that come in pieces. */
export function digesting(): { readonly add: (piece: Uint8Array) => void; readonly digest: () => Digest } {
  const hash = createHash('sha256');
  return { add: (piece) => void hash.update(piece), digest: () => `sha256:${hash.digest('hex')}` };
}

/** Digest of a value's canonical JSON. */
export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

/** The first 12 hex digits, for people to read. */
export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
