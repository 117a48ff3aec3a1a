import { ConfigError } from '../../errors.ts';
import type { BaseReference, Platform } from './image-input.ts';

export function missingBase({ text }: BaseReference): ConfigError {
  return new ConfigError({
    code: 'BASE-IMAGE-MISSING',
    what: `the base image ${text} is not there, or may not be read with this login`,
    fix: "Correct 'base_image' in [deploy.container], or log in to its registry",
  });
}

export function wrongPlatform(
  { text }: BaseReference,
  wanted: Platform,
  found: readonly { readonly os: string; readonly architecture: string; readonly variant?: string | undefined }[],
): ConfigError {
  const names = [...new Set(found.map((each) => [each.os, each.architecture, each.variant].filter(Boolean).join('/')))];
  return new ConfigError({
    code: 'BASE-IMAGE-PLATFORM',
    what: `the base image ${text} is not for ${wanted.os}/${wanted.architecture}, but for ${names.join(', ') || 'no platform'}`,
    fix: 'Use a base image for the platform that the service runs on',
  });
}

export function notLinux({ text }: BaseReference, found: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'BASE-IMAGE-NOT-LINUX',
    what: `the base image ${text} is for ${found.join(' and ')}; pricing services run on Linux`,
    fix: 'Use a base image for Linux, like "python:3.11.9-slim"',
  });
}

export function notAnImage({ text }: BaseReference, why: string): ConfigError {
  return new ConfigError({
    code: 'BASE-IMAGE-KIND',
    what: `${text} is not a container image that can be built on: ${why}`,
    fix: 'Name an image in \'base_image\' in [deploy.container], like "python:3.11.9-slim"',
  });
}

export function brokenBase({ text }: BaseReference, why: string): ConfigError {
  return new ConfigError({
    code: 'BASE-IMAGE-BROKEN',
    what: `the base image ${text} is not whole: ${why}`,
    fix: 'Push it again, or use another one',
  });
}
