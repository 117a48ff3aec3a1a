import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../tests/fakes/memory-files.ts';
import { MemoryRegistry } from '../../../tests/fakes/memory-registry.ts';
import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';
import type { PushOptions } from '../../ports/artifact-store.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { Descriptor } from '../../ports/registry.ts';
import { digestOf } from '../../release/digest.ts';
import { newRelease, type Release, type ReleaseCore } from '../../release/release.ts';
import { documentBlob, jsonDocument } from '../assemble/blobs.ts';
import { OCI_CONFIG, OCI_MANIFEST } from '../assemble/media-types.ts';
import { type ImageRequest, PACKAGE_LABEL } from '../builders/builder.ts';
import type { RepositoryMaker } from './ecr-repositories.ts';
import { ImageStore, type ImageStoreOptions } from './image-store.ts';

const NEVER = new AbortController().signal;
const TO = { registry: 'registry.example', repository: 'team/motor' };
const PKG = { digest: digestOf('package') } as EnginePackage;
const LAYER = new TextEncoder().encode('layer');
const layer: Descriptor = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  digest: digestOf(LAYER),
  size: LAYER.length,
};
const SETTINGS = {
  registry: 'registry.example/team',
  repository: 'motor',
  baseImage: 'python:3.11.9-slim',
  port: 8080,
  title: 'motor',
  source: undefined,
};

const NO_WISHES: PushOptions['image'] = {
  registry: undefined,
  builder: 'auto',
  platforms: [],
  baseImage: undefined,
  tags: [],
  createRepository: false,
};

let registry: MemoryRegistry;
let told: string[];
let asked: ImageRequest | undefined;

beforeEach(() => {
  registry = new MemoryRegistry();
  asked = undefined;
  told = [];
});

