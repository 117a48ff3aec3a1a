import { ProviderError } from '../../errors.ts';
import type { BuilderId } from '../../ports/artifact-store.ts';
import type { Exec } from '../../ports/exec.ts';
import type { DockerfileBuilderId } from './commands.ts';
import { builderMissing } from './errors.ts';

/** How each is asked whether it works: a client without its daemon does not. */
const PROBES: Readonly<Record<DockerfileBuilderId, readonly [string, ...string[]]>> = {
  docker: ['docker', 'info'],
  buildx: ['docker', 'buildx', 'ls'],
  podman: ['podman', 'info'],
  buildah: ['buildah', 'info'],
};
/** In the order in which they are looked for. */
const LOOKED_FOR: readonly DockerfileBuilderId[] = ['docker', 'podman', 'buildah'];
const PROBE_TIMEOUT_MS = 20_000;

export interface Choice {
  readonly builder: Exclude<BuilderId, 'auto'>;
  /** Why, where nobody asked for it by name. */
  readonly because: string | undefined;
  /** Whether the project's own Dockerfile is built, which names its base image itself. */
  readonly ownDockerfile: boolean;
}

/**
 * The builder that an image is made with.
 * @param hasDockerfile whether the project has a Dockerfile of its own
 * @throws ConfigError BUILDER-MISSING where the one that was asked for does not work, or none does
 */
export async function chooseBuilder(
  wanted: BuilderId,
  hasDockerfile: boolean,
  tools: {
    readonly exec: Exec;
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly signal: AbortSignal;
  },
): Promise<Choice> {
  if (wanted === 'oci' && hasDockerfile)
    return { builder: 'oci', because: 'it was asked for: the project’s Dockerfile is not used', ownDockerfile: false };
  if (wanted !== 'auto' && wanted !== 'oci' && !(await works(wanted, tools))) throw builderMissing(wanted);
  if (wanted !== 'auto') return { builder: wanted, because: undefined, ownDockerfile: hasDockerfile };
  if (!hasDockerfile)
    return { builder: 'oci', because: 'the project has no Dockerfile of its own', ownDockerfile: false };
  for (const builder of LOOKED_FOR) {
    if (await works(builder, tools))
      return { builder, because: 'the project has a Dockerfile of its own', ownDockerfile: true };
  }
  throw builderMissing(LOOKED_FOR.join(' or '));
}

async function works(
  builder: DockerfileBuilderId,
  { exec, env, cwd, signal }: Parameters<typeof chooseBuilder>[2],
): Promise<boolean> {
  try {
    const argv = PROBES[builder];
    return (await exec.run({ argv, cwd, env, timeoutMs: PROBE_TIMEOUT_MS, signal })).code === 0;
  } catch (error) {
    if (error instanceof ProviderError && error.problem.code.startsWith('EXEC-')) return false;
    throw error;
  }
}
