import { z } from 'zod';
import type { Descriptor, Registry, RegistryCall, RepositoryName } from '../../ports/registry.ts';
import { type Digest, isDigest } from '../../release/digest.ts';
import { type Document, jsonDocument, LARGEST_DOCUMENT, pullIfThere } from '../assemble/blobs.ts';
import { manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { OCI_LAYER_GZIP, OCI_MANIFEST } from '../assemble/media-types.ts';
import { LAYERS_KEY, type LayersSeal, SEAL } from './layers-seal.ts';
import { areOf } from './package-name.ts';
import type { PackageFacts } from './wheel-metadata.ts';
import { packageFactsSchema } from './wheel-metadata.ts';

export const DEPENDENCIES_TYPE = 'application/vnd.haute.dependencies.v2';
const FACTS_TYPE = 'application/vnd.haute.dependencies.v2+json';

/** A layer of packages, and what is in it. */
export interface PackageLayer {
  readonly layer: Descriptor;
  readonly diffId: Digest;
  /** Sorted by name. */
  readonly packages: readonly PackageFacts[];
}

/** The files of packages, as their lists say: what each is, by its path. */
export type PackagePaths = Readonly<Record<string, string>>;

/** Layers of packages that are found again together. */
export interface DependencyArtifact {
  readonly key: Digest;
  /** In the order that they have in an image. */
  readonly layers: readonly PackageLayer[];
  /** Of a package that has a layer of its own: others are compared with it. */
  readonly paths?: PackagePaths | undefined;
}

/** Tag of the artifact that holds layers of packages: beside the images of the repository. */
export function dependencyTag(key: Digest): string {
  return `haute-deps-${key.slice('sha256:'.length)}`;
}

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));
const factsSchema = z.object({
  key: z.string(),
  layers: z.array(z.object({ diffId: digest, packages: z.array(packageFactsSchema) })),
  paths: z.record(z.string(), z.string()).optional(),
});

/**
 * The artifact of layers: what is found again by its tag, so that nobody installs or compresses the same packages
 * twice. A registry that cleans up keeps the layers, because this manifest names them.
 * @param repository the one that it is for: sealed for another one it is not taken
 */
export function dependencyArtifact(
  { key, layers, paths }: DependencyArtifact,
  repository: RepositoryName,
  seal: LayersSeal,
): {
  readonly manifest: Document;
  readonly facts: Document;
  readonly tag: string;
} {
  const said = layers.map(({ diffId, packages }) => ({ diffId, packages }));
  // Through JSON: what is undefined is left out.
  const facts = jsonDocument(FACTS_TYPE, JSON.parse(JSON.stringify({ key, layers: said, paths })));
  const sealed = { repository, config: facts.descriptor, layers: layers.map(({ layer }) => layer) };
  const manifest = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: DEPENDENCIES_TYPE,
    config: { ...facts.descriptor } as never,
    layers: layers.map(({ layer: { mediaType, digest, size } }) => ({ mediaType, digest, size })),
    annotations: { 'dev.haute.dependencies': key, [SEAL]: seal.of(sealed) },
  });
  return { manifest, facts, tag: dependencyTag(key) };
}

/** What is looked for: layers by their key, and the packages that have to be in them. */
export interface WantedDependencies {
  readonly key: Digest;
  readonly requirements: readonly string[];
}

export interface SealTools {
  readonly seal: LayersSeal | undefined;
  /** Told of layers that are there and not taken. */
  readonly notTaken: (tag: string, why: string) => void;
}

/**
 * The layers of packages that an earlier build stored under this key. Undefined where there are none, where no job that
 * has the key has sealed them, where they are said to hold other packages, or where one is gone: then they are made
 * again.
 * @param seal undefined: there is no key, so nothing that is there can be told from what others put there
 */
export async function findDependencies(
  registry: Registry,
  name: RepositoryName,
  { key, requirements }: WantedDependencies,
  { seal, notTaken }: SealTools,
  call: RegistryCall,
): Promise<DependencyArtifact | undefined> {
  if (!seal) return undefined;
  const stored = await registry.manifest(name, dependencyTag(key), call);
  const manifest = stored && readAs(manifestSchema, stored.bytes);
  if (manifest?.artifactType !== DEPENDENCIES_TYPE) return undefined;
  const { config, layers, annotations = {} } = manifest;
  if (!seal.fits(annotations[SEAL], { repository: name, config, layers })) {
    notTaken(dependencyTag(key), `is not sealed with ${LAYERS_KEY}`);
    return undefined;
  }
  if (layers.length === 0 || layers.some(({ mediaType }) => mediaType !== OCI_LAYER_GZIP)) return undefined;
  if (config.mediaType !== FACTS_TYPE || config.size > LARGEST_DOCUMENT) return undefined;
  const [bytes, ...there] = await Promise.all([
    pullIfThere(registry, name, config, call),
    ...layers.map((layer) => registry.hasBlob(name, layer.digest, call)),
  ]);
  const facts = bytes && readAs(factsSchema, bytes);
  if (facts && facts.key !== key) notTaken(dependencyTag(key), 'is sealed for other packages');
  if (facts?.key !== key || facts.layers.length !== layers.length || there.includes(false)) return undefined;
  const names = facts.layers.flatMap(({ packages }) => packages.map(({ name }) => name));
  // Their versions are spelled in more ways than one.
  if (!areOf(names, requirements)) return undefined;
  const found = layers.flatMap(({ mediaType, digest, size }, index): readonly PackageLayer[] => {
    const said = facts.layers[index];
    return said ? [{ layer: { mediaType, digest, size }, diffId: said.diffId, packages: said.packages }] : [];
  });
  return { key, layers: found, paths: facts.paths };
}
