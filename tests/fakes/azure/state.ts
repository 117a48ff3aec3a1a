/** What a project of the fake Azure DevOps holds. Times are as it writes them: `2026-03-01T12:00:00.1234567Z`. */
export interface AzureCommit {
  readonly commitId: string;
  readonly comment: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  readonly parents: readonly string[];
  readonly pushedBy: string;
}

export interface AzurePull {
  readonly id: number;
  readonly author: string;
  readonly commits: string[];
  isFork?: boolean;
  status: 'active' | 'completed' | 'abandoned';
  head: string;
  merge: string;
}

export interface AzureComment {
  readonly id: number;
  readonly login: string;
  content: string;
  readonly at: string;
  editedAt: string;
  readonly commentType: 'text' | 'system';
  readonly isDeleted?: boolean;
}

export interface AzureThread {
  readonly id: number;
  readonly at: string;
  readonly comments: AzureComment[];
  /** The vote that the system wrote about, and whose it was. */
  readonly vote?: { readonly login: string; readonly result: number };
}

export interface AzureApproval {
  readonly id: string;
  readonly steps: { readonly login: string; readonly status: string; readonly at: string; readonly comment: string }[];
}

export interface AzureTimelineRecord {
  readonly id: string;
  readonly parentId?: string;
  readonly type: string;
  readonly identifier?: string;
  readonly name?: string;
}
