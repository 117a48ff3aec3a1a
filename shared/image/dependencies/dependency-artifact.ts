import { z } from 'zod';
import type { Descriptor, Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import { type Digest, isDigest } from '../../release/digest.ts';
import { type Document, jsonDocument, LARGEST_DOCUMENT, pullDocument } from '../assemble/blobs.ts';
import { manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { OCI_LAYER_GZIP, OCI_MANIFEST } from '../assemble/media-types.ts';
import type { PackageFacts } from './wheel-metadata.ts';
import { packageFactsSchema } from './wheel-metadata.ts';

export const DEPENDENCIES_TYPE = 'application/vnd.haute.dependencies.v1';
const FACTS_TYPE = 'application/vnd.haute.dependencies.v1+json';

/** A layer of packages, and what is in it. */
export interface DependencyLayer {
  readonly key: Digest;
  readonly layer: Descriptor;
  readonly diffId: Digest;
  readonly packages: readonly PackageFacts[];
}

/** Tag of the artifact that holds a layer of packages: beside the images of the repository. */
export function dependencyTag(key: Digest): string {
  return `haute-deps-${key.slice('sha256:'.length)}`;
}

const factsSchema = z.object({
  key: z.string(),
  diffId: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
  packages: z.array(packageFactsSchema),
});

/**
 * The artifact of a layer: what is found again by its tag, so that nobody installs or compresses the same packages
 * twice. A registry that cleans up keeps the layer, because this manifest names it.
 */
export function dependencyArtifact(found: DependencyLayer): { readonly manifest: Document; readonly facts: Document } {
  const facts = jsonDocument(FACTS_TYPE, {
    key: found.key,
    diffId: found.diffId,
    packages: found.packages.map((each) => JSON.parse(JSON.stringify(each))),
  });
  const manifest = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: DEPENDENCIES_TYPE,
    config: { ...facts.descriptor } as never,
    layers: [{ mediaType: found.layer.mediaType, digest: found.layer.digest, size: found.layer.size }],
    annotations: { 'dev.haute.dependencies': found.key },
  });
  return { manifest, facts };
}

/**
 * The layer of packages that an earlier build stored under this key. Undefined where there is none, where it is not
 * what its tag says, or where its layer is gone: then it is made again, which puts all of that right.
 */
export async function findDependencyLayer(
  registry: Registry,
  name: RepositoryName,
  key: Digest,
  call: RegistryCall,
): Promise<DependencyLayer | undefined> {
  const stored = await registry.manifest(name, dependencyTag(key), call);
  const manifest = stored && readAs(manifestSchema, stored.bytes);
  const [layer, ...others] = manifest?.layers ?? [];
  if (manifest?.artifactType !== DEPENDENCIES_TYPE || layer?.mediaType !== OCI_LAYER_GZIP || others.length > 0) return;
  if (manifest.config.mediaType !== FACTS_TYPE || manifest.config.size > LARGEST_DOCUMENT) return;
  const [hasLayer, hasFacts] = await Promise.all([
    registry.hasBlob(name, layer.digest, call),
    registry.hasBlob(name, manifest.config.digest, call),
  ]);
  if (!hasLayer || !hasFacts) return;
  const facts = readAs(factsSchema, await pullDocument(registry, name, manifest.config, call));
  if (facts?.key !== key) return;
  const { mediaType, digest, size } = layer;
  return { key, layer: { mediaType, digest, size }, diffId: facts.diffId, packages: facts.packages };
}
