import { join } from 'node:path';
import type { BlobSource } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { type DependencyLayer, findDependencyLayer } from '../dependencies/dependency-artifact.ts';
import { dependencyKey, pythonOf } from '../dependencies/dependency-key.ts';
import { buildDependencyLayer } from '../dependencies/dependency-layer.ts';
import { describeImage } from '../registry/name.ts';
import { writeApplicationLayer } from './application-layer.ts';
import { readBaseImage } from './base-image.ts';
import { fileBlob } from './blobs.ts';
import type { AssembledImage, ImageInput, ImageTools } from './image-input.ts';
import { planImage } from './plan-image.ts';
import { pushImage } from './push-image.ts';
import { Stopwatch, sizeText } from './stopwatch.ts';

/**
 * Puts an image together and stores it, without a daemon and without running anything of it: the layers of the base as
 * they are, a layer of packages, a layer of the application. The same package, base and origin give the same digest on
 * every machine. The packages are looked for in the repository first, so that a build of changed rates sends the
 * application's layer, a configuration and manifests, and reads no wheel.
 *
 * Everything is stored before the first tag is moved; no file is left on this machine, however it ends.
 *
 * @throws ConfigError what is wrong with the base image, the package or the requirements; GateFailure PACKAGE-CHANGED;
 *   ProviderError of the registry, of the disk, of the package index; Interrupted
 */
export async function assembleImage(input: ImageInput, tools: ImageTools): Promise<AssembledImage> {
  const { registry, files, signal, clock, progress } = tools;
  const watch = new Stopwatch(clock, progress);
  const work = await files.tempDir('haute-image-');
  try {
    const applicationFile = join(work, 'application.tar.gz');
    const application = await writeApplicationLayer(input.pkg, applicationFile, signal);
    watch.lap(`application: ${sizeText(application.size)}`);

    const base = await readBaseImage(registry, input.base, input.platform, { signal });
    const python = pythonOf(base, input.python);
    watch.lap(`base image ${input.base.text}: ${base.digest}, Python ${python}`);

    const dependencies = await findOrBuild(input, tools, { python, work, watch });
    const local = new Map<Digest, BlobSource>([[application.digest, fileBlob(applicationFile, application)]]);
    if (dependencies.file !== undefined) {
      local.set(dependencies.layer.digest, fileBlob(dependencies.file, dependencies.layer));
    }
    const built = dependencies.file !== undefined;
    const plan = planImage(input, { base, dependencies, built, application, python });
    const pushed = await pushImage(registry, { plan, to: input.to, tags: input.tags, base, local }, { signal });
    const { digest, size: manifestBytes } = plan.image.descriptor;
    const reusedBytes = pushed.layers.reduce((sum, { size, sentBytes }) => (sentBytes === 0 ? sum + size : sum), 0);
    watch.lap(`sent ${sizeText(pushed.sentBytes)}, reused ${sizeText(reusedBytes)}`);
    return {
      digest,
      reference: describeImage(input.to, digest),
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
  } finally {
    await files.remove(work);
  }
}

async function findOrBuild(
  { pkg, platform, libc, to }: ImageInput,
  tools: ImageTools,
  { python, work, watch }: { readonly python: string; readonly work: string; readonly watch: Stopwatch },
): Promise<DependencyLayer & { readonly file?: string }> {
  const wanted = { requirements: pkg.requirements, platform, libc, python };
  const found = await findDependencyLayer(tools.registry, to, dependencyKey(wanted), { signal: tools.signal });
  if (found) {
    watch.lap(`${found.packages.length} packages: found in the registry, ${sizeText(found.layer.size)}`);
    return found;
  }
  tools.progress(`${pkg.requirements.length} packages: not in the registry yet, installing`);
  const built = await buildDependencyLayer(tools, wanted, work);
  watch.lap(`${built.packages.length} packages: installed and compressed, ${sizeText(built.layer.size)}`);
  return built;
}
