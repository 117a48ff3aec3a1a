import { coAuthors, namesOf } from '../git-people.ts';
import { type Commit, commit as commitAnswer, commits, comparison, type Pull, runs } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { PERMISSION } from './permissions.ts';
import { pullRequestsOf } from './pull-requests.ts';

/** GitHub's own account, which commits what is merged on its pages. */
const WEB_FLOW = 'web-flow';
/** The list of a pull request's commits ends here, without a word. */
const LISTED_COMMITS = 250;

/** Everybody who made the change. @see Forge.authors */
export async function authorsOf(api: GitHubApi, commit: string, signal: AbortSignal): Promise<readonly string[]> {
  const asked = { what: `commit ${commit.slice(0, 12)}`, permission: PERMISSION.contents };
  const head = await api.get('GET /repos/{owner}/{repo}/commits/{ref}', { ref: commit }, asked, commitAnswer, signal);
  const pulls = await pullRequestsOf(api, commit, signal);
  const merged =
    pulls.some((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit) && isMergeByGitHub(head);
  const names = [
    // A merge that GitHub made changes nothing that is not in the pull request: whoever pressed the button is no author.
    ...(merged ? [] : peopleOf(head)),
    ...(merged ? [] : await pushersOf(api, commit, signal)),
  ];
  for (const pull of pulls) names.push(...(await pullPeople(api, pull, signal)));
  return [...new Set(names)];
}

async function pullPeople(api: GitHubApi, pull: Pull, signal: AbortSignal): Promise<readonly string[]> {
  const asked = { what: `the commits of pull request ${pull.number}`, permission: PERMISSION.pulls };
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits';
  const listed = await api.all(route, { pull_number: pull.number }, asked, commits, (page) => page, signal);
  const all = listed.length < LISTED_COMMITS ? listed : await comparedCommits(api, pull, signal);
  return [...(pull.user ? [pull.user.login] : []), ...all.flatMap(peopleOf)];
}

/** The commits of a long pull request; some of them may be of the base, which can only make the list of authors longer. */
function comparedCommits(api: GitHubApi, pull: Pull, signal: AbortSignal): Promise<readonly Commit[]> {
  const asked = { what: `the commits of pull request ${pull.number}`, permission: PERMISSION.contents };
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  const basehead = `${pull.base.sha}...${pull.head.sha}`;
  return api.all(route, { basehead }, asked, comparison, (page) => page.commits, signal);
}

/** Who pushed a commit that no pull request brought. */
async function pushersOf(api: GitHubApi, commit: string, signal: AbortSignal): Promise<readonly string[]> {
  const asked = { what: `who pushed commit ${commit.slice(0, 12)}`, permission: PERMISSION.actions };
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  const all = await api.all(
    route,
    { head_sha: commit, event: 'push' },
    asked,
    runs,
    (page) => page.workflow_runs,
    signal,
  );
  return all.flatMap((run) => (run.event === 'push' && run.actor ? [run.actor.login] : []));
}

function peopleOf({ commit, author, committer }: Commit): readonly string[] {
  const byGitHub = committer?.login === WEB_FLOW;
  return [
    author?.login ?? '',
    ...namesOf(commit.author),
    ...(byGitHub ? [] : [committer?.login ?? '', ...namesOf(commit.committer)]),
    ...coAuthors(commit.message),
  ].filter((name) => name !== '');
}

/** Two parents, committed and signed by GitHub: nobody else can make one. */
function isMergeByGitHub({ parents, committer, commit }: Commit): boolean {
  return parents.length === 2 && committer?.login === WEB_FLOW && commit.verification?.verified === true;
}
