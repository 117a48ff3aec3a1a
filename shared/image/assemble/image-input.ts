import type { Clock } from '../../ports/clock.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { Registry, RepositoryName } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import type { LayersSeal } from '../dependencies/layers-seal.ts';

/** What an image is for. Linux is the only system that pricing services run on. */
export interface Platform {
  readonly os: 'linux';
  /** `amd64`, `arm64`: as OCI writes it. */
  readonly architecture: string;
}

/** The C library of the base image, which wheels are built for. */
export type Libc = 'glibc' | 'musl';

/** The image that ours stands on. */
export interface BaseReference {
  readonly name: RepositoryName;
  /** Tag or digest. */
  readonly reference: string;
  /** As the user wrote it: for labels and messages. */
  readonly text: string;
}

/** Where the image comes from: for labels and for the provenance. Nothing here is of the machine or the time. */
export interface ImageOrigin {
  /** Name of the model. */
  readonly title: string;
  /** Address of the repository; undefined where it has none. */
  readonly source: string | undefined;
  /** Full commit hash; undefined outside of a git checkout. */
  readonly revision: string | undefined;
  readonly version: string | undefined;
  /** Time of the commit, ISO 8601, the same for everybody; the epoch where not given. */
  readonly createdAt: string | undefined;
  /** Who built, as an address: a workflow, a pipeline, this program. */
  readonly builder: string;
}

export interface ImageInput {
  readonly pkg: EnginePackage;
  readonly base: BaseReference;
  /** Where the image goes. */
  readonly to: RepositoryName;
  /** Moved to the image when everything else is stored, and only then. */
  readonly tags: readonly string[];
  readonly platform: Platform;
  readonly libc: Libc;
  /** For base images that do not say which Python they have: `3.11.9`. */
  readonly python: string | undefined;
  /** Port that the service listens on. */
  readonly port: number;
  readonly origin: ImageOrigin;
}

/** What building an image uses of the outside. */
export interface ImageTools {
  readonly registry: Registry;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  /** The project, where uv runs: its own settings, such as a package index, hold. */
  readonly root: string;
  /** Environment of uv: PATH and HOME, and what names package indexes. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells layers of packages of ours from those of others; undefined: none in the repository are taken, or left there. */
  readonly seal: LayersSeal | undefined;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** A layer of the finished image. */
export interface ImageLayer {
  readonly role: 'base' | 'dependencies' | 'application';
  readonly digest: Digest;
  /** Bytes, compressed. */
  readonly size: number;
  /** Bytes that were sent: 0 for a layer that the registry had. */
  readonly sentBytes: number;
}

export interface AssembledImage {
  /** Digest of the image's manifest. */
  readonly digest: Digest;
  /** `registry/repository@sha256:…`. */
  readonly reference: string;
  readonly manifestBytes: number;
  readonly baseDigest: Digest;
  /** Full version of Python that the dependencies are for. */
  readonly python: string;
  readonly layers: readonly ImageLayer[];
  /** `found`: no wheel was read. */
  readonly dependencies: 'found' | 'built';
  /** Bytes of everything that was sent: layers, configuration, manifests, attestations. */
  readonly sentBytes: number;
  /** Bytes of layers that the registry had. */
  readonly reusedBytes: number;
  /** Digests of the manifests that refer to the image. */
  readonly sbom: Digest;
  readonly provenance: Digest;
}
