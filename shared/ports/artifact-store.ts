import type { Artifact, ReleaseCore } from '../release/release.ts';
import type { EnginePackage } from './engine.ts';

export interface StoredArtifact {
  readonly artifact: Artifact;
  /** How the artifact is written for people and for the `image` output: a path, `name@sha256:…`, `models:/…`. */
  readonly reference: string;
  readonly uploadedBytes: number;
  readonly reusedBytes: number;
}

/** Where built artifacts live, by content. The target decides which store it pulls from. */
export interface ArtifactStore {
  /** Stores the package in the form the target runs. Storing the same content again uploads nothing. */
  push(pkg: EnginePackage, options: { readonly signal: AbortSignal }): Promise<StoredArtifact>;
  /**
   * Reads the stored artifact back and compares its content with the digests in the core.
   * @throws GateFailure ARTIFACT-CHANGED naming the file, ProviderError ARTIFACT-MISSING when it is not there.
   */
  verify(core: ReleaseCore): Promise<void>;
}
