import type { EnginePackage } from '../../ports/engine.ts';
import type { Descriptor, RepositoryName } from '../../ports/registry.ts';
import type { JsonObject } from '../../release/json.ts';
import type { BaseReference, ImageOrigin, Platform } from '../assemble/image-input.ts';

/** What an image is to be made of, and where it goes. */
export interface ImageRequest {
  readonly pkg: EnginePackage;
  readonly to: RepositoryName;
  readonly platforms: readonly [Platform, ...Platform[]];
  readonly base: BaseReference;
  /** Port that the service listens on. */
  readonly port: number;
  readonly origin: ImageOrigin;
  /** Tag that an earlier build of the same commit may have; undefined where nothing may be named after the commit. */
  readonly known: string | undefined;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** An image, or an index of images, that the registry has by its digest and by nothing else. */
export interface PushedImage {
  readonly descriptor: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly uploadedBytes: number;
  readonly reusedBytes: number;
  readonly facts: JsonObject;
}

/** One way to make images. It stores what it made by digest, and gives no tag. */
export interface ImageBuilder {
  build(request: ImageRequest): Promise<PushedImage>;
}

/** `linux/amd64` */
export function platformText({ os, architecture }: Platform): string {
  return `${os}/${architecture}`;
}

/** Label of the package that is in an image. */
export const PACKAGE_LABEL = 'dev.haute.package';
/** Label that says what an image was built from by a Dockerfile, since such builds differ each time. */
export const RECIPE_LABEL = 'dev.haute.recipe';

export type Labels = Readonly<Record<string, string>>;
