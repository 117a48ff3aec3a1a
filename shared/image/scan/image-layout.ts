import { join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import type { Descriptor, Registry, RepositoryName, StoredManifest } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { INDEXES } from '../assemble/media-types.ts';
import { describeImage } from '../registry/name.ts';
import { imageMissing } from '../store/errors.ts';

export interface LayoutTools {
  readonly registry: Registry;
  readonly files: Files;
  readonly signal: AbortSignal;
}

/** The manifests of the images behind a digest: the image itself, or each of an index. @throws ProviderError ARTIFACT-MISSING */
export async function imagesBehind(
  { registry, signal }: Pick<LayoutTools, 'registry' | 'signal'>,
  name: RepositoryName,
  digest: Digest,
): Promise<readonly StoredManifest[]> {
  const found = await registry.manifest(name, digest, { signal });
  if (found === undefined) throw imageMissing(describeImage(name, digest));
  if (!INDEXES.includes(found.descriptor.mediaType)) return [found];
  const { manifests = [] } = JSON.parse(new TextDecoder().decode(found.bytes)) as { manifests?: readonly Descriptor[] };
  const images = manifests.filter(({ platform }) => platform === undefined || platform.os !== 'unknown');
  return (await Promise.all(images.map((image) => imagesBehind({ registry, signal }, name, image.digest)))).flat();
}

/**
 * Writes one image into an empty folder as an OCI layout, which scanners read without asking a registry: no credential
 * has to be handed to them.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export async function writeLayout(
  { registry, files, signal }: LayoutTools,
  name: RepositoryName,
  { descriptor, bytes }: StoredManifest,
  folder: string,
): Promise<void> {
  const blob = (digest: Digest): string => join(folder, 'blobs', ...digest.split(':'));
  const { config, layers = [] } = JSON.parse(new TextDecoder().decode(bytes)) as {
    config: Descriptor;
    layers?: readonly Descriptor[];
  };
  await files.write(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const { mediaType, digest, size } = descriptor;
  const index = { schemaVersion: 2, manifests: [{ mediaType, digest, size }] };
  await files.write(join(folder, 'index.json'), JSON.stringify(index));
  await files.write(blob(digest), bytes);
  for (const each of [config, ...layers])
    await files.write(blob(each.digest), registry.pullBlob(name, each, { signal }));
}
