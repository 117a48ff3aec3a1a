import { type Problem, throwIfAny } from '../../errors.ts';
import type { ArtifactStore, BuilderId, ImageWishes } from '../../ports/artifact-store.ts';
import type { Host } from '../../ports/host.ts';
import { SCANNER_IDS, type ScannerId } from '../../ports/image-scanner.ts';
import type { InputValues } from '../define.ts';
import type { definition } from './definition.ts';

type Inputs = InputValues<typeof definition.inputs>;

/** The inputs that only mean something for images, with the value that asks for nothing. */
const ABOUT_IMAGES = {
  registry: undefined,
  builder: 'auto',
  'base-image': undefined,
  'create-repository': false,
  scan: 'none',
} as const;

/**
 * What the inputs ask of the image.
 * @throws ConfigError IMAGE-INPUT for each that is given although the target has no images: it would change nothing
 */
export function imageWishes(
  inputs: Inputs,
  { images }: ArtifactStore,
  target: string,
  { spell }: Pick<Host, 'spell'>,
): ImageWishes {
  if (!images.can) {
    const single = (Object.keys(ABOUT_IMAGES) as (keyof typeof ABOUT_IMAGES)[]).filter(
      (name) => inputs[name] !== ABOUT_IMAGES[name],
    );
    const lists = (['platforms', 'tags'] as const).filter((name) => inputs[name].length > 0);
    throwIfAny([...single, ...lists].map((name) => notForImages(spell(name), target, images.why)));
  }
  return {
    registry: inputs.registry,
    builder: inputs.builder as BuilderId,
    platforms: inputs.platforms,
    baseImage: inputs['base-image'],
    tags: inputs.tags,
    createRepository: inputs['create-repository'],
  };
}

/** The scanner that is asked for; undefined for none. */
export function scannerOf({ scan }: Pick<Inputs, 'scan'>): ScannerId | undefined {
  return SCANNER_IDS.find((id) => id === scan);
}

function notForImages(input: string, target: string, why: string): Problem {
  return {
    code: 'IMAGE-INPUT',
    what: `${input} is about images, and target ${target} has none: ${why}`,
    fix: 'Leave the input out, or build for a target that runs images',
  };
}
