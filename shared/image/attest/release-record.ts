import type { Descriptor, Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import { encodeRelease } from '../../release/codec.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import type { Release } from '../../release/release.ts';
import { documentBlob } from '../assemble/blobs.ts';
import { EMPTY_DOCUMENT, referrerManifest } from './referrer.ts';

export const RELEASE_TYPE = 'application/vnd.haute.release.v1+json';

/**
 * Hangs a release on its image, once its id is known: the id contains the image's digest, so the image cannot hold it.
 * The same release is stored once; a later one with more evidence stands beside the earlier.
 * @param image the image's manifest, as the registry has it
 * @returns digest of the manifest that holds the release
 */
export async function attachRelease(
  registry: Registry,
  name: RepositoryName,
  image: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>,
  release: Release,
  call: RegistryCall,
): Promise<Digest> {
  const bytes = new TextEncoder().encode(encodeRelease(release));
  const record = { descriptor: { mediaType: RELEASE_TYPE, digest: digestOf(bytes), size: bytes.length }, bytes };
  const manifest = referrerManifest(record, image, { 'dev.haute.release': release.id });
  for (const document of [EMPTY_DOCUMENT, record]) await registry.pushBlob(name, documentBlob(document), call);
  await registry.pushManifest(name, manifest, undefined, call);
  return manifest.descriptor.digest;
}
