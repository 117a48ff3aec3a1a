import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import type { BlobSource, Descriptor, StoredManifest } from '../../shared/ports/registry.ts';
import { digestOf } from '../../shared/release/digest.ts';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Bytes that do not repeat and are the same every time. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Bytes as something to push, handed over in pieces of 10 kB. */
export function blobOf(bytes: Uint8Array): BlobSource & { readonly bytes: Uint8Array; readonly opened: number[] } {
  const opened: number[] = [];
  return {
    digest: digestOf(bytes),
    size: bytes.length,
    bytes,
    opened,
    async *open(from) {
      opened.push(from);
      for (let at = from; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
    },
  };
}

export interface TestImage {
  readonly manifest: StoredManifest;
  readonly blobs: readonly ReturnType<typeof blobOf>[];
}

/** An image of one layer that holds one file. */
export async function imageOf(content: Uint8Array): Promise<TestImage> {
  const pack = tar.pack();
  pack.entry({ name: 'rates.bin' }, Buffer.from(content));
  pack.finalize();
  const plain = await read(Readable.from(pack));
  const layer = blobOf(gzipSync(plain, { level: 1 }));
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(plain)] },
      }),
    ),
  );
  const manifest = manifestOf({
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layer.digest, size: layer.size }],
  });
  return { manifest, blobs: [layer, config] };
}

/** Something that hangs on an image. */
export function referrerOf(subject: Descriptor, artifactType: string, title: string): TestImage {
  const empty = blobOf(Buffer.from('{}'));
  const document = blobOf(Buffer.from(JSON.stringify({ title })));
  const manifest = manifestOf({
    artifactType,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: empty.digest, size: empty.size },
    layers: [{ mediaType: artifactType, digest: document.digest, size: document.size }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: { title },
  });
  return { manifest, blobs: [empty, document] };
}

function manifestOf(content: object): StoredManifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, ...content }));
  return { bytes, descriptor: { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.length } };
}

export async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of bytes) read.push(piece);
  return Buffer.concat(read);
}
