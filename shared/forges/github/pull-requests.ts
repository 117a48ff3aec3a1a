import { type Pull, pulls } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

/**
 * The pull requests of this repository whose change a commit is: the commit is their head, or what merging them made.
 * Open and merged ones; what was closed without a merge is nobody's change.
 */
export async function pullRequestsOf(api: GitHubApi, commit: string, signal: AbortSignal): Promise<readonly Pull[]> {
  const asked = { what: `the pull requests of commit ${commit.slice(0, 12)}`, permission: PERMISSION.pulls };
  const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
  const all = await api.all(route, { commit_sha: commit }, asked, pulls, (page) => page, signal);
  const ours = api.access.repository.toLowerCase();
  return all.filter(
    (pull) =>
      (pull.state === 'open' || pull.merged_at !== null) &&
      pull.base.repo?.full_name.toLowerCase() === ours &&
      (pull.head.sha === commit || pull.merge_commit_sha === commit),
  );
}

/** The commit that an approval of a commit of this pull request is for: approving its head approves its merge. */
export function approvedCommit(pull: Pull, reviewed: string | null, commit: string): string {
  return reviewed === pull.head.sha ? commit : (reviewed ?? 'that is gone');
}
