import { ConfigError } from '../../errors.ts';
import type { Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import type { BaseImage } from './base-image.ts';
import { type Document, documentBlob, remoteBlob } from './blobs.ts';
import type { ImageLayer } from './image-input.ts';
import { inParallel } from './in-parallel.ts';
import type { ImagePlan } from './plan-image.ts';
import type { Uploads } from './uploads.ts';

/** Manifests on their way at the same time. */
const AT_ONCE = 4;

export interface PushInput {
  readonly plan: ImagePlan;
  readonly to: RepositoryName;
  readonly tags: readonly string[];
  /** Layers of the base and those that are new are among them already. */
  readonly uploads: Uploads;
}

export interface Pushed {
  readonly layers: readonly ImageLayer[];
  /** Bytes of everything that was sent. */
  readonly sentBytes: number;
}

/**
 * Stores what a plan says, and of it only what the repository has not: blobs at the same time, then the manifests that
 * name them, then the tags. A push that fails leaves no tag of an image behind, and nothing that the next one could not use.
 */
export async function pushImage(
  registry: Registry,
  { plan, to, tags, uploads }: PushInput,
  { signal }: RegistryCall,
): Promise<Pushed> {
  for (const document of plan.documents) {
    uploads.add(document.descriptor.digest, (call) => registry.pushBlob(to, documentBlob(document), call));
  }
  // Layers of packages that were found are not looked for again: the registry refuses the manifest where one is gone.
  const sent = new Map(await uploads.all());
  const blobBytes = [...sent.values()].reduce((sum, each) => sum + each, 0);

  const push = (manifest: Document, tag?: string) => (call: RegistryCall) =>
    registry.pushManifest(to, manifest, tag, call);
  await inParallel(
    AT_ONCE,
    plan.artifacts.map(
      ({ manifest, tag }) =>
        (call) =>
          push(manifest, tag)(call).catch(unlessImmutable),
    ),
    signal,
  );
  await push(plan.image)({ signal });
  // One after another: registries without the referrers API have one list for both.
  for (const referrer of [plan.sbom, plan.provenance]) await push(referrer)({ signal });
  for (const tag of tags) await push(plan.image, tag)({ signal });

  const layers = plan.layers.map(({ role, descriptor: { digest, size } }) => {
    const sentBytes = sent.get(digest) ?? 0;
    sent.delete(digest); // An image may have the same layer twice; it is sent once.
    return { role, digest, size, sentBytes };
  });
  const manifests = [...plan.artifacts.map(({ manifest }) => manifest), plan.image, plan.sbom, plan.provenance];
  const named = [...manifests, ...tags.map(() => plan.image)];
  const manifestBytes = named.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return { layers, sentBytes: blobBytes + manifestBytes };
}

/** Layers of packages that cannot be found again cost time, and nothing else. */
function unlessImmutable(error: unknown): void {
  if (!(error instanceof ConfigError && error.problems[0].code === 'REGISTRY-TAG-IMMUTABLE')) throw error;
}

/** Stores the layers of a base: mounted where its registry is ours, and copied from there otherwise. */
export function addBaseLayers(
  registry: Registry,
  uploads: Uploads,
  { reference, layers }: BaseImage,
  to: RepositoryName,
): void {
  const { name } = reference;
  const near = name.registry === to.registry && name.repository !== to.repository;
  for (const layer of layers) {
    uploads.add(layer.digest, (call) =>
      registry.pushBlob(to, remoteBlob(registry, name, layer, call), {
        ...call,
        ...(near && { mountFrom: [name.repository] }),
      }),
    );
  }
}
