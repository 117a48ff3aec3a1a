import type { Descriptor, Registry, RegistryCall, StoredManifest } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { brokenBase, missingBase, notAnImage, notLinux, wrongPlatform } from './base-errors.ts';
import { LARGEST_DOCUMENT, pullIfThere } from './blobs.ts';
import type { BaseReference, Platform } from './image-input.ts';
import { type BaseConfig, configSchema, indexSchema, manifestSchema, readAs } from './manifest-schema.ts';
import { CONFIGS, INDEXES, LAYERS, MANIFESTS } from './media-types.ts';

/** A base image for one platform. */
export interface BaseImage {
  readonly reference: BaseReference;
  /** Digest of what the reference names: of the index, where it is one for several platforms. */
  readonly digest: Digest;
  /** With media types of OCI, whatever they were. */
  readonly layers: readonly Descriptor[];
  readonly config: BaseConfig;
}

/**
 * Reads an image's manifest and configuration, and nothing of its layers.
 * @throws ConfigError BASE-IMAGE-MISSING, BASE-IMAGE-PLATFORM, BASE-IMAGE-NOT-LINUX, BASE-IMAGE-KIND,
 *   BASE-IMAGE-BROKEN; what the registry throws
 */
export async function readBaseImage(
  registry: Registry,
  base: BaseReference,
  platform: Platform,
  call: RegistryCall,
): Promise<BaseImage> {
  const named = await registry.manifest(base.name, base.reference, call);
  if (!named) throw missingBase(base);
  const manifest = INDEXES.includes(named.descriptor.mediaType)
    ? await manifestFor(registry, base, named, platform, call)
    : named;
  const { config: descriptor, layers } = readManifest(base, manifest);
  const config = await readConfig(registry, base, descriptor, call);
  if (config.os !== 'linux') throw notLinux(base, [config.os]);
  if (config.architecture !== platform.architecture) throw wrongPlatform(base, platform, [config]);
  if (config.rootfs.diff_ids.length !== layers.length) {
    throw brokenBase(
      base,
      `its manifest has ${layers.length} layers, its configuration ${config.rootfs.diff_ids.length}`,
    );
  }
  return { reference: base, digest: named.descriptor.digest, layers: layers.map((each) => asOci(base, each)), config };
}

async function manifestFor(
  registry: Registry,
  base: BaseReference,
  index: StoredManifest,
  platform: Platform,
  call: RegistryCall,
): Promise<StoredManifest> {
  const entries = readAs(indexSchema, index.bytes)?.manifests;
  if (!entries) throw brokenBase(base, 'its index cannot be read');
  // Attestations stand in an index too, for a platform called unknown.
  const platforms = entries.flatMap((each) => (each.platform && each.platform.os !== 'unknown' ? [each.platform] : []));
  const chosen = entries.find(
    ({ platform: of }) => of?.os === platform.os && of.architecture === platform.architecture && isUsual(of),
  );
  if (!chosen) {
    const systems = new Set(platforms.map(({ os }) => os));
    if (systems.size > 0 && !systems.has('linux')) throw notLinux(base, [...systems]);
    throw wrongPlatform(base, platform, platforms);
  }
  const manifest = await registry.manifest(base.name, chosen.digest, call);
  if (!manifest) throw brokenBase(base, `its index names ${chosen.digest}, which is not there`);
  return manifest;
}

/** The variant that every machine of the architecture runs. */
function isUsual({ architecture, variant }: { readonly architecture: string; readonly variant?: string }): boolean {
  return variant === undefined || variant === '' || (architecture === 'arm64' && variant === 'v8');
}

function readManifest(base: BaseReference, { descriptor, bytes }: StoredManifest) {
  if (!MANIFESTS.includes(descriptor.mediaType)) throw notAnImage(base, `it is ${descriptor.mediaType}`);
  const manifest = readAs(manifestSchema, bytes);
  if (!manifest) throw brokenBase(base, 'its manifest cannot be read');
  if (!CONFIGS.includes(manifest.config.mediaType)) {
    throw notAnImage(base, `it has no configuration to run it with, but ${manifest.config.mediaType}`);
  }
  return manifest;
}

async function readConfig(
  registry: Registry,
  base: BaseReference,
  descriptor: Descriptor,
  call: RegistryCall,
): Promise<BaseConfig> {
  if (descriptor.size > LARGEST_DOCUMENT) throw brokenBase(base, `its configuration has ${descriptor.size} bytes`);
  const bytes = await pullIfThere(registry, base.name, descriptor, call);
  if (!bytes) throw brokenBase(base, `its configuration ${descriptor.digest} is not there`);
  const config = readAs(configSchema, bytes);
  if (!config) throw brokenBase(base, 'its configuration cannot be read');
  return config;
}

function asOci(base: BaseReference, { mediaType, digest, size }: Descriptor): Descriptor {
  const known = LAYERS[mediaType];
  if (known === undefined) throw notAnImage(base, `it has a layer of ${mediaType}, which no registry may hand on`);
  return { mediaType: known, digest, size };
}
