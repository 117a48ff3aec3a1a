import type { Descriptor, Registry, RepositoryName } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { pullDocument } from '../assemble/blobs.ts';
import { indexSchema, manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { INDEXES } from '../assemble/media-types.ts';
import { readLabels } from '../store/image-facts.ts';
import { type ImageRequest, type PushedImage, RECIPE_LABEL } from './builder.ts';

type Found = Pick<PushedImage, 'descriptor' | 'reusedBytes'>;

/**
 * The image that an earlier build of this commit made from the same recipe, whole in the registry; undefined where
 * there is none.
 */
export async function findBuilt(
  registry: Registry,
  { known, to, signal }: Pick<ImageRequest, 'known' | 'to' | 'signal'>,
  recipe: Digest,
): Promise<Found | undefined> {
  if (known === undefined) return undefined;
  const found = await registry.manifest(to, known, { signal });
  return found && fromRecipe(registry, to, found.descriptor.digest, recipe, signal);
}

async function fromRecipe(
  registry: Registry,
  name: RepositoryName,
  digest: Digest,
  recipe: Digest,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const stored = await registry.manifest(name, digest, { signal });
  if (!stored) return undefined;
  const { descriptor, bytes } = stored;
  if (INDEXES.includes(descriptor.mediaType)) {
    let reusedBytes = 0;
    for (const child of readAs(indexSchema, bytes)?.manifests ?? []) {
      const image = await fromRecipe(registry, name, child.digest, recipe, signal);
      if (!image) return undefined;
      reusedBytes += image.reusedBytes;
    }
    return { descriptor, reusedBytes };
  }
  const manifest = readAs(manifestSchema, bytes);
  if (!manifest || !(await isWhole(registry, name, [manifest.config, ...manifest.layers], signal))) return undefined;
  const labels = readLabels(await pullDocument(registry, name, manifest.config, { signal }));
  const reusedBytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
  return labels[RECIPE_LABEL] === recipe ? { descriptor, reusedBytes } : undefined;
}

async function isWhole(
  registry: Registry,
  name: RepositoryName,
  blobs: readonly Descriptor[],
  signal: AbortSignal,
): Promise<boolean> {
  const there = await Promise.all(blobs.map(({ digest }) => registry.hasBlob(name, digest, { signal })));
  return there.every((each) => each);
}
