import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ExtractEvents, extract, type Header } from 'tar-stream';
import { messageOf } from '../../errors.ts';
import type { Files } from '../../ports/files.ts';
import type { Descriptor, Registry, RepositoryName } from '../../ports/registry.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import { fileBlob } from '../assemble/blobs.ts';
import { indexSchema, manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { INDEXES } from '../assemble/media-types.ts';
import { isOurs, onDisk } from '../assemble/on-disk.ts';
import { brokenResult } from './errors.ts';

export interface Uploaded {
  readonly uploadedBytes: number;
  readonly reusedBytes: number;
}

/** What an OCI layout holds: its one image or index. @throws ProviderError BUILDER-RESULT */
export async function readLayout(files: Files, folder: string): Promise<Descriptor> {
  const bytes = await files.read(join(folder, 'index.json'));
  const [only, ...more] = (bytes && readAs(indexSchema, bytes)?.manifests) ?? [];
  if (only === undefined) throw brokenResult('it wrote no OCI layout');
  if (more.length > 0) throw brokenResult(`its OCI layout holds ${more.length + 1} images where one was asked for`);
  return only;
}

/** Stores everything of a layout below a descriptor: blobs, then the manifests that name them, and no tag. */
export async function pushLayout(
  { registry, files, signal }: { readonly registry: Registry; readonly files: Files; readonly signal: AbortSignal },
  to: RepositoryName,
  folder: string,
  descriptor: Descriptor,
): Promise<Uploaded> {
  const bytes = await files.read(blobPath(folder, descriptor.digest));
  if (bytes === undefined || digestOf(bytes) !== descriptor.digest)
    throw brokenResult(`its OCI layout has no ${descriptor.digest}`);
  const done = { uploadedBytes: 0, reusedBytes: 0 };
  if (INDEXES.includes(descriptor.mediaType)) {
    for (const child of readAs(indexSchema, bytes)?.manifests ?? []) {
      const pushed = await pushLayout({ registry, files, signal }, to, folder, child);
      done.uploadedBytes += pushed.uploadedBytes;
      done.reusedBytes += pushed.reusedBytes;
    }
  } else {
    const manifest = readAs(manifestSchema, bytes);
    if (!manifest) throw brokenResult('its manifest cannot be read');
    for (const blob of [manifest.config, ...manifest.layers]) {
      const sent = await registry.pushBlob(to, fileBlob(blobPath(folder, blob.digest), blob), { signal });
      done.uploadedBytes += sent;
      if (sent === 0) done.reusedBytes += blob.size;
    }
  }
  await registry.pushManifest(to, { descriptor, bytes }, undefined, { signal });
  return { ...done, uploadedBytes: done.uploadedBytes + bytes.length };
}

export function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', ...digest.split(':'));
}

/** What a tar file held: files are below the folder, and links lead from one of its names to another. */
export interface Unpacked {
  readonly links: Readonly<Record<string, string>>;
}

/**
 * Unpacks what a builder wrote into an empty folder. Names that lead out of it are refused.
 * @throws ProviderError BUILDER-RESULT, IMAGE-DISK; Interrupted
 */
export async function unpack(tar: string, folder: string, signal: AbortSignal): Promise<Unpacked> {
  const links: Record<string, string> = {};
  const entries = extract();
  let last: Promise<void> = Promise.resolve();
  entries.on('entry', (header, entry, next) => {
    last = unpackEntry(header, entry);
    last.then(() => next(), next);
  });
  try {
    await onDisk(tar, () => pipeline(createReadStream(tar), entries, { signal }));
  } catch (error) {
    throw isOurs(error) ? error : brokenResult(`its archive cannot be unpacked: ${messageOf(error)}`);
  } finally {
    // Whoever removes the folder next must not find it written to again.
    await Promise.allSettled([last]);
  }
  return { links };

  async function unpackEntry(header: Header, entry: ExtractEvents['entry'][1]): Promise<void> {
    // A file that ends in the middle is told by the entry too, to whoever listens or to nobody at all.
    entry.on('error', () => undefined);
    const name = safeName(header);
    if (header.type === 'file') {
      const file = join(folder, name);
      // At once: an archive that ends meanwhile would end the entry before anybody listens, and nobody would be told.
      mkdirSync(dirname(file), { recursive: true });
      return pipeline(entry as AsyncIterable<Uint8Array>, createWriteStream(file), { signal });
    }
    const { linkname = '' } = header;
    if (header.type === 'symlink') links[name] = join(dirname(name), linkname ?? '');
    if (header.type === 'link') links[name] = linkname ?? '';
    entry.resume();
  }
}

function safeName({ name }: Header): string {
  if (!name.startsWith('/') && !name.split('/').includes('..')) return name.replace(/^\.\//, '');
  throw brokenResult(`it wrote a file ${JSON.stringify(name)}, which leads out of its folder`);
}
