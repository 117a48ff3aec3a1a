import { ConfigError } from '../../errors.ts';
import type { ArtifactStore, PushOptions, StoredArtifact, WantedPackage } from '../../ports/artifact-store.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Release, ReleaseCore } from '../../release/release.ts';
import { attachRelease } from '../attest/release-record.ts';
import { type ImageBuilder, platformText } from '../builders/builder.ts';
import type { Choice } from '../builders/choose.ts';
import { describeImage, describeRepository, describeTag, parseImageName } from '../registry/name.ts';
import { giveTags } from '../tags/give-tags.ts';
import { commitTag, tagsFor } from '../tags/tags.ts';
import type { RepositoryMaker } from './ecr-repositories.ts';
import { imageMissing } from './errors.ts';
import { baseOf, type ImageSettings, platformsOf, repositoryOf } from './image-wishes.ts';
import { imageUnknown, type OpenImageTools, openImage } from './open-image.ts';
import { verifyImage } from './verify-image.ts';

/** Reading one image back: manifests, a configuration, and a question for each layer. */
const VERIFY_TIMEOUT_MS = 5 * 60_000;
/** Who builds, for the provenance: this suite, wherever it runs. */
const BUILDER = 'https://github.com/haute/deploy';

export interface ImageStoreOptions {
  readonly registry: Registry;
  readonly settings: ImageSettings;
  /** What the image is made with. @throws ConfigError BUILDER-MISSING */
  choose(wanted: PushOptions['image']['builder'], signal: AbortSignal): Promise<Choice>;
  builder(id: Choice['builder']): Promise<ImageBuilder>;
  readonly repositories: RepositoryMaker;
  /** For packages that are wanted here. */
  readonly opening: Omit<OpenImageTools, 'registry'>;
}

/** Images in a registry, by their digests; names come last. */
export class ImageStore implements ArtifactStore {
  readonly images = { can: true } as const;
  readonly #options: ImageStoreOptions;

  constructor(options: ImageStoreOptions) {
    this.#options = options;
  }

  async plan({ image, source, signal }: PushOptions): Promise<readonly string[]> {
    const { settings } = this.#options;
    const to = repositoryOf(settings, image.registry);
    const base = baseOf(settings, image.baseImage);
    const platforms = platformsOf(image).map(platformText);
    const { fixed, moving } = tagsFor(source, image.tags);
    const { builder, because, ownDockerfile } = await this.#options.choose(image.builder, signal);
    if (ownDockerfile && image.baseImage !== undefined) throw unusedBase(image.baseImage);
    if (image.createRepository && !this.#options.repositories.worksAt(to.registry)) throw makesItself(to.registry);
    const on = ownDockerfile ? 'what the project’s Dockerfile names' : base.text;
    return [
      `an image for ${platforms.join(' and ')} on ${on}, made with ${builder}${because === undefined ? '' : `: ${because}`}`,
      `stored by its digest in ${describeRepository(to)}`,
      ...(image.createRepository ? ['into a repository that is made where it is missing'] : []),
      ...fixed.map((tag) => `named ${describeTag(to, tag)}, for good`),
      ...moving.map((tag) => `named ${describeTag(to, tag)}, which is moved from whatever it names now`),
      ...(fixed.length === 0 ? ['not named after a commit: there is none, or files differ from it'] : []),
    ];
  }

  /** Stored, and then read back as the registry has it: what is not there is not a release. */
  async push(pkg: EnginePackage, options: PushOptions): Promise<StoredArtifact> {
    const { registry, settings, repositories } = this.#options;
    const { image, source, signal, progress } = options;
    const to = repositoryOf(settings, image.registry);
    if (image.createRepository && (await repositories.ensure(to, signal))) progress(`made ${describeRepository(to)}`);
    const { builder, because } = await this.#options.choose(image.builder, signal);
    progress(`image made with ${builder}${because === undefined ? '' : `: ${because}`}`);
    const making = await this.#options.builder(builder);
    const pushed = await making.build({
      pkg,
      to,
      platforms: platformsOf(image),
      base: baseOf(settings, image.baseImage),
      port: settings.port,
      origin: {
        title: settings.title,
        source: settings.source,
        revision: source.commit ?? undefined,
        // A version tag may come after the commit was built, and must not make another image of it.
        version: undefined,
        createdAt: source.committedAt,
        builder: BUILDER,
      },
      known: commitTag(source),
      signal,
      progress,
    });
    const { digest } = pushed.descriptor;
    await verifyImage(registry, to, digest, pkg.digest, { signal });
    return {
      artifact: { kind: 'image', name: describeRepository(to), digest },
      reference: describeImage(to, digest),
      uploadedBytes: pushed.uploadedBytes,
      reusedBytes: pushed.reusedBytes,
      facts: pushed.facts,
    };
  }

  /** The release's record first, then the tags: whoever comes by a tag finds the record. */
  async publish(release: Release, { image, source, signal, progress }: PushOptions): Promise<readonly string[]> {
    const { registry } = this.#options;
    const { name, digest } = imageOf(release.core);
    const stored = await registry.manifest(name, digest, { signal });
    if (!stored) throw imageMissing(describeImage(name, digest));
    await attachRelease(registry, name, stored.descriptor, release, { signal });
    const names = await giveTags(registry, name, stored, tagsFor(source, image.tags), { signal });
    for (const each of names) progress(`named ${each}`);
    return names;
  }

  async verify(core: ReleaseCore): Promise<void> {
    const { name, digest } = imageOf(core);
    const signal = AbortSignal.timeout(VERIFY_TIMEOUT_MS);
    await verifyImage(this.#options.registry, name, digest, core.packageDigest, { signal });
  }

  async open({ image, packageDigest }: WantedPackage, signal: AbortSignal): Promise<EnginePackage> {
    const { registry, opening } = this.#options;
    if (image === undefined) throw imageUnknown(packageDigest);
    return openImage({ ...opening, registry }, image, packageDigest, signal);
  }
}

function imageOf({ artifact }: ReleaseCore) {
  if (artifact.kind === 'image') return { name: parseImageName(artifact.name).name, digest: artifact.digest };
  throw new ConfigError({
    code: 'IMAGE-ARTIFACT',
    what: `this target runs images, and the release was built as ${artifact.kind}`,
    fix: 'Build it again with build-push for this target',
  });
}

function unusedBase(baseImage: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-INPUT',
    what: `the base-image input asks for ${JSON.stringify(baseImage)}, and the project’s own Dockerfile names its base image itself`,
    fix: 'Leave the input out and change the Dockerfile, or use the builder oci',
  });
}

function makesItself(registry: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-INPUT',
    what: `the create-repository input is for Amazon ECR, and ${registry} is no registry of it`,
    fix: 'Leave the input out: other registries make a repository when something is pushed, or want it made by hand',
  });
}
