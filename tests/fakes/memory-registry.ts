import { ProviderError } from '../../shared/errors.ts';
import type {
  BlobPush,
  BlobSource,
  Descriptor,
  Registry,
  RegistryCall,
  RepositoryName,
  StoredManifest,
} from '../../shared/ports/registry.ts';
import { type Digest, digestOf } from '../../shared/release/digest.ts';

interface Repository {
  readonly blobs: Map<Digest, Uint8Array>;
  readonly manifests: Map<Digest, StoredManifest>;
  readonly tags: Map<string, Digest>;
}

/**
 * Registries in memory, with the rules of the specification: bytes must have the digest that they come with, a manifest
 * is refused while something that it names is missing, and what has a subject is found from it.
 */
export class MemoryRegistry implements Registry {
  /** What was done, in order: `blob team/app sha256:…`, `manifest team/app sha256:… tag`. */
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  readonly #repositories = new Map<string, Repository>();

  async manifest(name: RepositoryName, reference: string): Promise<StoredManifest | undefined> {
    this.reads.push(`manifest ${name.repository} ${reference}`);
    const { manifests, tags } = this.#at(name);
    return manifests.get(tags.get(reference) ?? (reference as Digest));
  }

  async pushManifest(
    name: RepositoryName,
    manifest: StoredManifest,
    tag: string | undefined,
    { signal }: RegistryCall,
  ): Promise<void> {
    signal.throwIfAborted();
    const { descriptor, bytes } = manifest;
    if (digestOf(bytes) !== descriptor.digest) throw refused('DIGEST_INVALID', descriptor.digest);
    const { manifests, tags, blobs } = this.#at(name);
    const value = JSON.parse(new TextDecoder().decode(bytes));
    if (value.mediaType !== undefined && value.mediaType !== descriptor.mediaType) {
      throw refused('MANIFEST_INVALID', 'its media type is another');
    }
    const { config, layers = [], manifests: children = [] } = value;
    for (const blob of [...(config ? [config] : []), ...layers]) {
      if (blobs.get(blob.digest)?.length !== blob.size) throw refused('MANIFEST_BLOB_UNKNOWN', blob.digest);
    }
    for (const child of children) if (!manifests.has(child.digest)) throw refused('MANIFEST_UNKNOWN', child.digest);
    manifests.set(descriptor.digest, { descriptor, bytes: bytes.slice() });
    if (tag !== undefined) tags.set(tag, descriptor.digest);
    this.writes.push(`manifest ${name.repository} ${tag ?? descriptor.digest}`);
  }

  async hasBlob(name: RepositoryName, digest: Digest): Promise<boolean> {
    return this.#at(name).blobs.has(digest);
  }

  async pushBlob(
    name: RepositoryName,
    blob: BlobSource,
    { signal, mountFrom = [], progress }: BlobPush,
  ): Promise<number> {
    const { blobs } = this.#at(name);
    if (blobs.has(blob.digest)) return 0;
    for (const repository of mountFrom) {
      const mounted = this.#at({ ...name, repository }).blobs.get(blob.digest);
      if (!mounted) continue;
      blobs.set(blob.digest, mounted);
      this.writes.push(`mount ${name.repository} ${blob.digest}`);
      return 0;
    }
    const pieces: Uint8Array[] = [];
    let sent = 0;
    for await (const piece of blob.open(0)) {
      signal.throwIfAborted();
      pieces.push(piece);
      sent += piece.length;
      progress?.(sent);
    }
    const bytes = Buffer.concat(pieces);
    if (digestOf(bytes) !== blob.digest || bytes.length !== blob.size) throw refused('DIGEST_INVALID', blob.digest);
    blobs.set(blob.digest, bytes);
    this.writes.push(`blob ${name.repository} ${blob.digest}`);
    return bytes.length;
  }

  async *pullBlob(
    name: RepositoryName,
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  ): AsyncGenerator<Uint8Array> {
    this.reads.push(`blob ${name.repository} ${digest}`);
    const bytes = this.#at(name).blobs.get(digest);
    if (!bytes) throw refused('BLOB_UNKNOWN', digest, 404);
    // In two pieces, as networks do.
    yield bytes.subarray(0, bytes.length >> 1);
    yield bytes.subarray(bytes.length >> 1);
    if (bytes.length !== size || digestOf(bytes) !== digest) throw refused('DIGEST_INVALID', digest);
  }

  async referrers(
    name: RepositoryName,
    subject: Digest,
    artifactType: string | undefined,
  ): Promise<readonly Descriptor[]> {
    return [...this.#at(name).manifests.values()].flatMap(({ descriptor, bytes }) => {
      const { subject: of, artifactType: type, annotations } = JSON.parse(new TextDecoder().decode(bytes));
      if (of?.digest !== subject || (artifactType !== undefined && type !== artifactType)) return [];
      return [{ ...descriptor, artifactType: type, ...(annotations && { annotations }) }];
    });
  }

  async tags(name: RepositoryName): Promise<readonly string[]> {
    return [...this.#at(name).tags.keys()].sort();
  }

  /** Bytes go bad, as on a disk that fails, or are replaced by somebody who may write. */
  corrupt(name: RepositoryName, digest: Digest, bytes: Uint8Array): void {
    this.#at(name).blobs.set(digest, bytes);
  }

  /** What a clean-up does to a blob. */
  forget(name: RepositoryName, digest: Digest): void {
    this.#at(name).blobs.delete(digest);
  }

  #at({ registry, repository }: RepositoryName): Repository {
    const key = `${registry}/${repository}`;
    const found = this.#repositories.get(key) ?? { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.#repositories.set(key, found);
    return found;
  }
}

function refused(code: string, what: string, status = 400): ProviderError {
  return new ProviderError(
    { code: 'REGISTRY-REFUSED', what: `the registry says ${code}: ${what}`, fix: 'Look at what was sent' },
    { status },
  );
}
