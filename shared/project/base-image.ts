import type { Place, Problem } from '../errors.ts';
import type { HauteConfig, TargetId } from './haute-config.ts';

/** Targets whose images are built on `base_image`. */
const CONTAINER_TARGETS: readonly TargetId[] = ['container', 'azure-container-apps', 'aws-ecs', 'gcp-run'];

/** A problem when the target builds images and the base image is not pinned. */
export function baseImageProblems({ deploy }: HauteConfig, place: Place): readonly Problem[] {
  const image = deploy.container.baseImage;
  if (!CONTAINER_TARGETS.includes(deploy.target) || isPinnedImage(image)) return [];
  const why =
    image === '' ? 'is missing' : `is ${JSON.stringify(image)}, which is another image from one month to the next`;
  return [
    {
      code: 'BASE-IMAGE-NOT-PINNED',
      what: `'base_image' in [deploy.container] ${why}`,
      fix: `Target ${deploy.target} needs a patch version, like "python:3.11.9-slim", or a digest, like "python@sha256:…"`,
      place,
    },
  ];
}

/**
 * True when an image names one build for good: by digest, or by a tag with a version of three numbers. `python:3.11-slim`
 * is another image next month.
 *
 * @see https://docs.docker.com/reference/cli/docker/image/tag/ for how a name is put together
 */
export function isPinnedImage(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([^:/@]+)$/.exec(image)?.[1] ?? '';
  return /(?<![\d.])\d+\.\d+\.\d+/.test(tag);
}
