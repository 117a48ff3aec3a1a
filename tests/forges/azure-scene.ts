import { AzureForge } from '../../shared/forges/azure/forge.ts';
import type { AzureAccess } from '../../shared/ports/forge-access.ts';
import { AFTER, type ForgeScene } from '../contracts/forge-contract.ts';
import { FakeAzure } from '../fakes/azure/fake-azure.ts';
import { testTools } from './forge-tools.ts';

export const COMMIT = 'a'.repeat(40);
export const EARLIER = 'b'.repeat(40);
export const RUN = '77';
const EVE = { name: 'Eve Author', email: 'eve@example.com' };

export interface AzureScene extends ForgeScene {
  readonly azure: FakeAzure;
  readonly notes: readonly string[];
}

/** An active pull request of eve's, pushed to twice; the stage `production` of its run stands at an approval. */
export async function azureScene(change: Partial<AzureAccess> = {}): Promise<AzureScene> {
  const azure = new FakeAzure();
  await azure.server.start();
  const notes: string[] = [];
  for (const commitId of [EARLIER, COMMIT]) {
    azure.commits.set(commitId, {
      commitId,
      comment: 'Raise young drivers',
      author: EVE,
      committer: EVE,
      parents: ['e'.repeat(40)],
      pushedBy: 'eve',
    });
  }
  azure.pulls.push({
    id: 7,
    author: 'eve',
    commits: [EARLIER, COMMIT],
    status: 'active',
    head: COMMIT,
    merge: 'c'.repeat(40),
  });
  azure.iterations.push(
    { id: 1, commit: EARLIER, at: '2026-03-01T09:00:00.1234567Z' },
    { id: 2, commit: COMMIT, at: '2026-03-01T10:00:00.1234567Z' },
  );
  azure.groups.set('[motor]\\pricing', new Set(['ann', 'bo']));
  azure.builds.set(RUN, COMMIT);
  const [stage, checkpoint, approval] = ['stage', 'checkpoint', 'approval'].map((name) => azure.guid(name)) as [
    string,
    string,
    string,
  ];
  azure.timeline.push(
    { id: stage, type: 'Stage', identifier: 'production', name: 'Production' },
    { id: checkpoint, parentId: stage, type: 'Checkpoint' },
    { id: approval, parentId: checkpoint, type: 'Checkpoint.Approval' },
  );
  azure.approvals.push({ id: approval, steps: [] });
  const access: AzureAccess = {
    kind: 'azure',
    collectionUrl: azure.collectionUrl,
    project: azure.project,
    token: azure.token,
    repositoryId: azure.guid('repository'),
    run: { id: RUN, stage: 'production' },
    ...change,
  };
  const REPOSITORY = '/{organization}/{project}/_apis/git/repositories/{repositoryId}';
  return {
    azure,
    notes,
    forge: new AzureForge(access, testTools(notes)),
    server: azure.server,
    routes: {
      changeRequests: `POST ${REPOSITORY}/pullrequestquery`,
      comments: `GET ${REPOSITORY}/pullRequests/{pullRequestId}/threads`,
      newComment: `POST ${REPOSITORY}/pullRequests/{pullRequestId}/threads`,
    },
    faults: azure.faults,
    commit: COMMIT,
    gateSource: 'environment',
    group: '@pricing',
    unknownGroup: '@nobody',
    person: (login) => `${login}@example.com`,
    review(login, word, { at = AFTER, earlier = false } = {}) {
      const result = word === 'approve' ? 10 : -10;
      azure.votes.set(login, result);
      const when = earlier ? '2026-03-01T09:30:00.0000000Z' : at;
      const said = {
        id: 1,
        login,
        content: `${login} voted ${result}`,
        at: when,
        editedAt: when,
        commentType: 'system' as const,
      };
      azure.threads.push({ id: azure.nextId(), at: when, comments: [said], vote: { login, result } });
    },
    say(login, content, { at = AFTER, editedAt = at } = {}) {
      azure.threads.push({
        id: azure.nextId(),
        at,
        comments: [{ id: 1, login, content, at, editedAt, commentType: 'text' }],
      });
    },
    gate(login, word, { at = AFTER } = {}) {
      azure.approvals[0]?.steps.push({ login, status: word === 'approve' ? 'approved' : 'rejected', at, comment: '' });
    },
    fork: () => void Object.assign(azure.pulls[0] ?? {}, { author: 'sam', isFork: true }),
    leave: (login) => azure.people.delete(login),
    comments: () => azure.threads.flatMap((thread) => thread.comments.map((comment) => comment.content)),
    deployments: () => undefined,
    expire() {
      Object.assign(azure, { token: 'another' });
    },
    deny: () => azure.lacking.add(/reviewers$/),
    stop: () => azure.server.stop(),
  };
}
