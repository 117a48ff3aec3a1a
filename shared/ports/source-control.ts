/** The commit that the project's files come from. */
export interface SourceState {
  /** Full commit hash; null when the project is not a git checkout. */
  readonly commit: string | null;
  /** Paths below the project that differ from the commit, our own `.haute` folder apart. */
  readonly dirty: readonly string[];
}

/** What the repository says of a commit; the same on every machine that has the commit and its tags. */
export interface CommitFacts {
  /** ISO 8601, UTC: when it was committed. */
  readonly committedAt: string;
  /** `1.4.2` where a version tag (`v1.4.2`, `1.4.2`) points to this very commit; the highest of several. */
  readonly version: string | undefined;
}

/** Reads the project's version control. */
export interface SourceControl {
  state(projectDir: string, signal: AbortSignal): Promise<SourceState>;
  /** Tags that were not fetched are not known. */
  facts(projectDir: string, commit: string, signal: AbortSignal): Promise<CommitFacts>;
  /** Names and e-mail addresses of author and committer. */
  authors(projectDir: string, commit: string, signal: AbortSignal): Promise<readonly string[]>;
}
