import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalQuery } from '../../shared/ports/forge.ts';
import type { AzureAccess } from '../../shared/ports/forge-access.ts';
import { type ApprovalJudgement, judgeApprovals } from '../../shared/release/approval.ts';
import { AFTER, EVIDENCE_AT, LATER, RELEASE } from '../contracts/forge-contract.ts';
import { FakeServer } from '../fakes/fake-server.ts';
import { zipOf } from '../fakes/zip.ts';
import { type AzureScene, azureScene, COMMIT, RUN } from './azure-scene.ts';

const ID = RELEASE.slice(7, 19);
const REPOSITORY = '/{organization}/{project}/_apis/git/repositories/{repositoryId}';
const signal = new AbortController().signal;
let scene: AzureScene;

beforeEach(() => open());
afterEach(async () => {
  await scene.stop();
  expect(scene.faults).toEqual([]);
});

async function open(change: Partial<AzureAccess> = {}): Promise<void> {
  await scene?.stop();
  scene = await azureScene(change);
}

function query(change: Partial<ApprovalQuery> = {}): ApprovalQuery {
  return {
    releaseId: RELEASE,
    commit: COMMIT,
    environment: 'production',
    evidenceAt: EVIDENCE_AT,
    sources: ['environment', 'review', 'comment'],
    approvers: [],
    needed: 1,
    question: '',
    signal,
    ...change,
  };
}

async function judge(change: Partial<ApprovalQuery> = {}): Promise<ApprovalJudgement> {
  const asked = query(change);
  const sources = ['environment', 'review', 'comment'] as const;
  const rules = { min: 1, distinctFromAuthor: true, approvers: asked.approvers, sources };
  const authors = await scene.forge.authors(asked.commit ?? COMMIT, signal);
  return judgeApprovals(await scene.forge.approvals(asked), rules, authors, asked.needed, asked);
}

const reasons = (judgement: ApprovalJudgement): string => judgement.ignored.map(({ why }) => why).join('; ');

describe('approvals of checks', () => {
  it('of another stage, and outside of any, do not count', async () => {
    await open({ run: { id: RUN, stage: 'staging' } });
    scene.gate('ann', 'approve');
    expect((await judge()).counted).toEqual([]);
    await open({ run: { id: RUN, stage: undefined } });
    scene.gate('ann', 'approve');
    expect((await judge()).counted).toEqual([]);
  });

  it('of a run of another commit do not count', async () => {
    scene.azure.builds.set(RUN, 'd'.repeat(40));
    scene.gate('ann', 'approve');
    expect(reasons(await judge())).toMatch(/approved commit dddddddddddd/);
  });

  it('of an earlier attempt are not in the timeline of this one', async () => {
    scene.gate('ann', 'approve');
    scene.azure.timeline.splice(2, 1);
    expect((await judge()).counted).toEqual([]);
  });

  it('before the impact report do not count, to the millisecond', async () => {
    scene.gate('ann', 'approve', { at: '2026-03-01T11:59:59.9999999Z' });
    expect(reasons(await judge())).toMatch(/before the impact report/);
  });

  it('that wait, were skipped or timed out say nothing', async () => {
    for (const status of ['pending', 'skipped', 'timedOut', 'deferred']) {
      scene.azure.approvals[0]?.steps.push({ login: 'ann', status, at: AFTER, comment: '' });
    }
    expect(await scene.forge.approvals(query())).toEqual([]);
  });

  it('count from whom the check names, in Contributors or not', async () => {
    scene.gate('ron', 'approve');
    expect((await judge()).counted.map(({ person }) => person)).toEqual(['ron@example.com']);
  });
});

describe('votes', () => {
  it('that were changed are of the time of the last change', async () => {
    scene.review('ann', 'reject', { at: AFTER });
    scene.review('ann', 'approve', { at: LATER });
    expect((await judge()).counted[0]?.at).toBe(LATER);
  });

  it('that Azure DevOps wrote nothing about do not count', async () => {
    scene.azure.votes.set('ann', 10);
    expect(reasons(await judge())).toMatch(/at a time that Azure DevOps does not tell/);
  });

  it('that a person wrote as the system does do not count', async () => {
    scene.azure.votes.set('ann', 10);
    scene.azure.threads.push({
      id: 1,
      at: AFTER,
      comments: [{ id: 1, login: 'ann', content: 'ann voted 10', at: AFTER, editedAt: AFTER, commentType: 'text' }],
      vote: { login: 'ann', result: 10 },
    });
    expect((await judge()).enough).toBe(false);
  });

  it('with suggestions approve, and waiting for the author rejects', async () => {
    scene.review('ann', 'approve');
    scene.azure.votes.set('ann', 5);
    Object.assign(scene.azure.threads.at(-1) ?? {}, { vote: { login: 'ann', result: 5 } });
    expect((await judge()).enough).toBe(true);
    scene.azure.votes.set('bo', -5);
    expect((await judge()).rejected).toHaveLength(1);
  });

  it('on the head count for the merge that completed the pull request, and its button makes no author', async () => {
    const merge = 'c'.repeat(40);
    const ann = { name: 'Ann Archer', email: 'ann@example.com' };
    scene.azure.commits.set(merge, {
      commitId: merge,
      comment: 'Merged PR 7',
      author: ann,
      committer: ann,
      parents: ['e'.repeat(40), COMMIT],
      pushedBy: 'ann',
    });
    Object.assign(scene.azure.pulls[0] ?? {}, { status: 'completed' });
    scene.review('ann', 'approve');
    expect((await judge({ commit: merge })).enough).toBe(true);
    scene.azure.commits.set(merge, {
      commitId: merge,
      comment: 'x',
      author: ann,
      committer: ann,
      parents: ['e'.repeat(40)],
      pushedBy: 'ann',
    });
    expect((await judge({ commit: merge })).enough).toBe(false);
  });

  it('on an abandoned pull request are nobody’s, for its head and for its merge', async () => {
    scene.review('ann', 'approve');
    Object.assign(scene.azure.pulls[0] ?? {}, { status: 'abandoned' });
    for (const commit of [COMMIT, 'c'.repeat(40)]) expect(await scene.forge.approvals(query({ commit }))).toEqual([]);
  });
});

