import type { ApprovalRecord, ApprovalSource } from '../release/approval.ts';

export interface ApprovalQuery {
  readonly releaseId: string;
  readonly commit: string | null;
  /** Environment that the release is promoted to. */
  readonly environment: string;
  /** When the impact report was made that an approver looks at, ISO 8601; undefined where there is none. */
  readonly evidenceAt: string | undefined;
  /** Sources that the policy accepts: no other is asked, and no permission for it is needed. */
  readonly sources: readonly ApprovalSource[];
  /** Users or teams that may approve; empty: anyone with write access. */
  readonly approvers: readonly string[];
  /** Distinct approvers that are needed. */
  readonly needed: number;
  /** What the approver is shown before deciding. */
  readonly question: string;
  readonly signal: AbortSignal;
}

/** What was done, and where it is to be seen; or why it is not done here. */
export type ForgeOutcome =
  | { readonly done: true; readonly url: string | undefined }
  | { readonly done: false; readonly why: string };

/** A release on its way into an environment, as the forge shows it. One for each run, environment and release. */
export interface DeploymentRecord {
  readonly environment: string;
  readonly releaseId: string;
  /** Full commit hash. */
  readonly commit: string;
  readonly status: 'in-progress' | 'success' | 'failure';
  /** Address of the environment. */
  readonly url: string | undefined;
  readonly description: string;
  /** True where users meet it: the forge may mark it, and hide what it replaces. */
  readonly production: boolean;
  readonly signal: AbortSignal;
}

/** A comment of ours on the change request of a commit. */
export interface StickyComment {
  /** Names it among our comments: one with the same key is updated where it stands. Lower-case letters, digits, dashes. */
  readonly key: string;
  readonly commit: string;
  /** Markdown; shortened to what the forge takes. */
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface ArtifactFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files that travel from one job or run to another, under a name. */
export interface ForgeArtifact {
  readonly name: string;
  readonly files: readonly ArtifactFile[];
}

export interface ArtifactQuery {
  readonly name: string;
  /** Id of the run that made it; this run where it is not given. */
  readonly run?: string;
  readonly signal: AbortSignal;
}

/**
 * The place where people work on the change. All methods throw ConfigError FORGE-TOKEN, FORGE-PERMISSION or
 * FORGE-NOT-FOUND with what to add where; ProviderError FORGE-BUSY, FORGE-UNAVAILABLE, FORGE-UNREACHABLE,
 * FORGE-TIMEOUT, FORGE-BAD-ANSWER or FORGE-REFUSED; Interrupted when the signal fires.
 */
export interface Forge {
  /**
   * Log-in names, names and e-mail addresses of everybody who made the change: authors, committers and co-authors of its
   * commits, whoever opened its change request, and whoever pushed it past one. Empty when they cannot be known here.
   */
  authors(commit: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Every approval and rejection given for this release so far. Errors are thrown, never read as a denial. */
  approvals(query: ApprovalQuery): Promise<readonly ApprovalRecord[]>;
  /** Records a deployment, or updates the record that this run has made of it before. */
  recordDeployment(record: DeploymentRecord): Promise<ForgeOutcome>;
  /** Writes a comment, or updates the one with the same key. */
  comment(comment: StickyComment): Promise<ForgeOutcome>;
  putArtifact(artifact: ForgeArtifact, signal: AbortSignal): Promise<ForgeOutcome>;
  /** Undefined when the run has no artifact of this name. */
  getArtifact(query: ArtifactQuery): Promise<ForgeArtifact | undefined>;
}
