import { GitHubForge } from '../../shared/forges/github/forge.ts';
import type { GitHubAccess } from '../../shared/ports/forge-access.ts';
import type { ForgeScene } from '../contracts/forge-contract.ts';
import { AFTER } from '../contracts/forge-contract.ts';
import { FakeGitHub } from '../fakes/github/fake-github.ts';
import { testTools } from './forge-tools.ts';

export const COMMIT = 'a'.repeat(40);
export const EARLIER = 'b'.repeat(40);
const BASE = 'e'.repeat(40);
export const RUN = 77;

const EVE = { name: 'Eve Author', email: 'eve@example.com', login: 'eve' };

export interface GitHubScene extends ForgeScene {
  readonly github: FakeGitHub;
  readonly notes: readonly string[];
}

/** An open pull request of eve's with two commits; the run of its head has come to the gate after the impact report. */
export async function githubScene(change: Partial<GitHubAccess> = {}): Promise<GitHubScene> {
  const github = new FakeGitHub();
  await github.server.start();
  const notes: string[] = [];
  for (const [sha, message] of [
    [EARLIER, 'Raise young drivers'],
    [COMMIT, 'Round the premium'],
  ] as const) {
    github.commits.set(sha, { sha, message, author: EVE, committer: EVE, parents: [BASE], verified: false });
  }
  github.pulls.push({
    number: 7,
    author: 'eve',
    from: github.repository,
    base: BASE,
    head: COMMIT,
    commits: [EARLIER, COMMIT],
    state: 'open',
    merged_at: null,
    merge_commit_sha: 'c'.repeat(40),
  });
  github.teams.set(
    'acme/pricing',
    new Map([
      ['ann', 'active'],
      ['bo', 'active'],
      ['cy', 'pending'],
    ]),
  );
  github.runs.push({
    id: RUN,
    head_sha: COMMIT,
    event: 'push',
    actor: 'eve',
    created_at: '2026-03-01T11:00:00Z',
    run_attempt: 1,
  });
  const access: GitHubAccess = {
    kind: 'github',
    apiUrl: github.server.url,
    repository: github.repository,
    token: github.token,
    run: { id: String(RUN), url: `https://github.com/acme/motor/actions/runs/${RUN}` },
    workflowFile: '.github/workflows/release.yml',
    ...change,
  };
  let gated = false;
  return {
    github,
    notes,
    forge: new GitHubForge(access, testTools(notes)),
    server: github.server,
    routes: {
      changeRequests: 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
      comments: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      newComment: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    },
    faults: github.faults,
    commit: COMMIT,
    gateSource: 'environment',
    group: '@acme/pricing',
    unknownGroup: '@acme/nobody',
    person: (login) => login,
    review(login, word, { at = AFTER, earlier = false } = {}) {
      const state = word === 'approve' ? 'APPROVED' : 'CHANGES_REQUESTED';
      const known = github.reviews.get(7) ?? [];
      known.push({ id: github.nextId(), login, state, body: '', commit: earlier ? EARLIER : COMMIT, at: seconds(at) });
      github.reviews.set(7, known);
    },
    say(login, body, { at = AFTER, editedAt = at } = {}) {
      github.comments.push({ id: github.nextId(), pull: 7, login, body, at: seconds(at), editedAt: seconds(editedAt) });
    },
    gate(login, word, { at = AFTER } = {}) {
      if (!gated) github.gate(RUN, 'production', COMMIT, seconds(at));
      gated = true;
      const state = word === 'approve' ? 'approved' : 'rejected';
      github.runReviews.push({ run: RUN, login, environment: 'production', state, comment: '' });
    },
    fork: () => void Object.assign(github.pulls[0] ?? {}, { author: 'sam', from: 'sam/motor' }),
    leave: (login) => github.people.delete(login),
    comments: () => github.comments.map((comment) => comment.body),
    deployments: (environment) =>
      github.deployments
        .filter((one) => one.environment === environment)
        .map((one) => github.statuses.get(one.id)?.at(-1)?.state ?? 'none'),
    expire() {
      Object.assign(github, { token: 'another' });
    },
    deny: () => github.lacking.add('pull-requests'),
    stop: () => github.server.stop(),
  };
}

function seconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}
