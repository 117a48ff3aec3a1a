import { GitLabForge } from '../../shared/forges/gitlab/forge.ts';
import type { GitLabAccess, GitLabJob } from '../../shared/ports/forge-access.ts';
import { AFTER, type ForgeScene } from '../contracts/forge-contract.ts';
import { FakeGitLab } from '../fakes/gitlab/fake-gitlab.ts';
import { testTools } from './forge-tools.ts';

export const COMMIT = 'a'.repeat(40);
export const EARLIER = 'b'.repeat(40);
const EVE = {
  author_name: 'Eve Author',
  author_email: 'eve@example.com',
  committer_name: 'Eve Author',
  committer_email: 'eve@example.com',
};
export const JOB: GitLabJob = {
  id: '501',
  pipelineId: '77',
  pipelineCreatedAt: '2026-03-01T11:00:00Z',
  environment: undefined,
  ref: 'main',
  isTag: false,
  pusher: 'eve',
};

export interface GitLabScene extends ForgeScene {
  readonly gitlab: FakeGitLab;
  readonly notes: readonly string[];
}

/** An open merge request of eve's, pushed to twice; the job that promotes waits for approvals of its deployment. */
export async function gitlabScene(change: Partial<GitLabAccess> = {}): Promise<GitLabScene> {
  const gitlab = new FakeGitLab();
  await gitlab.server.start();
  const notes: string[] = [];
  for (const id of [EARLIER, COMMIT]) gitlab.commits.set(id, { id, message: 'Raise young drivers', ...EVE });
  gitlab.versions.push(
    { id: 1, head_commit_sha: EARLIER, created_at: '2026-03-01T09:00:00.000Z' },
    { id: 2, head_commit_sha: COMMIT, created_at: '2026-03-01T10:00:00.000Z' },
  );
  gitlab.requests.push({
    iid: 7,
    author: 'eve',
    source_project_id: 42,
    commits: [EARLIER, COMMIT],
    state: 'opened',
    sha: COMMIT,
    merge_commit_sha: null,
    squash_commit_sha: null,
  });
  gitlab.groups.set(
    'acme/pricing',
    new Map([
      ['ann', 40],
      ['bo', 30],
      ['cy', 5],
    ]),
  );
  const access: GitLabAccess = {
    kind: 'gitlab',
    apiUrl: `${gitlab.server.url}/api/v4`,
    project: gitlab.project,
    projectUrl: 'https://gitlab.com/acme/motor',
    jobToken: gitlab.jobToken,
    token: gitlab.token,
    job: JOB,
    ...change,
  };
  return {
    gitlab,
    notes,
    forge: new GitLabForge(access, testTools(notes)),
    server: gitlab.server,
    routes: {
      changeRequests: 'GET /api/v4/projects/{id}/repository/commits/{sha}/merge_requests',
      comments: 'GET /api/v4/projects/{id}/merge_requests/{merge_request_iid}/notes',
      newComment: 'POST /api/v4/projects/{id}/merge_requests/{merge_request_iid}/notes',
    },
    faults: gitlab.faults,
    commit: COMMIT,
    gateSource: 'deployment',
    group: '@acme/pricing',
    unknownGroup: '@acme/nobody',
    person: (login) => login,
    review(login, word, { at = AFTER, earlier = false } = {}) {
      if (word === 'reject') gitlab.reviewers.push({ login, state: 'requested_changes' });
      else gitlab.approvals.push({ login, approved_at: earlier ? '2026-03-01T09:30:00.000Z' : at });
    },
    say(login, body, { at = AFTER, editedAt = at } = {}) {
      gitlab.notes.push({ id: gitlab.nextId(), login, body, system: false, created_at: at, updated_at: editedAt });
    },
    gate(login, word, { at = AFTER } = {}) {
      const known = gitlab.deployments.find((one) => one.job === Number(JOB.id));
      const own = known ?? {
        id: gitlab.nextId(),
        environment: 'production',
        sha: COMMIT,
        created_at: at,
        job: Number(JOB.id),
        status: 'running',
        approvals: [],
        rules: [],
      };
      if (!known) gitlab.deployments.push(own);
      own.approvals.push({ login, status: word === 'approve' ? 'approved' : 'rejected', created_at: at, comment: '' });
    },
    fork: () => void Object.assign(gitlab.requests[0] ?? {}, { author: 'sam', source_project_id: 99 }),
    leave: (login) => gitlab.people.delete(login),
    comments: () => gitlab.notes.map((note) => note.body),
    deployments: (environment) =>
      gitlab.deployments.filter((one) => one.environment === environment).map((one) => one.status),
    expire() {
      Object.assign(gitlab, { token: 'another' });
    },
    deny: () => gitlab.lacking.add(/approvals$/),
    stop: () => gitlab.server.stop(),
  };
}
