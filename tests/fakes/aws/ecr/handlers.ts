import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { seconds } from '../ecs/answers.ts';
import type { Wire } from '../ecs/state.ts';
import { imageIn } from '../ecs/task-fate.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import type { FakeImage, FakeRepository } from './state.ts';

export const ecrHandlers: Handlers = {
  GetAuthorizationToken(world) {
    const token = Buffer.from(`AWS:${world.registry.password}`).toString('base64');
    const proxyEndpoint = world.registry.endpoint ?? `https://${registryHost(world)}`;
    return {
      authorizationData: [{ authorizationToken: token, proxyEndpoint, expiresAt: seconds(world.now + 12 * 3_600_000) }],
    };
  },
  DescribeRepositories(world, { repositoryNames, registryId }) {
    const all = ownRegistry(world, registryId) ? world.ecr.repositories : [];
    const asked = repositoryNames as readonly string[] | undefined;
    const absent = asked?.find((name) => !all.some((repository) => repository.name === name));
    if (absent !== undefined) throw noRepository(world, absent, registryId);
    const found = asked ? all.filter(({ name }) => asked.includes(name)) : all;
    return { repositories: found.map((repository) => repositoryWire(world, repository)) };
  },
  CreateRepository(world, { repositoryName, imageTagMutability = 'MUTABLE' }) {
    const name = String(repositoryName);
    if (world.ecr.repositories.some((other) => other.name === name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${world.account}'`;
      throw new AwsError('RepositoryAlreadyExistsException', message);
    }
    const repository = putRepository(world, name, imageTagMutability === 'IMMUTABLE' ? 'IMMUTABLE' : 'MUTABLE');
    return { repository: repositoryWire(world, repository) };
  },
  DescribeImages(world, { repositoryName, registryId, imageIds }) {
    const repository = repositoryOf(world, repositoryName, registryId);
    const asked = imageIds as readonly ImageId[] | undefined;
    const found = asked ? asked.map((id) => imageOf(world, repository, id)) : repository.images;
    return {
      imageDetails: found.map((image) => ({
        registryId: world.account,
        repositoryName: repository.name,
        imageDigest: image.digest,
        ...(image.tags.length > 0 && { imageTags: image.tags }),
        imageSizeInBytes: 1,
        imagePushedAt: seconds(image.pushedAt),
        imageManifestMediaType: image.mediaType,
      })),
    };
  },
  BatchGetImage(world, { repositoryName, registryId, imageIds, acceptedMediaTypes }) {
    const repository = repositoryOf(world, repositoryName, registryId);
    const images: Wire[] = [];
    const failures: Wire[] = [];
    for (const id of imageIds as readonly ImageId[]) {
      const image = imageIn(repository, id.imageDigest ?? id.imageTag ?? '');
      const accepted = !Array.isArray(acceptedMediaTypes) || acceptedMediaTypes.includes(image?.mediaType);
      if (image && accepted) images.push(imageWire(world, repository, image, id));
      else failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    }
    return { images, failures };
  },
  BatchCheckLayerAvailability(world, { repositoryName, registryId, layerDigests }) {
    const repository = repositoryOf(world, repositoryName, registryId);
    const asked = layerDigests as readonly string[];
    return {
      layers: asked.map((layerDigest) => ({
        layerDigest,
        layerAvailability: repository.blobs.has(layerDigest) ? 'AVAILABLE' : 'UNAVAILABLE',
      })),
      failures: [],
    };
  },
  GetDownloadUrlForLayer(world, { repositoryName, registryId, layerDigest }, { endpoint }) {
    const repository = repositoryOf(world, repositoryName, registryId);
    if (!repository.blobs.has(String(layerDigest))) {
      throw new AwsError('LayersNotFoundException', `The layer with digest '${layerDigest}' does not exist`);
    }
    return { downloadUrl: `${endpoint}/layers/${repository.name}/${layerDigest}`, layerDigest };
  },
};

interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export function registryHost({ account, region }: World): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

export function putRepository(
  world: World,
  name: string,
  tagMutability: FakeRepository['tagMutability'] = 'MUTABLE',
): FakeRepository {
  const repository: FakeRepository = {
    arn: world.arn('ecr', `repository/${name}`),
    name,
    uri: `${registryHost(world)}/${name}`,
    createdAt: world.now,
    tagMutability,
    images: [],
    blobs: new Map(),
  };
  world.ecr.repositories.push(repository);
  return repository;
}

const OCI = 'application/vnd.oci.image';

/** An image of one architecture, or an index over several; its digest is that of its manifest. */
export function putImage(
  world: World,
  repository: FakeRepository,
  { tags = [], platforms = ['linux/amd64'], label = '' }: PutImage,
): FakeImage {
  const manifests = platforms.map((platform) => ({ platform, text: manifestOf(repository, platform, label) }));
  for (const { platform, text } of manifests) {
    if (platforms.length > 1) store(world, repository, text, `${OCI}.manifest.v1+json`, [platform], []);
  }
  const [only] = manifests;
  if (manifests.length === 1 && only) {
    return store(world, repository, only.text, `${OCI}.manifest.v1+json`, platforms, tags);
  }
  const index = {
    schemaVersion: 2,
    mediaType: `${OCI}.index.v1+json`,
    manifests: manifests.map(({ platform, text }) => {
      const [os = '', architecture = ''] = platform.split('/');
      const digest = digestOf(text);
      return { mediaType: `${OCI}.manifest.v1+json`, digest, size: text.length, platform: { os, architecture } };
    }),
  };
  return store(world, repository, JSON.stringify(index), index.mediaType, platforms, tags);
}

export interface PutImage {
  readonly tags?: readonly string[];
  readonly platforms?: readonly string[];
  /** Makes the image another one. */
  readonly label?: string;
}

function manifestOf(repository: FakeRepository, platform: string, label: string): string {
  const [os = '', architecture = ''] = platform.split('/');
  const config = JSON.stringify({
    os,
    architecture,
    config: { Labels: { label } },
    rootfs: { type: 'layers', diff_ids: [] },
  });
  repository.blobs.set(digestOf(config), Buffer.from(config));
  const mediaType = `${OCI}.config.v1+json`;
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: { mediaType, digest: digestOf(config), size: config.length },
    layers: [],
  });
}

