/** What a repository of the fake GitHub holds. Times are as GitHub writes them: `2026-03-01T12:00:00Z`. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  /** The account that the e-mail address belongs to. */
  readonly login?: string;
}

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly parents: readonly string[];
  readonly verified: boolean;
}

export interface Pull {
  readonly number: number;
  readonly author: string;
  /** `owner/name` of the repository that the change comes from. */
  readonly from: string;
  readonly base: string;
  head: string;
  readonly commits: string[];
  state: 'open' | 'closed';
  merged_at: string | null;
  merge_commit_sha: string | null;
}

export interface Review {
  readonly id: number;
  readonly login: string;
  state: string;
  readonly body: string;
  readonly commit: string | null;
  readonly at: string;
}

export interface Comment {
  readonly id: number;
  readonly pull: number;
  readonly login: string;
  readonly body: string;
  readonly at: string;
  readonly editedAt: string;
  readonly app?: string;
}

export interface Run {
  readonly id: number;
  readonly head_sha: string;
  readonly event: string;
  readonly actor: string;
  readonly created_at: string;
  readonly run_attempt: number;
}

export interface RunReview {
  readonly run: number;
  readonly login: string;
  readonly environment: string;
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly comment: string;
}

export interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly created_at: string;
  readonly payload: unknown;
}

export interface Status {
  readonly id: number;
  readonly state: string;
  readonly log_url?: string;
  readonly environment_url?: string;
}
