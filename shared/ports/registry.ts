import type { Digest } from '../release/digest.ts';

/** Where a repository of images is: `eu.example.com:5000` and `team/motor-pricing`. */
export interface RepositoryName {
  /** Host, with the port where it is not the usual one. */
  readonly registry: string;
  /** Path, in lower case. */
  readonly repository: string;
}

/**
 * What an OCI manifest says of content elsewhere.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

/** A manifest or an index, as the bytes that its digest is of. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Bytes to store: read from the start each time it is opened, as often as an upload is tried. */
export interface BlobSource {
  readonly digest: Digest;
  readonly size: number;
  /** @param from first byte to give */
  open(from: number): AsyncIterable<Uint8Array>;
}

export interface BlobPush {
  readonly signal: AbortSignal;
  /** Repositories of the same registry that may hold the blob already. */
  readonly mountFrom?: readonly string[];
  /** Bytes that were sent so far. */
  readonly progress?: (sent: number) => void;
}

export interface RegistryCall {
  readonly signal: AbortSignal;
}

/**
 * A registry of container images. Whatever is read or written is compared with its digest.
 *
 * Methods throw ConfigError for a name, a login or a permission that the user must change, ProviderError for what the
 * registry failed to do (busy, unreachable, out of space, another digest than asked for), Interrupted.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export interface Registry {
  /** The manifest of a tag or a digest; undefined where there is none. */
  manifest(name: RepositoryName, reference: string, call: RegistryCall): Promise<StoredManifest | undefined>;
  /** Stores a manifest under a tag, or under its digest alone where no tag is given. */
  pushManifest(
    name: RepositoryName,
    manifest: StoredManifest,
    tag: string | undefined,
    call: RegistryCall,
  ): Promise<void>;
  /** True when the repository has the blob. */
  hasBlob(name: RepositoryName, digest: Digest, call: RegistryCall): Promise<boolean>;
  /** Stores a blob unless it is there. @returns the bytes that were sent: 0 where it was there or was mounted */
  pushBlob(name: RepositoryName, blob: BlobSource, push: BlobPush): Promise<number>;
  /** The bytes of a blob; ends with ProviderError when they are not those of the digest. */
  pullBlob(
    name: RepositoryName,
    blob: Pick<Descriptor, 'digest' | 'size'>,
    call: RegistryCall,
  ): AsyncIterable<Uint8Array>;
  /** What refers to a manifest: by the referrers API, or by the tag of older registries. Newest last where known. */
  referrers(
    name: RepositoryName,
    subject: Digest,
    artifactType: string | undefined,
    call: RegistryCall,
  ): Promise<readonly Descriptor[]>;
  /** Every tag of the repository; none where the repository is not there. */
  tags(name: RepositoryName, call: RegistryCall): Promise<readonly string[]>;
}
