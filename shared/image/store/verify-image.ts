import { GateFailure } from '../../errors.ts';
import type { Registry, RegistryCall, RepositoryName, StoredManifest } from '../../ports/registry.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import { pullDocument } from '../assemble/blobs.ts';
import { indexSchema, manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { INDEXES } from '../assemble/media-types.ts';
import { PACKAGE_LABEL } from '../builders/builder.ts';
import { describeImage } from '../registry/name.ts';
import { imageMissing } from './errors.ts';
import { readLabels } from './image-facts.ts';

/**
 * Reads an image back by its digest, or each image of an index: manifest, configuration with the package that it says
 * it holds, and whether every layer is there.
 * @returns what the registry has under the digest
 * @throws GateFailure ARTIFACT-CHANGED; ProviderError ARTIFACT-MISSING
 */
export async function verifyImage(
  registry: Registry,
  name: RepositoryName,
  digest: Digest,
  packageDigest: Digest,
  call: RegistryCall,
): Promise<StoredManifest> {
  const reference = describeImage(name, digest);
  const stored = await registry.manifest(name, digest, call);
  if (!stored) throw imageMissing(reference);
  if (digestOf(stored.bytes) !== digest) throw changed(reference, `its manifest is that of ${digestOf(stored.bytes)}`);
  if (INDEXES.includes(stored.descriptor.mediaType)) {
    const images = readAs(indexSchema, stored.bytes)?.manifests ?? [];
    if (images.length === 0) throw changed(reference, 'its index names no image');
    for (const image of images) await verifyImage(registry, name, image.digest, packageDigest, call);
    return stored;
  }
  const manifest = readAs(manifestSchema, stored.bytes);
  if (!manifest) throw changed(reference, 'it is no image');
  for (const blob of [manifest.config, ...manifest.layers]) {
    if (!(await registry.hasBlob(name, blob.digest, call))) throw imageMissing(`${blob.digest} of ${reference}`);
  }
  const labelled = readLabels(await pullDocument(registry, name, manifest.config, call))[PACKAGE_LABEL];
  if (labelled !== packageDigest) throw changed(reference, `it says that it holds package ${labelled ?? '(none)'}`);
  return stored;
}

function changed(reference: string, what: string): GateFailure {
  return new GateFailure({
    code: 'ARTIFACT-CHANGED',
    what: `${reference} is not what was built: ${what}`,
    fix: 'Find out who changed it; then run build-push and the steps after it again',
  });
}
