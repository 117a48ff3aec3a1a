import { coAuthors, namesOf } from '../git-people.ts';
import { PAGE_SIZE } from '../pages.ts';
import { type Commit, commit as commitAnswer, type IdentityRef, type PullRequest } from './answers.ts';
import type { AzureApi, Query } from './api.ts';
import { PERMISSION } from './permissions.ts';
import { pullPath, pullRequestsOf, repositoryPath } from './pull-requests.ts';

/** Everybody who made the change; empty where the code is not in Azure Repos, which then knows nobody. */
export async function authorsOf(api: AzureApi, commit: string, signal: AbortSignal): Promise<readonly string[]> {
  if (api.access.repositoryId === undefined) return [];
  const asked = { what: `commit ${commit.slice(0, 12)}`, permission: PERMISSION.code };
  const path = repositoryPath(api, `commits/${encodeURIComponent(commit)}`);
  const head = await api.get(path, {}, asked, commitAnswer, signal);
  const pulls = await pullRequestsOf(api, commit, signal);
  const names = [
    ...(isMergeOf(head, pulls) ? [] : peopleOf(head)),
    ...(pulls.length === 0 ? namesOfIdentity(head.push?.pushedBy) : []),
  ];
  for (const pull of pulls) {
    names.push(...namesOfIdentity(pull.createdBy));
    names.push(...(await commitsOf(api, pull, signal)).flatMap(peopleOf));
  }
  return [...new Set(names)];
}

/** This list has no numbered pages: each answer says how to ask for the next. */
async function commitsOf(api: AzureApi, pull: PullRequest, signal: AbortSignal): Promise<readonly Commit[]> {
  const asked = { what: `the commits of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
  const path = pullPath(api, pull, 'commits');
  const all: Commit[] = [];
  let query: Query = { $top: PAGE_SIZE };
  for (;;) {
    const asking = query;
    const { items, next } = await api.persist(signal, () => api.page(path, asking, asked, commitAnswer, signal));
    all.push(...items);
    if (next === undefined || items.length === 0) return all;
    query = { $top: PAGE_SIZE, continuationToken: next };
  }
}

/** A merge that Azure DevOps made to complete a pull request: whoever pressed the button is no author. */
function isMergeOf({ commitId, parents }: Commit, pulls: readonly PullRequest[]): boolean {
  return (
    parents?.length === 2 &&
    pulls.some((pull) => pull.status === 'completed' && pull.lastMergeCommit?.commitId === commitId)
  );
}

function peopleOf({ author, committer, comment }: Commit): readonly string[] {
  return [...namesOf(author), ...namesOf(committer), ...coAuthors(comment ?? '')];
}

function namesOfIdentity(identity: IdentityRef | null | undefined): readonly string[] {
  return identity ? namesOf({ name: identity.displayName, email: identity.uniqueName }).concat(identity.id) : [];
}
