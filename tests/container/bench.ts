import { randomUUID } from 'node:crypto';
import { DEFAULT_RETRY, retry } from '../../shared/io/retry.ts';
import type { Registry, RepositoryName, StoredManifest } from '../../shared/ports/registry.ts';
import { type Digest, digestOf } from '../../shared/release/digest.ts';
import { DEFAULT_AUTOSCALING } from '../../shared/release/policy.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import { ContainerTarget } from '../../shared/targets/container/target.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

export const NEVER = new AbortController().signal;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

/** A container target on a registry, and images in it that are named but never run. */
export class ContainerBench {
  readonly clock = new FakeClock();
  readonly registry: Registry;
  readonly repository: RepositoryName;
  readonly target: ContainerTarget;
  readonly #releases = new Map<Digest, Release>();

  constructor(registry: Registry, repository: RepositoryName, urls: Readonly<Record<string, string>> = {}) {
    this.registry = registry;
    this.repository = repository;
    this.target = new ContainerTarget({
      registry,
      repository: () => repository,
      policy: { patienceMs: 60_000 },
      url: (environment) => urls[environment] ?? `http://platform/${environment}`,
      headers: () => ({}),
      autoscaling: () => DEFAULT_AUTOSCALING,
      clock: this.clock,
      retry: (call, tools) => retry(DEFAULT_RETRY, { clock: this.clock, random: () => 0, ...tools }, call),
    });
  }

  get name(): string {
    return `${this.repository.registry}/${this.repository.repository}`;
  }

  /** A release of an image that is in the registry by its digest, as after build-push. */
  async release(): Promise<Release> {
    const image = await this.image();
    const digest = digestOf(image.bytes);
    const release = newRelease({
      schema: 'haute.release/1',
      project: 'motor',
      model: 'motor',
      commit: null,
      target: 'container',
      artifact: { kind: 'image', name: this.name, digest },
      packageDigest: digestOf(`package of ${digest}`),
      manifestDigest: digest,
      engine: { name: 'haute', version: '0.6.0' },
    });
    this.#releases.set(digest, release);
    return release;
  }

  /** An image that nothing else is like. */
  async image(): Promise<StoredManifest> {
    const config = new TextEncoder().encode(JSON.stringify({ architecture: 'amd64', os: 'linux', id: randomUUID() }));
    const blob = { digest: digestOf(config), size: config.length };
    await this.registry.pushBlob(
      this.repository,
      {
        ...blob,
        async *open(from) {
          yield config.subarray(from);
        },
      },
      { signal: NEVER },
    );
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: CONFIG, ...blob }, layers: [] };
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    const image = { descriptor: { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.length }, bytes };
    await this.registry.pushManifest(this.repository, image, undefined, { signal: NEVER });
    return image;
  }

  /** What a platform that has pulled the tag would answer with. */
  async serves(environment: string): Promise<Release | undefined> {
    const image = await this.registry.manifest(this.repository, environment, { signal: NEVER });
    return image && this.#releases.get(image.descriptor.digest);
  }
}
