import { allPages, PAGE_SIZE } from '../pages.ts';
import {
  type Iteration,
  iteration,
  type PullRequest,
  pullRequest,
  pullRequestQuery,
  type Thread,
  thread,
} from './answers.ts';
import type { AzureApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

/**
 * The pull requests whose change a commit is: the commit is their head, or what merging them made. Active and completed
 * ones; what was abandoned is nobody's change. None where the code is not in Azure Repos.
 */
export async function pullRequestsOf(
  api: AzureApi,
  commit: string,
  signal: AbortSignal,
): Promise<readonly PullRequest[]> {
  if (api.access.repositoryId === undefined) return [];
  const asked = { what: `the pull requests of commit ${commit.slice(0, 12)}`, permission: PERMISSION.code };
  const queries = [
    { type: 'lastMergeCommit', items: [commit] },
    { type: 'commit', items: [commit] },
  ];
  const sending = { method: 'POST', body: { queries } } as const;
  const { results } = await api.persist(signal, () =>
    api.once(repositoryPath(api, 'pullrequestquery'), {}, asked, pullRequestQuery, signal, sending),
  );
  // A commit that is not merged yet is found among the open ones only.
  const active = await allPages(asked, (page) =>
    api.persist(signal, async () => {
      const query = { 'searchCriteria.status': 'active', $top: PAGE_SIZE, $skip: (page - 1) * PAGE_SIZE };
      return {
        ...(await api.page(repositoryPath(api, 'pullrequests'), query, asked, pullRequest, signal)),
        more: false,
      };
    }),
  );
  const all = [...results.flatMap((result) => Object.values(result).flat()), ...active];
  const known = new Map(all.map((one) => [one.pullRequestId, one]));
  return [...known.values()].filter((one) => isOf(one, commit));
}

/** `git/repositories/<id>/<rest>`. */
export function repositoryPath(api: AzureApi, rest: string): string {
  return `git/repositories/${encodeURIComponent(api.access.repositoryId ?? '')}/${rest}`;
}

export function pullPath(api: AzureApi, pull: PullRequest, rest: string): string {
  return repositoryPath(api, `pullRequests/${pull.pullRequestId}/${rest}`);
}

export function pullUrl({ access }: AzureApi, pull: PullRequest): string {
  const { collectionUrl, project, repositoryId = '' } = access;
  const repository = encodeURIComponent(repositoryId);
  return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_git/${repository}/pullrequest/${pull.pullRequestId}`;
}

/** The pushes to a pull request, the oldest first. */
export async function iterationsOf(
  api: AzureApi,
  pull: PullRequest,
  signal: AbortSignal,
): Promise<readonly Iteration[]> {
  const asked = { what: `the iterations of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
  const all = await api.list(pullPath(api, pull, 'iterations'), {}, asked, iteration, signal);
  return all.toSorted((a, b) => Date.parse(a.createdDate) - Date.parse(b.createdDate));
}

export async function threadsOf(api: AzureApi, pull: PullRequest, signal: AbortSignal): Promise<readonly Thread[]> {
  const asked = { what: `the comments on pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
  const all = await api.list(pullPath(api, pull, 'threads'), {}, asked, thread, signal);
  return all.filter((one) => one.isDeleted !== true);
}

/** The commit that somebody saw who voted at a time; the one to be released, where it was the head. */
export function approvedCommit(
  pull: PullRequest,
  iterations: readonly Iteration[],
  at: string,
  commit: string,
): string {
  const seen = (iterations.findLast((one) => one.createdDate <= at) ?? iterations[0])?.sourceRefCommit?.commitId;
  return seen !== undefined && seen === pull.lastMergeSourceCommit?.commitId ? commit : (seen ?? 'unknown');
}

function isOf({ status, lastMergeCommit, lastMergeSourceCommit }: PullRequest, commit: string): boolean {
  if (status !== 'active' && status !== 'completed') return false;
  return lastMergeCommit?.commitId === commit || lastMergeSourceCommit?.commitId === commit;
}
