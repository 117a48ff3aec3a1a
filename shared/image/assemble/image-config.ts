import type { Digest } from '../../release/digest.ts';
import type { JsonObject } from '../../release/json.ts';
import type { PackageFacts } from '../dependencies/wheel-metadata.ts';
import { APPLICATION_DIR, IMAGE_USER } from './application-layer.ts';
import type { BaseImage } from './base-image.ts';
import type { ImageInput } from './image-input.ts';

/** Where the packages of the pricing service are. */
export const PACKAGES_DIR = 'opt/haute/packages';
const EPOCH = '1970-01-01T00:00:00Z';
const SECOND_NS = 1_000_000_000;

/** A layer of packages: of one, or of several. */
export interface AddedPackages {
  readonly diffId: Digest;
  readonly packages: readonly Pick<PackageFacts, 'name' | 'version'>[];
}

/** What the image is told of itself: the layers that are added to the base, and what they are. */
export interface AddedLayers {
  readonly dependencies: readonly AddedPackages[];
  readonly application: { readonly diffId: Digest };
}

/**
 * The configuration of the image: the base's, with ours on top. It holds no time but the commit's and nothing of the
 * machine. The release is not named, since its id contains this image's digest: it comes as HAUTE_RELEASE_ID.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
export function imageConfig(input: ImageInput, base: BaseImage, added: AddedLayers): JsonObject {
  const { config } = base.config;
  const created = input.origin.createdAt ?? EPOCH;
  return {
    architecture: base.config.architecture,
    os: base.config.os,
    ...(base.config.variant !== undefined && { variant: base.config.variant }),
    ...(base.config['os.version'] !== undefined && { 'os.version': base.config['os.version'] }),
    created,
    config: {
      // Numbers: only those can be seen to be no root without looking into the image.
      User: `${IMAGE_USER}:${IMAGE_USER}`,
      ExposedPorts: { [`${input.port}/tcp`]: {} },
      Env: environment(config?.Env ?? []),
      // The same program that starts the package on a laptop and while it is accepted.
      Entrypoint: ['python3', 'haute_release_serve.py'],
      Cmd: ['--host', '0.0.0.0', '--port', String(input.port)],
      WorkingDir: `/${APPLICATION_DIR}`,
      Labels: { ...config?.Labels, ...imageLabels(input, base) },
      StopSignal: 'SIGTERM',
      Healthcheck: {
        Test: ['CMD', 'python3', '-S', '-E', '-c', healthProgram(input.port)],
        Interval: 10 * SECOND_NS,
        Timeout: 5 * SECOND_NS,
        StartPeriod: 60 * SECOND_NS,
        Retries: 3,
      },
    },
    rootfs: {
      type: 'layers',
      diff_ids: [
        ...base.config.rootfs.diff_ids,
        ...[...added.dependencies, added.application].map(({ diffId }) => diffId),
      ],
    },
    history: [
      ...baseHistory(base, created),
      ...added.dependencies.map((layer) => ({ created, created_by: `haute-ci: ${describe(layer)}` })),
      { created, created_by: packageHistory(input.pkg.digest) },
    ],
  };
}

/** What the history of an image says of the layer that is the package. */
export function packageHistory(packageDigest: Digest): string {
  return `haute-ci: package ${packageDigest}`;
}

function describe({ packages }: AddedPackages): string {
  const [first, ...others] = packages;
  return first && others.length === 0 ? `${first.name} ${first.version}` : `${packages.length} packages for Python`;
}

/** One entry for each layer, or builders that start from the image refuse it: made up where the base has another number. */
function baseHistory({ layers, config: { history } }: BaseImage, created: string): readonly JsonObject[] {
  const entries = (history ?? []) as readonly JsonObject[];
  if (entries.filter((entry) => entry.empty_layer !== true).length === layers.length) return entries;
  return layers.map(() => ({ created, created_by: 'base image' }));
}

/** Labels of the configuration, and annotations of the manifest. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
export function imageLabels({ origin, pkg }: ImageInput, base: BaseImage): Readonly<Record<string, string>> {
  const { title, source, revision, version, createdAt } = origin;
  return {
    'org.opencontainers.image.title': title,
    'org.opencontainers.image.created': createdAt ?? EPOCH,
    ...(source !== undefined && { 'org.opencontainers.image.source': source }),
    ...(revision !== undefined && { 'org.opencontainers.image.revision': revision }),
    ...(version !== undefined && { 'org.opencontainers.image.version': version }),
    'org.opencontainers.image.base.name': base.reference.text,
    'org.opencontainers.image.base.digest': base.digest,
    'dev.haute.package': pkg.digest,
    'dev.haute.engine': `${pkg.engine.name} ${pkg.engine.version}`,
  };
}

/**
 * The base's environment, with ours in its place. HAUTE_EXECUTION_MEMORY_POLICY is what Haute's own image sets; the
 * others are those that the package was accepted with. Compiled files go where any user may write, once: a request of
 * several rows starts a new Python, which would compile everything again.
 */
function environment(base: readonly string[]): readonly string[] {
  const ours = {
    HAUTE_EXECUTION_MEMORY_POLICY: 'strict_server',
    PYTHONPATH: `/${PACKAGES_DIR}`,
    PYTHONPYCACHEPREFIX: '/tmp/haute-bytecode',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    PYTHONNOUSERSITE: '1',
  };
  const others = base.filter((line) => !Object.hasOwn(ours, line.split('=', 1)[0] ?? ''));
  return [...others, ...Object.entries(ours).map(([name, value]) => `${name}=${value}`)];
}

/** Needs no other program in the image, and ends with 1 unless the service answers with 200. */
function healthProgram(port: number): string {
  return `import urllib.request as u; u.urlopen("http://127.0.0.1:${port}/health", timeout=4)`;
}
