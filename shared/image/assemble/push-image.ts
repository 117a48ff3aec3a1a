import type { BlobSource, Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import type { BaseImage } from './base-image.ts';
import { type Document, documentBlob, remoteBlob } from './blobs.ts';
import type { ImageLayer } from './image-input.ts';
import { inParallel } from './in-parallel.ts';
import type { ImagePlan } from './plan-image.ts';

/** Blobs on their way at the same time. */
const AT_ONCE = 4;

export interface PushInput {
  readonly plan: ImagePlan;
  readonly to: RepositoryName;
  readonly tags: readonly string[];
  readonly base: BaseImage;
  /** Layers that are on this disk, by digest. */
  readonly local: ReadonlyMap<Digest, BlobSource>;
}

export interface Pushed {
  readonly layers: readonly ImageLayer[];
  /** Bytes of everything that was sent. */
  readonly sentBytes: number;
}

/**
 * Stores what a plan says, and of it only what the repository has not: blobs at the same time, then the manifests that
 * name them, then the tags. A push that fails leaves no tag behind, and nothing that the next one could not use.
 */
export async function pushImage(registry: Registry, input: PushInput, { signal }: RegistryCall): Promise<Pushed> {
  const { plan, to, tags, local } = input;
  // A layer of packages that was found is not looked for again: the registry refuses the manifest where it is gone.
  const needed = plan.layers.filter(({ role, descriptor }) => role !== 'dependencies' || local.has(descriptor.digest));
  const distinct = [...new Map(needed.map((layer) => [layer.descriptor.digest, layer])).values()];
  const sent = new Map<Digest, number>();
  const uploads = [
    ...distinct.map(
      ({ descriptor }) =>
        (call: RegistryCall) =>
          pushLayer(registry, input, descriptor, call),
    ),
    ...plan.documents.map((document) => (call: RegistryCall) => registry.pushBlob(to, documentBlob(document), call)),
  ];
  const bytes = await inParallel(AT_ONCE, uploads, signal);
  distinct.forEach(({ descriptor }, index) => {
    sent.set(descriptor.digest, bytes[index] ?? 0);
  });

  const call = { signal };
  const manifests: readonly (readonly [Document, string | undefined])[] = [
    ...(plan.dependencies ? [[plan.dependencies.manifest, plan.dependencies.tag] as const] : []),
    [plan.image, undefined],
    [plan.sbom, undefined],
    [plan.provenance, undefined],
    ...tags.map((tag) => [plan.image, tag] as const),
  ];
  for (const [manifest, tag] of manifests) await registry.pushManifest(to, manifest, tag, call);

  const layers = plan.layers.map(({ role, descriptor: { digest, size } }) => {
    const sentBytes = sent.get(digest) ?? 0;
    sent.delete(digest); // An image may have the same layer twice; it is sent once.
    return { role, digest, size, sentBytes };
  });
  const ofManifests = manifests.reduce((sum, [{ descriptor }]) => sum + descriptor.size, 0);
  return { layers, sentBytes: bytes.reduce((sum, each) => sum + each, ofManifests) };
}

/** A layer of the base is mounted where its registry is ours, and copied from there otherwise. */
function pushLayer(
  registry: Registry,
  { to, base, local }: PushInput,
  layer: { readonly digest: Digest; readonly size: number },
  call: RegistryCall,
): Promise<number> {
  const source = local.get(layer.digest);
  if (source) return registry.pushBlob(to, source, call);
  const { name } = base.reference;
  const near = name.registry === to.registry && name.repository !== to.repository;
  return registry.pushBlob(to, remoteBlob(registry, name, layer, call), {
    ...call,
    ...(near && { mountFrom: [name.repository] }),
  });
}
