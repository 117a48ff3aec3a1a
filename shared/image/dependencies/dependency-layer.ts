import { join } from 'node:path';
import type { ImageTools } from '../assemble/image-input.ts';
import { writeLayer } from '../assemble/layer.ts';
import { OCI_LAYER_GZIP } from '../assemble/media-types.ts';
import type { DependencyLayer } from './dependency-artifact.ts';
import { type DependencyInput, dependencyKey } from './dependency-key.ts';
import { installPackages } from './install-packages.ts';
import { installedPackages } from './package-files.ts';

/**
 * Installs the packages and writes them as a layer.
 * @param dir an empty folder of the caller's, which removes it
 * @returns the layer, and the file in `dir` that holds it
 * @throws what {@link installPackages} throws
 */
export async function buildDependencyLayer(
  tools: ImageTools,
  input: DependencyInput,
  dir: string,
): Promise<DependencyLayer & { readonly file: string }> {
  const installed = await installedPackages(await installPackages(tools, input, dir));
  if (installed.unread.length > 0) {
    tools.progress(`not read in the image: ${installed.unread.join(', ')}`);
  }
  const file = join(dir, 'dependencies.tar.gz');
  const { digest, size, diffId } = await writeLayer(installed.files, file, tools.signal);
  return {
    key: dependencyKey(input),
    layer: { mediaType: OCI_LAYER_GZIP, digest, size },
    diffId,
    packages: installed.packages,
    file,
  };
}
