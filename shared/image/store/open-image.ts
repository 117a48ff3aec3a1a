import { join } from 'node:path';
import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';
import type { Engine, EnginePackage } from '../../ports/engine.ts';
import type { Files } from '../../ports/files.ts';
import type { Descriptor, Registry } from '../../ports/registry.ts';
import { type Digest, digestOf, shortDigest } from '../../release/digest.ts';
import { pullDocument } from '../assemble/blobs.ts';
import { packageHistory } from '../assemble/image-config.ts';
import { type BaseConfig, configSchema, manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { describeImage, parseImageName } from '../registry/name.ts';
import { imagesBehind } from '../scan/image-layout.ts';
import { unpackApplication } from './unpack-application.ts';

export interface OpenImageTools {
  readonly registry: Registry;
  readonly files: Files;
  /** Reads a package on disk and compares it with its digest. */
  readonly openPackage: Engine['open'];
  /** Where packages are put that come from images: below the project, by their digests. */
  readonly packagesDir: string;
}

/**
 * The package in an image, on this machine: the layer of the application alone is fetched, and what was in it is
 * compared with the package's own list and that with the digest. One that was fetched before is taken again.
 * @param image with its digest
 * @throws ConfigError OFFLINE-IMAGE for an image in which no layer is known to be the application's; ProviderError
 *   ARTIFACT-MISSING; GateFailure ARTIFACT-CHANGED
 */
export async function openImage(
  tools: OpenImageTools,
  image: string,
  packageDigest: Digest,
  signal: AbortSignal,
): Promise<EnginePackage> {
  const { registry, files, openPackage, packagesDir } = tools;
  const dir = join(packagesDir, shortDigest(packageDigest));
  const known = (await files.realPath(dir)) !== undefined;
  if (known) {
    const found = await openPackage(dir, packageDigest).catch(notThat);
    if (found) return found;
    await files.remove(dir);
  }
  const { name, digest } = parseImageName(image);
  if (digest === undefined) throw new Error(`${image} has no digest`);
  const layer = await applicationLayer(registry, image, packageDigest, signal);
  const work = await files.tempDir('haute-image-');
  try {
    const [packed, unpacked] = [join(work, 'layer'), join(work, 'package')];
    await files.write(packed, registry.pullBlob(name, layer, { signal }));
    await unpackApplication(packed, unpacked, describeImage(name, digest), signal);
    await openPackage(unpacked, packageDigest).catch((error: unknown) => {
      throw error instanceof GateFailure ? changed(image, error.problem.what) : error;
    });
    await files.copyTree(unpacked, dir);
  } finally {
    await files.remove(work);
  }
  return openPackage(dir, packageDigest);
}

/** A copy that somebody changed is none: it is fetched again. */
function notThat(error: unknown): undefined {
  if (!(error instanceof GateFailure)) throw error;
}

/** The last layer, where the image says that it is the package. All images of an index hold the same one. */
async function applicationLayer(
  registry: Registry,
  image: string,
  packageDigest: Digest,
  signal: AbortSignal,
): Promise<Descriptor> {
  const { name, digest } = parseImageName(image);
  const [stored] = await imagesBehind({ registry, signal }, name, digest as Digest);
  const manifest =
    stored && digestOf(stored.bytes) === stored.descriptor.digest && readAs(manifestSchema, stored.bytes);
  if (!manifest) throw changed(image, 'it is no image');
  const config = readAs(configSchema, await pullDocument(registry, name, manifest.config, { signal }));
  const layer = manifest.layers.at(-1);
  if (layer && config && endsWithPackage(config, manifest.layers.length, packageDigest)) return layer;
  throw new ConfigError({
    code: 'OFFLINE-IMAGE',
    what: `which layer of ${image} holds the package cannot be told: it was made with a Dockerfile`,
    fix: 'Leave mode out, and the servers of both releases are asked; or build with the builder oci',
  });
}

/** The history of an image has an entry for each layer, beside those that made none. */
function endsWithPackage({ history }: BaseConfig, layers: number, packageDigest: Digest): boolean {
  const entries = (history ?? []).filter((entry) => entry.empty_layer !== true);
  return entries.length === layers && entries.at(-1)?.created_by === packageHistory(packageDigest);
}

function changed(image: string, what: string): GateFailure {
  return new GateFailure({
    code: 'ARTIFACT-CHANGED',
    what: `${image} does not hold the package that was built: ${what}`,
    fix: 'Find out who changed it; then run build-push and the steps after it again',
  });
}

/** A running release of which the target does not say what image it is. */
export function imageUnknown(packageDigest: Digest): ProviderError {
  return new ProviderError({
    code: 'ARTIFACT-MISSING',
    what: `no image is known that holds package ${packageDigest}`,
    fix: 'Deploy that release again with this version, or leave mode out',
  });
}
