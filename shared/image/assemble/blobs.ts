import { createReadStream } from 'node:fs';
import { ProviderError } from '../../errors.ts';
import type { BlobSource, Descriptor, Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import { canonicalJson } from '../../release/canonical-json.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import type { Json } from '../../release/json.ts';

/** A document and what a manifest says of it. */
export interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** A value as the one document that it has: equal values give equal digests. */
export function jsonDocument(mediaType: string, value: Json): Document {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

export function documentBlob({ descriptor, bytes }: Document): BlobSource {
  return {
    digest: descriptor.digest,
    size: descriptor.size,
    async *open(from) {
      yield bytes.subarray(from);
    },
  };
}

export function fileBlob(
  file: string,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): BlobSource {
  return { digest, size, open: (from) => createReadStream(file, { start: from, highWaterMark: 256 * 1024 }) };
}

/** A blob of one repository, for another: read as it is, so that its digest stays. */
export function remoteBlob(
  registry: Registry,
  name: RepositoryName,
  blob: Pick<Descriptor, 'digest' | 'size'>,
  call: RegistryCall,
): BlobSource {
  return {
    digest: blob.digest,
    size: blob.size,
    // The port reads blobs from their start, which lets it compare the digest of the whole.
    async *open(from) {
      let skip = from;
      for await (const piece of registry.pullBlob(name, blob, call)) {
        const rest = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - rest.length;
        if (rest.length > 0) yield rest;
      }
    },
  };
}

/** Configurations and the like are kilobytes; whatever claims to be more than these bytes is none. */
export const LARGEST_DOCUMENT = 8 * 1024 * 1024;

/** A small blob as a whole. */
export async function pullDocument(
  registry: Registry,
  name: RepositoryName,
  blob: Pick<Descriptor, 'digest' | 'size'>,
  call: RegistryCall,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of registry.pullBlob(name, blob, call)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A small blob as a whole; undefined where the registry has it no more. */
export async function pullIfThere(...blob: Parameters<typeof pullDocument>): Promise<Uint8Array | undefined> {
  try {
    return await pullDocument(...blob);
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}
