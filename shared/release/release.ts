import { type Digest, digestOfJson } from './digest.ts';
import type { Evidence } from './evidence.ts';
import type { Json } from './json.ts';

export const RELEASE_SCHEMA = 'haute.release/1';

/** What was built, named by content: what a target runs. */
export type Artifact =
  | { readonly kind: 'package'; readonly digest: Digest }
  | { readonly kind: 'image'; readonly name: string; readonly digest: Digest }
  | { readonly kind: 'model-version'; readonly name: string; readonly version: string };

/** The immutable core of a release: everything that makes it this one and no other. Holds no time and no machine. */
export interface ReleaseCore {
  readonly schema: typeof RELEASE_SCHEMA;
  /** Project name from haute.toml. */
  readonly project: string;
  /** Model name from haute.toml, the name the service goes by. */
  readonly model: string;
  /** Full commit hash; null when the project is not a git checkout. */
  readonly commit: string | null;
  /** Target id, e.g. `local` or `aws-ecs`. */
  readonly target: string;
  readonly artifact: Artifact;
  /** Digest of the package (application, manifest, artifacts) that the engine wrote. */
  readonly packageDigest: Digest;
  /** Digest of the package's deploy_manifest.json. */
  readonly manifestDigest: Digest;
  readonly engine: { readonly name: string; readonly version: string };
}

/** A release: the core, its id, and the evidence gathered about it so far. */
export interface Release {
  readonly id: Digest;
  readonly core: ReleaseCore;
  readonly evidence: readonly Evidence[];
}

/** The id of a release: sha256 of the canonical JSON of its core. */
export function releaseId(core: ReleaseCore): Digest {
  return digestOfJson(core as unknown as Json);
}

/** A new release with no evidence yet. */
export function newRelease(core: ReleaseCore): Release {
  return { id: releaseId(core), core, evidence: [] };
}

/** `motor-pricing 4f2a9c01d2e3`: how a release is shown to people. */
export function describeRelease(release: Pick<Release, 'id' | 'core'>): string {
  return `${release.core.model} ${release.id.slice(7, 19)}`;
}
