import type { Digest } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import type { Artifact, Release, ReleaseCore } from '../release/release.ts';
import type { EnginePackage } from './engine.ts';
import type { Capability } from './target.ts';

export const BUILDER_IDS = ['auto', 'oci', 'docker', 'buildx', 'podman', 'buildah'] as const;
/** What makes an image. `oci`: we ourselves, without a daemon; `auto`: that, unless the project has its own Dockerfile. */
export type BuilderId = (typeof BUILDER_IDS)[number];

/** What is asked of an image, over what the project's files say. */
export interface ImageWishes {
  /** Host and path that the image's name is put below, instead of `[deploy.container] registry`. */
  readonly registry: string | undefined;
  readonly builder: BuilderId;
  /** `linux/amd64`, …; empty: the default. */
  readonly platforms: readonly string[];
  readonly baseImage: string | undefined;
  /** Tags besides those of the commit and the version. */
  readonly tags: readonly string[];
  /** Make the repository where it is missing, at registries that make none when something is pushed. */
  readonly createRepository: boolean;
}

/** What the content comes from. */
export interface BuiltFrom {
  /** Full commit hash; null when the project is not a git checkout. */
  readonly commit: string | null;
  /** ISO 8601; undefined outside of a checkout. */
  readonly committedAt: string | undefined;
  /** True when files differ from the commit: then nothing may be named after it. */
  readonly dirty: boolean;
  /** `1.4.2` where a version tag points to this very commit. */
  readonly version: string | undefined;
}

export interface PushOptions {
  readonly source: BuiltFrom;
  readonly image: ImageWishes;
  readonly signal: AbortSignal;
  /** Told what is done: one short line each. */
  readonly progress: (line: string) => void;
}

export interface StoredArtifact {
  readonly artifact: Artifact;
  /** How the artifact is written for people and for the `image` output: a path, `name@sha256:…`, `models:/…`. */
  readonly reference: string;
  readonly uploadedBytes: number;
  readonly reusedBytes: number;
  /** What else is known of how it was made, for the evidence. */
  readonly facts: JsonObject;
}

/** A package that was stored before. */
export interface WantedPackage {
  readonly packageDigest: Digest;
  /** The image that it is in, with its digest; undefined where it is in none. */
  readonly image: string | undefined;
}

/** Where built artifacts live, by content. The target decides which store it pulls from. */
export interface ArtifactStore {
  /** Whether artifacts are images, or why they are not: then inputs about images are refused. */
  readonly images: Capability;
  /**
   * What `push` and `publish` would do, one line each, with everything that is wrong with what is asked found before
   * anything is built. Writes nothing. @throws ConfigError, GateFailure IMAGE-TAG-TAKEN
   */
  plan(options: PushOptions): Promise<readonly string[]>;
  /**
   * Stores the package in the form the target runs, by content alone: nothing has a name yet. Storing the same content
   * again uploads nothing.
   */
  push(pkg: EnginePackage, options: PushOptions): Promise<StoredArtifact>;
  /**
   * Gives what was stored its names, where the store has names, and keeps the release's record beside it.
   * @returns the names
   * @throws GateFailure IMAGE-TAG-TAKEN when a name is that of something else
   */
  publish(release: Release, options: PushOptions): Promise<readonly string[]>;
  /**
   * Reads the stored artifact back and compares its content with the digests in the core.
   * @throws GateFailure ARTIFACT-CHANGED naming the file, ProviderError ARTIFACT-MISSING when it is not there.
   */
  verify(core: ReleaseCore): Promise<void>;
  /**
   * A stored package on the disk of this machine, compared with its digest; fetched where the store is elsewhere.
   * @throws GateFailure ARTIFACT-CHANGED naming the file, ProviderError ARTIFACT-MISSING, ConfigError OFFLINE-IMAGE
   */
  open(wanted: WantedPackage, signal: AbortSignal): Promise<EnginePackage>;
}
