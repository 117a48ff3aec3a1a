import { join } from 'node:path';
import { Interrupted } from '../../errors.ts';
import { type DependencyArtifact, dependencyArtifact, findDependencies } from '../dependencies/dependency-artifact.ts';
import { lockKey, pythonOf } from '../dependencies/dependency-key.ts';
import { type BuiltDependencies, buildDependencies, packagesOf, sealingOf } from '../dependencies/dependency-layers.ts';
import { describeImage } from '../registry/name.ts';
import { writeApplicationLayer } from './application-layer.ts';
import { readBaseImage } from './base-image.ts';
import { fileBlob } from './blobs.ts';
import { Compressor } from './compressor.ts';
import type { AssembledImage, ImageInput, ImageTools } from './image-input.ts';
import { planImage } from './plan-image.ts';
import { addBaseLayers, pushImage } from './push-image.ts';
import { Stopwatch, sizeText } from './stopwatch.ts';
import { Uploads } from './uploads.ts';

/** What one build works with, besides what it was given. */
interface Workshop extends ImageTools {
  /** A folder that is removed at the end. */
  readonly work: string;
  readonly watch: Stopwatch;
  readonly compressor: Compressor;
  readonly uploads: Uploads;
}

/**
 * Puts an image together and stores it, without a daemon and without running anything of it: the layers of the base as
 * they are, layers of packages, a layer of the application. The same package, base and origin give the same digest on
 * every machine. The packages are looked for in the repository first, so that a build of changed rates sends the
 * application's layer, a configuration and manifests, and reads no wheel. What is ready is on its way while the rest is
 * being made.
 *
 * Everything is stored before the first tag is moved; no file is left on this machine, however it ends.
 *
 * @throws ConfigError what is wrong with the base image, the package or the requirements; GateFailure PACKAGE-CHANGED;
 *   ProviderError of the registry, of the disk, of the package index; Interrupted
 */
export async function assembleImage(input: ImageInput, tools: ImageTools): Promise<AssembledImage> {
  const work = await tools.files.tempDir('haute-image-');
  const watch = new Stopwatch(tools.clock, tools.progress);
  const compressor = new Compressor();
  const uploads = new Uploads(tools.signal);
  try {
    return await assemble(input, { ...tools, signal: uploads.signal, work, watch, compressor, uploads });
  } catch (error) {
    // What was being made when an upload failed was only told to stop; what is wrong with it itself counts more.
    throw error instanceof Interrupted ? (uploads.failure?.error ?? error) : error;
  } finally {
    await Promise.all([uploads.close(), compressor.close()]);
    await tools.files.remove(work);
  }
}

async function assemble(input: ImageInput, shop: Workshop): Promise<AssembledImage> {
  const { registry, seal, signal, uploads, watch } = shop;
  const { to, tags } = input;
  const [application, { base, python, found }] = await bothOf(writeApplication(input, shop), lookUp(input, shop));
  const wanted = { ...input, requirements: input.pkg.requirements, python };
  const built = found ? undefined : await build(wanted, shop);
  const dependencies = built?.all ?? found;
  if (!dependencies) throw new Error('packages are found or built');
  // Without a key nobody could tell later that they are ours.
  const artifacts = seal && built ? built.artifacts.map((each) => dependencyArtifact(each, to, seal)) : [];
  const plan = planImage(input, { base, dependencies, artifacts, application, python });
  const pushed = await pushImage(registry, { plan, to, tags, uploads }, { signal });
  const { digest, size: manifestBytes } = plan.image.descriptor;
  const reusedBytes = pushed.layers.reduce((sum, { size, sentBytes }) => (sentBytes === 0 ? sum + size : sum), 0);
  watch.lap(`sent ${sizeText(pushed.sentBytes)}, reused ${sizeText(reusedBytes)}`);
  return {
    digest,
    reference: describeImage(to, digest),
    manifestBytes,
    baseDigest: base.digest,
    python,
    layers: pushed.layers,
    dependencies: built ? 'built' : 'found',
    sentBytes: pushed.sentBytes,
    reusedBytes,
    sbom: plan.sbom.descriptor.digest,
    provenance: plan.provenance.descriptor.digest,
  };
}

async function writeApplication({ pkg, to }: ImageInput, shop: Workshop) {
  const { registry, uploads, watch, work } = shop;
  const file = join(work, 'application.tar.gz');
  const application = await writeApplicationLayer(pkg, file, shop);
  watch.lap(`application: ${sizeText(application.size)}`);
  uploads.add(application.digest, (call) => registry.pushBlob(to, fileBlob(file, application), call));
  return application;
}

/** The base, whose layers are on their way from then on, and the packages where the repository has them. */
async function lookUp(input: ImageInput, shop: Workshop) {
  const { registry, signal, uploads, watch } = shop;
  const { to, platform, libc, pkg } = input;
  const base = await readBaseImage(registry, input.base, platform, { signal });
  const python = pythonOf(base, input.python);
  watch.lap(`base image ${input.base.text}: ${base.digest}, Python ${python}`);
  addBaseLayers(registry, uploads, base, to);
  const { requirements } = pkg;
  const wanted = { key: lockKey({ requirements, platform, libc, python }), requirements };
  const found = await findDependencies(registry, to, wanted, sealingOf(shop), { signal });
  if (found) watch.lap(`${packagesOf(found).length} packages: found in the registry, ${totalSize(found)}`);
  return { base, python, found };
}

async function build(
  wanted: Parameters<typeof buildDependencies>[1] & Pick<ImageInput, 'to'>,
  shop: Workshop,
): Promise<BuiltDependencies> {
  const { registry, uploads, watch, work } = shop;
  const onLayer: Parameters<typeof buildDependencies>[0]['onLayer'] = (layer, file) =>
    uploads.add(layer.digest, (call) => registry.pushBlob(wanted.to, fileBlob(file, layer), call));
  const built = await buildDependencies({ ...shop, onLayer }, wanted, wanted.to, work);
  watch.lap(`${wanted.requirements.length} packages: in ${built.all.layers.length} layers, ${totalSize(built.all)}`);
  return built;
}

function totalSize({ layers }: DependencyArtifact): string {
  return sizeText(layers.reduce((sum, { layer }) => sum + layer.size, 0));
}

/** Both results, or the first failure once both have ended: files of a build that goes on cannot be removed. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
