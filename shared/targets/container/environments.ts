import { messageOf } from '../../errors.ts';
import type { BlobSource, Descriptor, Registry, RepositoryName, StoredManifest } from '../../ports/registry.ts';
import type { Retry } from '../../ports/retry.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import { brokenRecord, notMoved } from './errors.ts';
import { ENVIRONMENT_TYPE, type EnvironmentRecord, environmentRecord } from './schema.ts';

/** Cannot be part of an environment's name, so no environment has the tag of another one's record. */
const RECORD_SUFFIX = '.haute';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const MAX_RECORD_BYTES = 4 * 2 ** 20;
/** What a tag names when nothing may be served under it: pulling it fails, and says so by its type. */
const NOTHING_TYPE = 'application/vnd.haute.nothing.v1+json';
const EMPTY = new TextEncoder().encode('{}');
const EMPTY_CONFIG: Descriptor = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: digestOf(EMPTY),
  size: EMPTY.length,
};

export interface EnvironmentsOptions {
  readonly registry: Registry;
  /** @throws ConfigError where the project's files do not say */
  readonly repository: () => RepositoryName;
  readonly retry: Retry;
}

/**
 * The tags of environments and the records beside them, in one repository. Registries have no compare-and-swap: what
 * was written last counts, so every write is read back, and every move begins with reading.
 */
export class Environments {
  readonly #options: EnvironmentsOptions;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  /** `registry.example.com/motor-pricing` */
  get name(): string {
    const { registry, repository } = this.#options.repository();
    return `${registry}/${repository}`;
  }

  /** `registry.example.com/motor-pricing:staging` */
  reference(environment: string): string {
    return `${this.name}:${environment}`;
  }

  /** Every environment that has a record. */
  async names(signal: AbortSignal): Promise<readonly string[]> {
    const { registry, repository } = this.#options;
    const tags = await registry.tags(repository(), { signal });
    return tags.filter((tag) => tag.endsWith(RECORD_SUFFIX)).map((tag) => tag.slice(0, -RECORD_SUFFIX.length));
  }

  /** What the environment's tag names; undefined where there is no such tag, or where it names nothing on purpose. */
  async served(environment: string, signal: AbortSignal): Promise<Digest | undefined> {
    const found = await this.#manifest(environment, signal);
    return found === undefined || typeOf(found) === NOTHING_TYPE ? undefined : found.descriptor.digest;
  }

  /** An image or index by its digest; undefined where the registry has it no more. */
  image(digest: Digest, signal: AbortSignal): Promise<StoredManifest | undefined> {
    return this.#manifest(digest, signal);
  }

  /** @throws ProviderError CONTAINER-RECORD for something else under this tag, or of a version that is not known */
  async read(environment: string, signal: AbortSignal): Promise<EnvironmentRecord | undefined> {
    const manifest = await this.#manifest(environment + RECORD_SUFFIX, signal);
    if (manifest === undefined) return undefined;
    const reference = this.reference(environment + RECORD_SUFFIX);
    const layer = recordLayer(manifest);
    if (layer === undefined) throw brokenRecord(reference, 'it is something else');
    const bytes: Uint8Array[] = [];
    const { registry, repository } = this.#options;
    for await (const chunk of registry.pullBlob(repository(), layer, { signal })) bytes.push(chunk);
    try {
      return environmentRecord.parse(JSON.parse(Buffer.concat(bytes).toString('utf8')));
    } catch (error) {
      throw brokenRecord(reference, messageOf(error).slice(0, 300));
    }
  }

  /** Writes the record: its content first, then the tag that makes it the one in force. */
  async write(record: EnvironmentRecord, signal: AbortSignal): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    const layer: Descriptor = { mediaType: ENVIRONMENT_TYPE, digest: digestOf(bytes), size: bytes.length };
    await this.#pushBlob(bytes, signal);
    await this.#tag(record.environment + RECORD_SUFFIX, await this.#artifact(ENVIRONMENT_TYPE, layer, signal), signal);
  }

  /** Moves the environment's tag to an image, and reads it back. Nothing is written where it is there already. */
  async move(environment: string, image: StoredManifest, signal: AbortSignal): Promise<void> {
    const now = await this.#manifest(environment, signal);
    if (now?.descriptor.digest !== image.descriptor.digest) await this.#tag(environment, image, signal);
  }

  /** Has the environment's tag name nothing that could be served. A tag that is not there stays so. */
  async clear(environment: string, signal: AbortSignal): Promise<void> {
    if ((await this.#manifest(environment, signal)) === undefined) return;
    await this.#tag(environment, await this.#artifact(NOTHING_TYPE, EMPTY_CONFIG, signal), signal);
  }

  async #artifact(artifactType: string, layer: Descriptor, signal: AbortSignal): Promise<StoredManifest> {
    await this.#pushBlob(EMPTY, signal);
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config: EMPTY_CONFIG, layers: [layer] };
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    return { descriptor: { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.length, artifactType }, bytes };
  }

  /** A registry may answer from a copy for a moment after a write, so it is asked again before it counts as refused. */
  async #tag(tag: string, manifest: StoredManifest, signal: AbortSignal): Promise<void> {
    const { registry, repository, retry } = this.#options;
    await registry.pushManifest(repository(), manifest, tag, { signal });
    await retry(
      async () => {
        const { digest } = manifest.descriptor;
        const names = (await this.#manifest(tag, signal))?.descriptor.digest;
        if (names !== digest) throw notMoved(this.reference(tag), digest, names ?? 'nothing');
      },
      { signal },
    );
  }

  #manifest(reference: string, signal: AbortSignal): Promise<StoredManifest | undefined> {
    return this.#options.registry.manifest(this.#options.repository(), reference, { signal });
  }

  #pushBlob(bytes: Uint8Array, signal: AbortSignal): Promise<number> {
    return this.#options.registry.pushBlob(this.#options.repository(), blobOf(bytes), { signal });
  }
}

function blobOf(bytes: Uint8Array): BlobSource {
  return {
    digest: digestOf(bytes),
    size: bytes.length,
    async *open(from) {
      yield bytes.subarray(from);
    },
  };
}

function typeOf({ descriptor, bytes }: StoredManifest): string | undefined {
  return descriptor.artifactType ?? (parsed(bytes) as { artifactType?: string } | undefined)?.artifactType;
}

function recordLayer(manifest: StoredManifest): Descriptor | undefined {
  if (typeOf(manifest) !== ENVIRONMENT_TYPE) return undefined;
  const [layer] = (parsed(manifest.bytes) as { layers?: readonly Descriptor[] } | undefined)?.layers ?? [];
  return layer?.mediaType === ENVIRONMENT_TYPE && layer.size <= MAX_RECORD_BYTES ? layer : undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