describe('storing an image', () => {
  it('stores it by digest, reads it back, and gives no name', async () => {
    const stored = await store().push(PKG, options());
    expect(stored).toMatchObject({
      artifact: { kind: 'image', name: 'registry.example/team/motor' },
      reference: expect.stringMatching(/^registry\.example\/team\/motor@sha256:[0-9a-f]{64}$/),
      uploadedBytes: 5,
    });
    expect(await registry.tags(TO)).toEqual([]);
  });

  it('names nothing in the image that another build of the same commit would name otherwise', async () => {
    await store().push(
      PKG,
      options({
        source: { commit: 'c'.repeat(40), committedAt: '2026-01-01T00:00:00.000Z', dirty: false, version: '1.4.2' },
      }),
    );
    expect(asked?.origin).toMatchObject({
      revision: 'c'.repeat(40),
      version: undefined,
      createdAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('makes the repository first where that is asked for, and says so only when it did', async () => {
    const order: string[] = [];
    const storing = (isNew: boolean) =>
      store({
        async makes(name) {
          order.push(`repository ${name.repository}`);
          return isNew;
        },
        async build() {
          order.push('image');
          return built(await image(PKG.digest));
        },
      }).push(PKG, options({ image: { createRepository: true } }));
    await storing(true);
    expect(order).toEqual(['repository team/motor', 'image']);
    expect(told).toContain('made registry.example/team/motor');
    told = [];
    await storing(false);
    expect(told).not.toContain('made registry.example/team/motor');
  });

  it('makes no repository unasked, and refuses where it can make none', async () => {
    await store().push(PKG, options());
    await expect(store().plan(options({ image: { createRepository: true } }))).rejects.toThrow(
      /registry\.example is no registry of it.*IMAGE-INPUT/,
    );
    const makes = async () => true;
    expect(await store({ makes }).plan(options({ image: { createRepository: true } }))).toContain(
      'into a repository that is made where it is missing',
    );
  });

  it('does not believe a builder whose image is not there, or is of another package', async () => {
    await expect(
      store({ build: async () => built(await image('other package')) }).push(PKG, options()),
    ).rejects.toThrow(GateFailure);
    const missing = { mediaType: OCI_MANIFEST, digest: digestOf('nothing'), size: 7 };
    await expect(store({ build: async () => built(missing) }).push(PKG, options())).rejects.toThrow(ProviderError);
  });

  it.each<[string, Partial<ImageStoreOptions['settings']>, Partial<PushOptions['image']>, string]>([
    ['no registry', { registry: '' }, {}, 'IMAGE-REGISTRY-MISSING'],
    ['upper case', { repository: 'Motor' }, {}, 'IMAGE-NAME-UPPER-CASE'],
    ['a floating base image', { baseImage: 'python:3.11-slim' }, {}, 'BASE-IMAGE-NOT-PINNED'],
    ['no base image', { baseImage: '' }, {}, 'BASE-IMAGE-NOT-PINNED'],
    ['a floating base image in the input', {}, { baseImage: 'python' }, 'BASE-IMAGE-NOT-PINNED'],
    ['another system', {}, { platforms: ['windows/amd64'] }, 'IMAGE-PLATFORM'],
    ['a tag of an environment', {}, { tags: ['production'] }, 'IMAGE-TAG'],
  ])('is refused before anything is built: %s', async (_, settings, wishes, code) => {
    const asking = store({ settings }).plan(options({ image: wishes }));
    await expect(asking).rejects.toThrow(ConfigError);
    await expect(asking).rejects.toThrow(code);
  });

  it('is refused with a base image that a Dockerfile of the project would not use', async () => {
    const asking = store({ ownDockerfile: true }).plan(options({ image: { baseImage: 'python:3.12.1' } }));
    await expect(asking).rejects.toThrow(/IMAGE-INPUT/);
    expect((await store({ ownDockerfile: true }).plan(options())).join('\n')).toContain(
      'what the project’s Dockerfile names',
    );
  });

  it('says what it would do', async () => {
    const plan = await store().plan(
      options({ image: { registry: 'other.example', platforms: ['linux/arm64'], tags: ['latest'] } }),
    );
    expect(plan.join('\n')).toMatch(
      /linux\/arm64 on python:3\.11\.9-slim, made with oci[\s\S]*other\.example\/motor[\s\S]*:aaaaaaaaaaaa, for good[\s\S]*:latest, which is moved/,
    );
  });
});

describe('publishing a release', () => {
  it('keeps the record beside the image before any tag is written', async () => {
    const { release, at } = await pushed();
    expect(await store().publish(release, options({ image: { tags: ['latest'] } }))).toEqual([
      'registry.example/team/motor:aaaaaaaaaaaa',
      'registry.example/team/motor:latest',
    ]);
    const after = registry.writes.slice(at).filter((line) => line.startsWith('manifest'));
    expect(
      after.map((line) =>
        line
          .replace(/sha256:.*/, 'record')
          .split(' ')
          .at(-1),
      ),
    ).toEqual(['record', 'aaaaaaaaaaaa', 'latest']);
    const [record] = await registry.referrers(TO, digestIn(release.core), 'application/vnd.haute.release.v1+json');
    expect(record?.annotations).toMatchObject({ 'dev.haute.release': release.id });
  });

  it('leaves no tag when the record cannot be stored', async () => {
    const { release } = await pushed();
    registry.pushBlob = async () => {
      throw new ProviderError({ code: 'REGISTRY-FULL', what: 'no space', fix: 'make room' });
    };
    await expect(store().publish(release, options())).rejects.toThrow(/REGISTRY-FULL/);
    expect(await registry.tags(TO)).toEqual([]);
  });
});

describe('verifying a release', () => {
  it('passes for what was stored', async () => {
    await expect(store().verify((await pushed()).release.core)).resolves.toBeUndefined();
  });

  it('names a layer that a clean-up took', async () => {
    const { release } = await pushed();
    registry.forget(TO, layer.digest);
    await expect(store().verify(release.core)).rejects.toThrow(/ARTIFACT-MISSING/);
    await expect(store().verify(release.core)).rejects.toThrow(layer.digest);
  });

  it('refuses an image that says it holds another package, and a release that is none of an image', async () => {
    const { release } = await pushed();
    await expect(store().verify({ ...release.core, packageDigest: digestOf('other') })).rejects.toThrow(
      /ARTIFACT-CHANGED/,
    );
    const local: ReleaseCore = { ...release.core, artifact: { kind: 'package', digest: PKG.digest } };
    await expect(store().verify(local)).rejects.toThrow(ConfigError);
  });
});

describe('a package that is wanted here', () => {
  it('is not to be had where nobody says in which image it is', async () => {
    const opening = store().open({ packageDigest: PKG.digest, image: undefined }, NEVER);
    await expect(opening).rejects.toThrow(/ARTIFACT-MISSING/);
  });
});

function store(
  change: {
    settings?: Partial<ImageStoreOptions['settings']>;
    ownDockerfile?: boolean;
    build?: (request: ImageRequest) => Promise<ReturnType<typeof built>>;
    /** Makes repositories. */
    makes?: RepositoryMaker['ensure'];
  } = {},
) {
  return new ImageStore({
    registry,
    settings: { ...SETTINGS, ...change.settings },
    repositories: {
      worksAt: (host) => host === TO.registry && change.makes !== undefined,
      ensure: change.makes ?? never,
    },
    opening: { files: new MemoryFiles(), openPackage: () => Promise.reject(new Error('not asked')), packagesDir: '/p' },
    choose: async () => ({ builder: 'oci', because: undefined, ownDockerfile: change.ownDockerfile ?? false }),
    builder: async () => ({
      async build(request) {
        asked = request;
        return change.build ? change.build(request) : built(await image(PKG.digest));
      },
    }),
  });
}

async function never(): Promise<never> {
  throw new Error('nobody asked for a repository');
}

function built(descriptor: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>) {
  return { descriptor, uploadedBytes: 5, reusedBytes: 0, facts: { builder: 'oci' } };
}

/** An image of a package, as a builder leaves it: by digest. */
async function image(packageDigest: string): Promise<Descriptor> {
  const labels = { [PACKAGE_LABEL]: packageDigest };
  const config = jsonDocument(OCI_CONFIG, {
    architecture: 'amd64',
    os: 'linux',
    config: { Labels: labels },
    rootfs: { diff_ids: [] },
  });
  const { mediaType, digest, size } = layer;
  const manifest = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, digest: config.descriptor.digest, size: config.descriptor.size },
    layers: [{ mediaType, digest, size }],
  });
  await registry.pushBlob(TO, documentBlob(config), { signal: NEVER });
  await registry.pushBlob(TO, documentBlob({ descriptor: layer, bytes: LAYER }), { signal: NEVER });
  await registry.pushManifest(TO, manifest, undefined, { signal: NEVER });
  return manifest.descriptor;
}

async function pushed(): Promise<{ release: Release; at: number }> {
  const { artifact } = await store().push(PKG, options());
  const release = newRelease({
    schema: 'haute.release/1',
    project: 'motor',
    model: 'motor',
    commit: null,
    target: 'container',
    artifact,
    packageDigest: PKG.digest,
    manifestDigest: PKG.digest,
    engine: { name: 'haute', version: '0.6.0' },
  });
  return { release, at: registry.writes.length };
}

function digestIn({ artifact }: ReleaseCore) {
  if (artifact.kind !== 'image') throw new Error('no image');
  return artifact.digest;
}

function options(change: { source?: PushOptions['source']; image?: Partial<PushOptions['image']> } = {}): PushOptions {
  return {
    source: change.source ?? { commit: 'a'.repeat(40), committedAt: undefined, dirty: false, version: undefined },
    image: { ...NO_WISHES, ...change.image },
    signal: NEVER,
    progress: (line) => void told.push(line),
  };
}
