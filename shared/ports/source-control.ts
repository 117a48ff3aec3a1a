/** The commit that the project's files come from. */
export interface SourceState {
  /** Full commit hash; null when the project is not a git checkout. */
  readonly commit: string | null;
  /** Paths below the project that differ from the commit, our own `.haute` folder apart. */
  readonly dirty: readonly string[];
}

/** Reads the project's version control. */
export interface SourceControl {
  state(projectDir: string, signal: AbortSignal): Promise<SourceState>;
  /** Names and e-mail addresses of author and committer. */
  authors(projectDir: string, commit: string, signal: AbortSignal): Promise<readonly string[]>;
}
