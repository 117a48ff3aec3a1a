import type { BuilderId } from '../../ports/artifact-store.ts';

export type DockerfileBuilderId = Exclude<BuilderId, 'auto' | 'oci'>;

/** A build from a Dockerfile, with every path absolute. */
export interface DockerfileBuild {
  /** Folder whose files the Dockerfile may copy. */
  readonly context: string;
  readonly dockerfile: string;
  /** `linux/amd64`, …: at least one. */
  readonly platforms: readonly [string, ...string[]];
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970 that files and the image are dated with, where the builder can. */
  readonly epochSeconds: number;
  /** Empty folder for what the builder writes. */
  readonly work: string;
  /** Name for what has to have one in the builder's own store for a while; nobody else uses it. */
  readonly scratch: string;
}

/** What the commands of a builder leave in `work`. */
export interface BuilderCommands {
  /** In their order. `{id}` is what the file `id` holds once the first of them is done. */
  readonly argvs: readonly (readonly [string, ...string[]])[];
  /** Run whatever came of the others; what they say does not matter. */
  readonly cleanUp: readonly (readonly [string, ...string[]])[];
  readonly env: Readonly<Record<string, string>>;
  /**
   * `layout`: a folder `image`, an OCI layout; `layout-tar`: that as `image.tar`; `archive`: `image.tar` as
   * `docker save` writes it.
   */
  readonly result: 'layout' | 'layout-tar' | 'archive';
  /** File in `work` with the digest that the builder says the result has. */
  readonly digestFile: 'digest' | 'metadata.json' | 'id';
}

/** Stands for the id of the image that was built. */
export const IMAGE_ID = '{id}';

/**
 * How a builder is told to build: as data. None of them pushes, so none is told a credential of the registry; what it
 * needs for the base image is in its own configuration.
 */
export function builderCommands(builder: DockerfileBuilderId, build: DockerfileBuild): BuilderCommands {
  return COMMANDS[builder](build);
}

const COMMANDS: Readonly<Record<DockerfileBuilderId, (build: DockerfileBuild) => BuilderCommands>> = {
  /** @see https://docs.docker.com/reference/cli/docker/image/build/ */
  docker: (build) => ({
    argvs: [
      ['docker', 'build', ...common(build), ...platform(build), '--iidfile', `${build.work}/id`, build.context],
      ['docker', 'image', 'save', '--output', `${build.work}/image.tar`, IMAGE_ID],
    ],
    cleanUp: [],
    env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    result: 'archive',
    digestFile: 'id',
  }),
  /** @see https://docs.docker.com/reference/cli/docker/buildx/build/ */
  buildx: (build) => ({
    argvs: [
      [
        ...(['docker', 'buildx', 'build', ...common(build), ...platform(build)] as const),
        ...['--provenance=false', '--sbom=false', '--metadata-file', `${build.work}/metadata.json`],
        ...['--output', `type=oci,dest=${build.work}/image.tar,rewrite-timestamp=true`, build.context],
      ],
    ],
    cleanUp: [],
    env: { SOURCE_DATE_EPOCH: String(build.epochSeconds) },
    result: 'layout-tar',
    digestFile: 'metadata.json',
  }),
  /** @see https://docs.podman.io/en/latest/markdown/podman-build.1.html */
  podman: (build) => containersTools('podman', build),
  /** @see https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
  buildah: (build) => containersTools('buildah', build),
};

/** podman and buildah share their options. */
function containersTools(program: 'podman' | 'buildah', build: DockerfileBuild): BuilderCommands {
  const { work, scratch, context, platforms, epochSeconds } = build;
  const options = ['--format', 'oci', '--timestamp', String(epochSeconds), ...common(build), ...platform(build)];
  const to = ['--quiet', '--digestfile', `${work}/digest`];
  const single = platforms.length === 1;
  return {
    argvs: single
      ? [
          [program, 'build', ...options, '--iidfile', `${work}/id`, context],
          [program, 'push', ...to, IMAGE_ID, `oci:${work}/image`],
        ]
      : [
          [program, 'build', ...options, '--manifest', scratch, context],
          [program, 'manifest', 'push', '--all', ...to, scratch, `oci:${work}/image`],
        ],
    cleanUp: single ? [] : [[program, 'manifest', 'rm', scratch]],
    env: {},
    result: 'layout',
    digestFile: 'digest',
  };
}

function common({ dockerfile, labels }: DockerfileBuild): readonly string[] {
  return ['--file', dockerfile, ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])];
}

function platform({ platforms }: DockerfileBuild): readonly string[] {
  return ['--platform', platforms.join(',')];
}
