import { join } from 'node:path';
import type { RepositoryName } from '../../ports/registry.ts';
import type { ImageTools } from '../assemble/image-input.ts';
import { inParallel } from '../assemble/in-parallel.ts';
import { type LayerFile, type LayerTools, writeLayer } from '../assemble/layer.ts';
import { OCI_LAYER_GZIP } from '../assemble/media-types.ts';
import { type DependencyArtifact, findDependencies, type PackageLayer, type SealTools } from './dependency-artifact.ts';
import { type DependencyInput, lockKey, packageKey } from './dependency-key.ts';
import { installPackages } from './install-packages.ts';
import { overlapping } from './overlaps.ts';
import { type InstalledPackage, type InstalledPackages, installedPackages } from './package-files.ts';
import { nameOf, requirementOf } from './package-name.ts';

/**
 * A package of more bytes than these, installed, has a layer of its own: in a lock of a pricing service those are a
 * handful with nearly all of the bytes. It is part of the form that keys name, as it decides what is in which layer.
 */
const LARGE_BYTES = 4_000_000;
const LOOK_UPS_AT_ONCE = 8;

const NOTHING: InstalledPackages = { packages: [], unread: [] };

export interface BuildTools extends ImageTools, Pick<LayerTools, 'compressor'> {
  /** Told of each layer as soon as it is written. */
  readonly onLayer: (layer: PackageLayer['layer'], file: string) => void;
}

export interface BuiltDependencies {
  readonly all: DependencyArtifact;
  /** What was not in the repository, and is to be stored by its key. */
  readonly artifacts: readonly DependencyArtifact[];
}

/**
 * The layers of a lock that was never built as a whole: large packages that some other lock had are taken from the
 * repository, all others are installed and written.
 * @param dir an empty folder of the caller's, which removes it
 * @throws what {@link installPackages}, {@link installedPackages} and {@link overlapping} throw
 */
export async function buildDependencies(
  tools: BuildTools,
  input: DependencyInput,
  to: RepositoryName,
  dir: string,
): Promise<BuiltDependencies> {
  const known = await findLarge(tools, input, to);
  const missing = input.requirements.filter((requirement) => !known.has(requirement));
  const total = input.requirements.length;
  tools.progress(`${total} packages: ${known.size} in the registry, installing ${missing.length}`);
  const [large, small] = divide(await install(tools, { ...input, requirements: missing }, dir, known));

  const own: DependencyArtifact[] = [];
  for (const [index, each] of large.entries()) {
    const requirement = requirementOf(each.facts.name, missing);
    const layer = await write(tools, [each], join(dir, `package-${index}.tar.gz`));
    own.push({ key: packageKey(requirement, input), layers: [layer], paths: Object.fromEntries(each.paths) });
  }
  const shared = small.length === 0 ? [] : [await write(tools, small, join(dir, 'packages.tar.gz'))];
  const layers = [...known.values(), ...own].flatMap((artifact) => artifact.layers).sort(byName);
  const all = { key: lockKey(input), layers: [...layers, ...shared] };
  return { all, artifacts: [...own, all] };
}

/** By what layers in the repository are told to be ours. */
export function sealingOf({ seal, progress }: Pick<ImageTools, 'seal' | 'progress'>): SealTools {
  return {
    seal,
    notTaken: (tag, why) => progress(`${tag} ${why}: its packages are installed anew`),
  };
}

/** What the repository has of the packages one by one, by requirement. Small ones are never stored so. */
async function findLarge(
  tools: ImageTools,
  input: DependencyInput,
  to: RepositoryName,
): Promise<ReadonlyMap<string, DependencyArtifact>> {
  const { registry, signal } = tools;
  const sealing = sealingOf(tools);
  const looks = input.requirements.map(
    (requirement) => (call: { readonly signal: AbortSignal }) =>
      findDependencies(
        registry,
        to,
        { key: packageKey(requirement, input), requirements: [requirement] },
        sealing,
        call,
      ),
  );
  const found = await inParallel(LOOK_UPS_AT_ONCE, looks, signal);
  return new Map(
    input.requirements.flatMap((requirement, index) => {
      const artifact = found[index];
      return artifact?.paths && artifact.layers.length === 1 ? [[requirement, artifact] as const] : [];
    }),
  );
}

/** Installs packages, each as its wheel is: those that share files with others once more, by themselves. */
async function install(
  tools: BuildTools,
  input: DependencyInput,
  dir: string,
  known: ReadonlyMap<string, DependencyArtifact>,
): Promise<readonly InstalledPackage[]> {
  const nothing = input.requirements.length === 0;
  const { packages, unread } = nothing ? NOTHING : await installedPackages(await installPackages(tools, input, dir));
  if (unread.length > 0) tools.progress(`not read in the image: ${unread.join(', ')}`);
  const sharing = overlapping([
    ...[...known].map(([requirement, { paths = {} }]) => ({ name: nameOf(requirement), paths })),
    ...packages.map(({ facts, paths }) => ({ name: facts.name, paths: Object.fromEntries(paths) })),
  ]);
  const alone: InstalledPackage[] = [];
  for (const each of packages) {
    if (!sharing.has(each.facts.name)) {
      alone.push(each);
      continue;
    }
    const only = { ...input, requirements: [requirementOf(each.facts.name, input.requirements)] };
    const again = await installPackages(tools, only, join(dir, `alone-${alone.length}`));
    alone.push(...(await installedPackages(again)).packages);
  }
  return alone;
}

function divide(
  installed: readonly InstalledPackage[],
): readonly [large: readonly InstalledPackage[], small: readonly InstalledPackage[]] {
  const isLarge = ({ bytes }: InstalledPackage): boolean => bytes > LARGE_BYTES;
  return [installed.filter(isLarge), installed.filter((each) => !isLarge(each))];
}

async function write(tools: BuildTools, packages: readonly InstalledPackage[], file: string): Promise<PackageLayer> {
  // Sorted by name: of a file that several bring, that of the last one is there.
  const files = new Map<string, LayerFile>(packages.flatMap((each) => [...each.files]));
  const { diffId, ...written } = await writeLayer([...files.values()], file, tools);
  const layer = { mediaType: OCI_LAYER_GZIP, ...written };
  tools.onLayer(layer, file);
  return { layer, diffId, packages: packages.map(({ facts }) => facts) };
}

function byName(one: PackageLayer, other: PackageLayer): number {
  return nameIn(one) < nameIn(other) ? -1 : 1;
}

function nameIn({ packages }: PackageLayer): string {
  return packages[0]?.name ?? '';
}

/** Of all layers, sorted by name. */
export function packagesOf({ layers }: DependencyArtifact): readonly PackageLayer['packages'][number][] {
  return layers.flatMap(({ packages }) => packages).sort((a, b) => (a.name < b.name ? -1 : 1));
}
