import { join } from 'node:path';
import type { BuilderId } from '../../ports/artifact-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Project } from '../../project/project.ts';
import type { ImageBuilder } from '../builders/builder.ts';
import { type Choice, chooseBuilder } from '../builders/choose.ts';
import { DockerfileBuilder } from '../builders/dockerfile-builder.ts';
import { OciBuilder } from '../builders/oci.ts';
import type { LayersSeal } from '../dependencies/layers-seal.ts';
import type { RepositoryMaker } from './ecr-repositories.ts';
import { ImageStore } from './image-store.ts';
import type { ImageSettings } from './image-wishes.ts';

export interface ImageStoreTools {
  readonly registry: Registry;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  readonly repositories: RepositoryMaker;
  /** Reads a package on disk and compares it with its digest. */
  readonly openPackage: Engine['open'];
  /** For what is run: builders, and uv. */
  readonly env: Readonly<Record<string, string>>;
  /** Asked for when an image is to be put together. @throws ConfigError for a key that is none */
  readonly seal: () => LayersSeal | undefined;
}

/** What a project's files say of its image: `[deploy.container]`, and `source` and `repository` of `[targets.container]`. */
export function imageSettings({ config, policy }: Pick<Project, 'config' | 'policy'>): ImageSettings {
  const { source, repository } = policy.targets.container ?? {};
  const { container, modelName } = config.deploy;
  return {
    registry: container.registry,
    repository: typeof repository === 'string' ? repository : modelName,
    baseImage: container.baseImage,
    port: container.port,
    title: modelName,
    source: typeof source === 'string' ? source : undefined,
  };
}

/** The store of a project's images, with every way there is to make them. */
export function createImageStore(project: Project, tools: ImageStoreTools): ImageStore {
  const { registry, exec, files, env, repositories } = tools;
  const ownDockerfile = join(project.root, 'Dockerfile');
  const hasDockerfile = async (): Promise<boolean> => (await files.size(ownDockerfile)) !== undefined;
  return new ImageStore({
    registry,
    settings: imageSettings(project),
    repositories,
    opening: { files, openPackage: tools.openPackage, packagesDir: join(project.root, '.haute', 'packages') },
    choose: async (wanted: BuilderId, signal: AbortSignal): Promise<Choice> =>
      chooseBuilder(wanted, await hasDockerfile(), { exec, env, cwd: project.root, signal }),
    async builder(id): Promise<ImageBuilder> {
      if (id === 'oci') return new OciBuilder({ ...tools, seal: tools.seal(), root: project.root });
      const dockerfile = (await hasDockerfile()) ? ownDockerfile : undefined;
      return new DockerfileBuilder(id, { exec, files, registry, env, dockerfile });
    },
  });
}