function store(
  world: World,
  repository: FakeRepository,
  manifest: string,
  mediaType: string,
  platforms: readonly string[],
  tags: readonly string[],
): FakeImage {
  for (const other of repository.images) other.tags = other.tags.filter((tag) => !tags.includes(tag));
  const image: FakeImage = { digest: digestOf(manifest), mediaType, manifest, pushedAt: world.now, platforms, tags };
  repository.images.push(image);
  return image;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function ownRegistry(world: World, registryId: unknown): boolean {
  return registryId === undefined || registryId === world.account;
}

function repositoryOf(world: World, name: unknown, registryId: unknown): FakeRepository {
  const found = world.ecr.repositories.find((repository) => repository.name === name);
  if (!found || !ownRegistry(world, registryId)) throw noRepository(world, String(name), registryId);
  return found;
}

function noRepository(world: World, name: string, registryId: unknown): AwsError {
  const where = `the registry with id '${registryId ?? world.account}'`;
  return new AwsError('RepositoryNotFoundException', `The repository with name '${name}' does not exist in ${where}`);
}

function imageOf(world: World, repository: FakeRepository, { imageDigest, imageTag }: ImageId): FakeImage {
  const image = imageIn(repository, imageDigest ?? imageTag ?? '');
  if (image) return image;
  const what = `{imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'}`;
  const where = `the repository with name '${repository.name}' in the registry with id '${world.account}'`;
  throw new AwsError('ImageNotFoundException', `The image with imageId ${what} does not exist within ${where}`);
}

function repositoryWire(world: World, repository: FakeRepository): Wire {
  return {
    repositoryArn: repository.arn,
    registryId: world.account,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: seconds(repository.createdAt),
    imageTagMutability: repository.tagMutability,
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}

function imageWire(world: World, repository: FakeRepository, image: FakeImage, { imageTag }: ImageId): Wire {
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, ...(imageTag !== undefined && { imageTag }) },
    imageManifest: image.manifest,
    imageManifestMediaType: image.mediaType,
  };
}
