import { ConfigError, type Problem, throwIfAny } from '../../errors.ts';
import type { ImageWishes } from '../../ports/artifact-store.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import { isPinnedImage } from '../../project/base-image.ts';
import type { BaseReference, Platform } from '../assemble/image-input.ts';
import { parseImageName } from '../registry/name.ts';

/** What the project's files say of its image. */
export interface ImageSettings {
  /** `[deploy.container] registry`: host and path; empty where it is not said. */
  readonly registry: string;
  /** Name of the repository below it. */
  readonly repository: string;
  readonly baseImage: string;
  readonly port: number;
  /** Name of the model. */
  readonly title: string;
  /** Address of the source, for people who have the image alone; undefined where it is not said. */
  readonly source: string | undefined;
}

const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' };

/**
 * The repository of the project's image.
 * @throws ConfigError IMAGE-REGISTRY-MISSING, IMAGE-NAME, IMAGE-NAME-UPPER-CASE
 */
export function repositoryOf(settings: ImageSettings, registry = settings.registry): RepositoryName {
  if (registry === '') throw noRegistry();
  return parseImageName(`${registry.replace(/\/+$/, '')}/${settings.repository}`).name;
}

/** @throws ConfigError BASE-IMAGE-NOT-PINNED, IMAGE-NAME */
export function baseOf({ baseImage }: ImageSettings, wished: string | undefined): BaseReference {
  const text = wished ?? baseImage;
  if (!isPinnedImage(text)) throw floating(text);
  const { name, tag, digest } = parseImageName(text);
  return { name, reference: digest ?? tag ?? '', text };
}

/** @throws ConfigError IMAGE-PLATFORM for each that is none */
export function platformsOf({ platforms }: Pick<ImageWishes, 'platforms'>): readonly [Platform, ...Platform[]] {
  const problems: Problem[] = [];
  const found = [...new Set(platforms)].flatMap((text): readonly Platform[] => {
    const [, architecture] = /^linux\/([a-z0-9]+)(?:\/v8)?$/.exec(text) ?? [];
    if (architecture !== undefined) return [{ os: 'linux', architecture }];
    problems.push(noPlatform(text));
    return [];
  });
  throwIfAny(problems);
  const [first = DEFAULT_PLATFORM, ...rest] = found;
  return [first, ...rest];
}

function noRegistry(): ConfigError {
  return new ConfigError({
    code: 'IMAGE-REGISTRY-MISSING',
    what: 'nothing says which registry the image belongs to',
    fix: 'Write registry under [deploy.container] in haute.toml, like "eu.example.com/pricing", or use the registry input',
  });
}

function floating(image: string): ConfigError {
  return new ConfigError({
    code: 'BASE-IMAGE-NOT-PINNED',
    what: `the base image is ${JSON.stringify(image)}, which is another image from one month to the next`,
    fix: 'Name a patch version, like python:3.11.9-slim, or a digest, like python@sha256:…',
  });
}

function noPlatform(text: string): Problem {
  return {
    code: 'IMAGE-PLATFORM',
    what: `the platforms input: ${JSON.stringify(text)} is no platform that pricing services run on`,
    fix: 'Write linux/amd64, linux/arm64, or both',
  };
}
