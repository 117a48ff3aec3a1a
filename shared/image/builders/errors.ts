import { ConfigError, ProviderError } from '../../errors.ts';
import type { DockerfileBuilderId } from './commands.ts';

/** The problems of builds with a Dockerfile, in one place so that each is worded once. */

export function builderMissing(program: string): ConfigError {
  return new ConfigError({
    code: 'BUILDER-MISSING',
    what: `the image is to be built with ${program}, which is not on this machine or does not work`,
    fix: `Install and start ${program} before the step, or use the builder oci, which needs none`,
  });
}

export function builderFailed(builder: DockerfileBuilderId, what: string, why: string): ProviderError {
  return new ProviderError({
    code: 'BUILDER-FAILED',
    what: `${builder} could not ${what}: ${why}`,
    fix: 'Mend what it names; the lines of the build are in the log above',
  });
}

export function brokenResult(why: string): ProviderError {
  return new ProviderError({
    code: 'BUILDER-RESULT',
    what: `what the builder made cannot be used: ${why}`,
    fix: 'Try a newer version of the builder, or another one with the builder input',
  });
}

export function onePlatform(platforms: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'BUILDER-PLATFORMS',
    what: `docker builds for one platform at a time, not for ${platforms.join(' and ')}`,
    fix: 'Use the builder buildx, podman, buildah or oci for several platforms',
  });
}
