import type { Registry } from '../../ports/registry.ts';
import type { JsonObject } from '../../release/json.ts';
import { assembleImage } from '../assemble/assemble-image.ts';
import { jsonDocument } from '../assemble/blobs.ts';
import type { AssembledImage, ImageInput, ImageTools, Libc } from '../assemble/image-input.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../assemble/media-types.ts';
import { LAYERS_KEY } from '../dependencies/layers-seal.ts';
import { type ImageBuilder, type ImageRequest, type PushedImage, platformText } from './builder.ts';

export type AssemblerTools = Omit<ImageTools, 'signal' | 'progress'>;

const WITHOUT_KEY =
  `${LAYERS_KEY} is not set, so packages are installed and compressed anew in every build. A secret of that name, ` +
  'made with openssl rand -hex 32, lets the next ones find their layers again: ' +
  'https://github.com/haute/deploy/blob/main/docs/images.md#who-decides-what-is-in-a-layer';

/** Our own way: images put together without a daemon; more than one platform gives an index of them. */
export class OciBuilder implements ImageBuilder {
  readonly #tools: AssemblerTools;
  readonly #assemble: typeof assembleImage;

  constructor(tools: AssemblerTools, assemble: typeof assembleImage = assembleImage) {
    this.#tools = tools;
    this.#assemble = assemble;
  }

  async build(request: ImageRequest): Promise<PushedImage> {
    const { signal, progress, platforms } = request;
    if (!this.#tools.seal) progress(WITHOUT_KEY);
    const images: AssembledImage[] = [];
    for (const platform of platforms) {
      if (platforms.length > 1) progress(platformText(platform));
      const input: ImageInput = {
        pkg: request.pkg,
        base: request.base,
        to: request.to,
        // Names are given by whoever called, when everything is there and was looked at.
        tags: [],
        platform,
        libc: libcOf(request.base.text),
        python: undefined,
        port: request.port,
        origin: request.origin,
      };
      images.push(await this.#assemble(input, { ...this.#tools, signal, progress }));
    }
    const [first] = images;
    if (!first) throw new Error('an image has at least one platform');
    const sum = (of: (image: AssembledImage) => number): number => images.reduce((total, each) => total + of(each), 0);
    const done = {
      uploadedBytes: sum((image) => image.sentBytes),
      reusedBytes: sum((image) => image.reusedBytes),
      facts: {
        builder: 'oci',
        baseDigest: first.baseDigest,
        platforms: platforms.map(platformText),
        dependencies: images.map((image) => image.dependencies),
      },
    };
    if (images.length > 1) return withIndex(this.#tools.registry, request, images, done);
    const { digest, manifestBytes: size } = first;
    return { ...done, descriptor: { mediaType: OCI_MANIFEST, digest, size } };
  }
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
async function withIndex(
  registry: Registry,
  { to, platforms, signal }: ImageRequest,
  images: readonly AssembledImage[],
  done: Omit<PushedImage, 'descriptor'>,
): Promise<PushedImage> {
  const manifests = images.map(({ digest, manifestBytes }, index) => ({
    mediaType: OCI_MANIFEST,
    digest,
    size: manifestBytes,
    platform: { ...platforms[index] } as JsonObject,
  }));
  const index = jsonDocument(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  await registry.pushManifest(to, index, undefined, { signal });
  return { ...done, uploadedBytes: done.uploadedBytes + index.descriptor.size, descriptor: index.descriptor };
}

/** Alpine has another C library than everybody else; wheels are built for one of the two. */
function libcOf(base: string): Libc {
  return /alpine|musl/i.test(base) ? 'musl' : 'glibc';
}
