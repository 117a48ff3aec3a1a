/** What a project of the fake GitLab holds. Times are as GitLab writes them: `2026-03-01T12:00:00.000Z`. */
export interface GitLabCommit {
  readonly id: string;
  readonly message: string;
  readonly author_name: string;
  readonly author_email: string;
  readonly committer_name: string;
  readonly committer_email: string;
}

export interface GitLabRequest {
  readonly iid: number;
  readonly author: string;
  readonly source_project_id: number;
  readonly commits: string[];
  state: 'opened' | 'merged' | 'closed';
  sha: string;
  merge_commit_sha: string | null;
  squash_commit_sha: string | null;
}

export interface GitLabVersion {
  readonly id: number;
  readonly head_commit_sha: string;
  readonly created_at: string;
}

export interface GitLabApproval {
  readonly login: string;
  /** Missing in older versions. */
  readonly approved_at?: string;
}

export interface GitLabNote {
  readonly id: number;
  readonly login: string;
  body: string;
  readonly system: boolean;
  readonly created_at: string;
  updated_at: string;
}

export interface GitLabDeployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly created_at: string;
  readonly job: number | undefined;
  status: string;
  readonly approvals: {
    readonly login: string;
    readonly status: string;
    readonly created_at: string;
    readonly comment: string;
  }[];
  readonly rules: {
    readonly login: string;
    readonly status: string;
    readonly created_at: string;
    readonly comment: string;
  }[][];
}
