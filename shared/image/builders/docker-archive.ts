import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { Files } from '../../ports/files.ts';
import type { Descriptor } from '../../ports/registry.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import { type Document, jsonDocument } from '../assemble/blobs.ts';
import { readAs } from '../assemble/manifest-schema.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from '../assemble/media-types.ts';
import { onDisk } from '../assemble/on-disk.ts';
import { brokenResult } from './errors.ts';
import { hashFile } from './hash-file.ts';
import { blobPath, type Unpacked } from './layout.ts';

/** @see https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format */
const listSchema = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) })).length(1);

/**
 * Makes an OCI layout of what `docker save` wrote: layers are compressed, which Docker leaves to its push.
 * @param folder where the archive was unpacked
 * @param layout empty folder for the layout's blobs
 * @returns the image's manifest, and the digest of its configuration, which is Docker's id of the image
 * @throws ProviderError BUILDER-RESULT
 */
export async function layoutOfArchive(
  files: Files,
  folder: string,
  { links }: Unpacked,
  layout: string,
  signal: AbortSignal,
): Promise<{ readonly manifest: Document; readonly config: Digest }> {
  const list = await files.read(join(folder, 'manifest.json'));
  const [image] = (list && readAs(listSchema, list)) ?? [];
  const config = image && (await files.read(join(folder, image.Config)));
  if (!image || !config) throw brokenResult('docker save wrote no image that can be read');
  const configDescriptor = { mediaType: OCI_CONFIG, digest: digestOf(config), size: config.length };
  await files.write(blobPath(layout, configDescriptor.digest), config);
  const layers: Descriptor[] = [];
  for (const path of image.Layers) layers.push(await addLayer(join(folder, resolveLink(path, links)), layout, signal));
  const manifest = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: configDescriptor,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  await files.write(blobPath(layout, manifest.descriptor.digest), manifest.bytes);
  return { manifest, config: configDescriptor.digest };
}

async function addLayer(file: string, layout: string, signal: AbortSignal): Promise<Descriptor> {
  const done = join(layout, 'layer');
  return onDisk(file, async () => {
    await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
    const found = await compressionOf(file);
    const steps = found === undefined ? [createGzip({ level: 6 })] : [];
    await pipeline([createReadStream(file), ...steps, createWriteStream(done)], { signal });
    const digest = await hashFile(done, signal);
    const { size } = await stat(done);
    await rename(done, blobPath(layout, digest));
    return { mediaType: found ?? OCI_LAYER_GZIP, digest, size };
  });
}

const ZSTD_LAYER = 'application/vnd.oci.image.layer.v1.tar+zstd';

/** Media type of a layer that is compressed already; undefined for a plain one. */
async function compressionOf(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return OCI_LAYER_GZIP;
    return buffer.equals(Buffer.from('28b52ffd', 'hex')) ? ZSTD_LAYER : undefined;
  } finally {
    await handle.close();
  }
}

/** Older versions write a layer that is there twice as a link to the first. */
function resolveLink(path: string, links: Unpacked['links']): string {
  const target = links[path] ?? path;
  if (target.startsWith('/') || target.split('/').includes('..')) throw brokenResult(`a layer leads to ${target}`);
  return target;
}