describe('people', () => {
  it('that are not active any more do not count', async () => {
    scene.say('ann', `/approve ${ID}`);
    scene.azure.inactive.add('ann');
    expect(reasons(await judge())).toMatch(/not active any more/);
  });

  it('are on the list by e-mail address', async () => {
    scene.say('ann', `/approve ${ID}`);
    expect((await judge({ approvers: ['ANN@example.com'] })).enough).toBe(true);
  });

  it('are in a group of the organization too', async () => {
    scene.azure.groups.set('[acme]\\Pricing leads', new Set(['ann']));
    scene.say('ann', `/approve ${ID}`);
    expect((await judge({ approvers: ['@[acme]\\Pricing leads'] })).enough).toBe(true);
  });

  it('cannot be judged where the token sees no groups: that is an error', async () => {
    scene.azure.groups.clear();
    scene.say('ann', `/approve ${ID}`);
    await expect(judge()).rejects.toThrow('APPROVER-UNKNOWN');
  });

  it('who deleted their comment said nothing', async () => {
    scene.say('ann', `/approve ${ID}`);
    Object.assign(scene.azure.threads[0]?.comments[0] ?? {}, { isDeleted: true });
    expect(await scene.forge.approvals(query())).toEqual([]);
  });

  it('made the change in any of its hundreds of commits', async () => {
    const eve = scene.azure.commits.get(COMMIT);
    const shas = Array.from({ length: 250 }, (_, index) => index.toString(16).padStart(40, '0'));
    for (const commitId of shas) if (eve) scene.azure.commits.set(commitId, { ...eve, commitId });
    const last = shas.at(-1) ?? '';
    if (eve)
      scene.azure.commits.set(last, { ...eve, commitId: last, author: { name: 'Cy Cooper', email: 'cy@example.com' } });
    scene.azure.pulls[0]?.commits.splice(0, 2, ...shas, COMMIT);
    expect(await scene.forge.authors(COMMIT, signal)).toContain('cy@example.com');
  });
});

describe('code that is not in Azure Repos', () => {
  it('has no authors, reviews or comments here, and says so; its checks count', async () => {
    await open({ repositoryId: undefined });
    scene.review('ann', 'approve');
    scene.gate('bo', 'approve');
    expect(await scene.forge.authors(COMMIT, signal)).toEqual([]);
    expect((await judge()).counted.map(({ source }) => source)).toEqual(['environment']);
    expect(scene.notes.join()).toMatch(/no pull request in Azure Repos/);
  });
});

describe('answers of Azure DevOps that look like something else', () => {
  it.each<[string, number]>([
    ['a page to sign in', 203],
    ['the way to it', 302],
  ])('%s is a token that is not accepted', async (_, status) => {
    const page = { status, headers: { 'content-type': 'text/html', location: '/_signin' }, body: '<html>' };
    scene.server.fail(`POST ${REPOSITORY}/pullrequestquery`, page, 9);
    await expect(scene.forge.approvals(query())).rejects.toThrow('FORGE-TOKEN');
  });
});

describe('deployment records of Azure DevOps', () => {
  const record = () => ({
    environment: 'production',
    releaseId: RELEASE,
    commit: COMMIT,
    status: 'success' as const,
    url: undefined,
    description: '',
    production: true,
    signal,
  });

  it('are its own: one is found where the job is a deployment job', async () => {
    scene.azure.environments.push({ id: 3, name: 'production', runs: [76, Number(RUN)] });
    expect(await scene.forge.recordDeployment(record())).toMatchObject({
      done: true,
      url: expect.stringContaining('_environments/3'),
    });
  });

  it('are missing where it is not, and what to write is said', async () => {
    expect(await scene.forge.recordDeployment(record())).toMatchObject({
      done: false,
      why: expect.stringContaining('there is no environment'),
    });
    scene.azure.environments.push({ id: 3, name: 'production', runs: [76] });
    expect(await scene.forge.recordDeployment(record())).toMatchObject({
      done: false,
      why: expect.stringContaining('"deployment:"'),
    });
  });
});

describe('artifacts of Azure DevOps', () => {
  it('come without the folder of their name', async () => {
    const zip = zipOf({ 'haute-release/release.json': '{}', 'haute-release/report/impact.md': '#' });
    scene.azure.artifacts.push({ run: RUN, name: 'haute-release', zip });
    const found = await scene.forge.getArtifact({ name: 'haute-release', signal });
    expect(found?.files.map((file) => file.path)).toEqual(['release.json', 'report/impact.md']);
    expect(await scene.forge.getArtifact({ name: 'other', signal })).toBeUndefined();
  });

  it('are fetched from elsewhere without the token', async () => {
    const elsewhere = new FakeServer({ 'GET /zip': () => ({ status: 200, body: zipOf({ a: 'x' }) }) });
    await elsewhere.start();
    const url = `${elsewhere.url.replace('127.0.0.1', 'localhost')}/zip`;
    const answer = { status: 200, body: { count: 1, value: [{ id: 1, name: 'a', resource: { downloadUrl: url } }] } };
    scene.server.fail('GET /{organization}/{project}/_apis/build/builds/{buildId}/artifacts', answer);
    expect((await scene.forge.getArtifact({ name: 'a', signal }))?.files).toHaveLength(1);
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
    await elsewhere.stop();
  });
});
