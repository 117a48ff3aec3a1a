import { type MergeRequest, mergeRequest, type Version, version } from './answers.ts';
import type { GitLabApi } from './api.ts';
import { SCOPE } from './permissions.ts';

/**
 * The merge requests whose change a commit is: the commit is their head, or what merging or squashing them made. Open
 * and merged ones; what was closed is nobody's change.
 */
export async function mergeRequestsOf(
  api: GitLabApi,
  commit: string,
  signal: AbortSignal,
): Promise<readonly MergeRequest[]> {
  const asked = { what: `the merge requests of commit ${commit.slice(0, 12)}`, permission: SCOPE.job };
  const all = await api.all(asked, mergeRequest, signal, (client, page) =>
    client.commits.allMergeRequests(api.project, commit, page),
  );
  return all.filter(
    (request) =>
      (request.state === 'opened' || request.state === 'merged') &&
      [request.sha, request.merge_commit_sha, request.squash_commit_sha].includes(commit),
  );
}

/** The versions of a merge request, the oldest first: one for each push. */
export async function versionsOf(
  api: GitLabApi,
  { iid }: MergeRequest,
  signal: AbortSignal,
): Promise<readonly Version[]> {
  const asked = { what: `the versions of merge request ${iid}`, permission: SCOPE.read };
  const all = await api.all(asked, version, signal, (client, page) =>
    client.mergeRequests.allDiffVersions(api.project, iid, page),
  );
  return all.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}

/** The commit that somebody saw who reviewed at a time; the one to be released, where it was the head. */
export function approvedCommit(
  request: MergeRequest,
  versions: readonly Version[],
  at: string,
  commit: string,
): string {
  const seen = (versions.findLast((one) => one.created_at <= at) ?? versions[0])?.head_commit_sha;
  return seen === request.sha ? commit : (seen ?? 'unknown');
}
