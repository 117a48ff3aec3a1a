import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import type { ApprovalQuery, DeploymentRecord } from '../../shared/ports/forge.ts';
import type { GitLabAccess } from '../../shared/ports/forge-access.ts';
import { type ApprovalJudgement, judgeApprovals } from '../../shared/release/approval.ts';
import { AFTER, EVIDENCE_AT, RELEASE } from '../contracts/forge-contract.ts';
import { COMMIT, type GitLabScene, gitlabScene, JOB } from './gitlab-scene.ts';

const ID = RELEASE.slice(7, 19);
const signal = new AbortController().signal;
let scene: GitLabScene;

beforeEach(() => open());
afterEach(async () => {
  await scene.stop();
  expect(scene.faults).toEqual([]);
});

async function open(change: Partial<GitLabAccess> = {}): Promise<void> {
  await scene?.stop();
  scene = await gitlabScene(change);
}

function query(change: Partial<ApprovalQuery> = {}): ApprovalQuery {
  return {
    releaseId: RELEASE,
    commit: COMMIT,
    environment: 'production',
    evidenceAt: EVIDENCE_AT,
    sources: ['deployment', 'review', 'comment'],
    approvers: [],
    needed: 1,
    question: '',
    signal,
    ...change,
  };
}

async function judge(change: Partial<ApprovalQuery> = {}): Promise<ApprovalJudgement> {
  const asked = query(change);
  const sources = ['deployment', 'review', 'comment'] as const;
  const rules = { min: 1, distinctFromAuthor: true, approvers: asked.approvers, sources };
  const authors = await scene.forge.authors(asked.commit ?? COMMIT, signal);
  return judgeApprovals(await scene.forge.approvals(asked), rules, authors, asked.needed, asked);
}

const reasons = (judgement: ApprovalJudgement): string => judgement.ignored.map(({ why }) => why).join('; ');

describe('with nothing but a job’s own token', () => {
  beforeEach(() => open({ token: undefined }));

  it('what it may not ask is said, with the variable and the file, before it is asked', async () => {
    const error = await scene.forge.approvals(query()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({
      code: 'FORGE-PERMISSION',
      place: { file: '.gitlab-ci.yml' },
      fix: expect.stringMatching(/"read_api".*HAUTE_GITLAB_TOKEN/),
    });
    expect(scene.server.requests.some(({ route }) => route.endsWith('/approvals'))).toBe(false);
  });

  it('a comment is not written, and why', async () => {
    const outcome = await scene.forge.comment({ key: 'x', commit: COMMIT, body: 'x', signal });
    expect(outcome).toMatchObject({ done: false, why: expect.stringContaining('HAUTE_GITLAB_TOKEN') });
  });

  it('records and artifacts are kept', async () => {
    expect(await scene.forge.recordDeployment(record())).toMatchObject({ done: true });
    const files = [{ path: 'release.json', bytes: new TextEncoder().encode('{}') }];
    expect(await scene.forge.putArtifact({ name: 'haute-release', files }, signal)).toMatchObject({ done: true });
  });
});

describe('approvals of merge requests', () => {
  it('of a version without their time have it from what GitLab wrote beneath', async () => {
    scene.gitlab.approvals.push({ login: 'ann' });
    expect(reasons(await judge())).toMatch(/at a time that GitLab does not tell/);
    scene.gitlab.notes.push({
      id: 1,
      login: 'ann',
      body: 'approved this merge request',
      system: true,
      created_at: AFTER,
      updated_at: AFTER,
    });
    expect((await judge()).enough).toBe(true);
  });

  it('are not taken from what GitLab itself writes in somebody’s name', async () => {
    const said = {
      id: 1,
      login: 'ann',
      body: `/haute approve ${ID}`,
      system: true,
      created_at: AFTER,
      updated_at: AFTER,
    };
    scene.gitlab.notes.push(said);
    expect(await scene.forge.approvals(query())).toEqual([]);
  });

  it('are not taken from a person who writes what GitLab writes', async () => {
    scene.gitlab.approvals.push({ login: 'ann' });
    scene.say('ann', 'approved this merge request');
    expect((await judge()).enough).toBe(false);
  });

  it.each<[string, 'merge_commit_sha' | 'squash_commit_sha']>([
    ['a merge', 'merge_commit_sha'],
    ['a squash', 'squash_commit_sha'],
  ])('of the head count for what %s made of it', async (_, field) => {
    const made = 'c'.repeat(40);
    const eve = scene.gitlab.commits.get(COMMIT);
    if (eve) scene.gitlab.commits.set(made, { ...eve, id: made });
    Object.assign(scene.gitlab.requests[0] ?? {}, { state: 'merged', [field]: made });
    scene.review('ann', 'approve');
    expect((await judge({ commit: made })).enough).toBe(true);
    Object.assign(scene.gitlab.requests[0] ?? {}, { state: 'closed' });
    expect((await judge({ commit: made })).enough).toBe(false);
  });

  it('that were given before the last push are for what was there before', async () => {
    scene.gitlab.versions.push({ id: 3, head_commit_sha: COMMIT, created_at: '2026-03-01T13:30:00.000Z' });
    Object.assign(scene.gitlab.versions[1] ?? {}, { head_commit_sha: 'd'.repeat(40) });
    scene.review('ann', 'approve', { at: AFTER });
    expect(reasons(await judge())).toMatch(/approved commit dddddddddddd/);
  });

  it.each<[string, () => void, RegExp]>([
    ['blocked', () => scene.gitlab.states.set('ann', 'blocked'), /is blocked/],
    ['deactivated', () => scene.gitlab.states.set('ann', 'deactivated'), /is deactivated/],
    ['gone', () => scene.leave('ann'), /no account any more/],
  ])('of an account that is %s do not count', async (_, act, why) => {
    scene.review('ann', 'approve');
    act();
    expect(reasons(await judge())).toMatch(why);
  });
});

describe('approvals of deployments', () => {
  it('of another job, another environment or another commit do not count', async () => {
    const given = { login: 'ann', status: 'approved', created_at: AFTER, comment: '' };
    const one = {
      id: 1,
      environment: 'production',
      sha: COMMIT,
      created_at: AFTER,
      job: 1,
      status: 'success',
      approvals: [given],
      rules: [],
    };
    scene.gitlab.deployments.push(one);
    expect((await judge()).counted).toEqual([]);
    scene.gitlab.deployments.push({ ...one, id: 2, job: Number(JOB.id), environment: 'staging' });
    expect((await judge()).counted).toEqual([]);
    scene.gitlab.deployments.push({ ...one, id: 3, job: Number(JOB.id), sha: 'd'.repeat(40) });
    expect(reasons(await judge())).toMatch(/approved commit dddddddddddd/);
  });

  it('under several rules are one word of one person', async () => {
    const given = { login: 'ann', status: 'approved', created_at: AFTER, comment: 'fine' };
    scene.gitlab.deployments.push({
      id: 1,
      environment: 'production',
      sha: COMMIT,
      created_at: AFTER,
      job: Number(JOB.id),
      status: 'running',
      approvals: [given],
      rules: [[given], [given]],
    });
    expect(await scene.forge.approvals(query())).toHaveLength(1);
  });

  it('from whom GitLab let decide count without the role Developer', async () => {
    scene.gate('ron', 'approve');
    scene.say('ron', `/haute approve ${ID}`);
    const judgement = await judge();
    expect(judgement.counted.map(({ person, source }) => [person, source])).toEqual([['ron', 'deployment']]);
  });
});

describe('approvers and authors', () => {
  it('somebody with minimal access to a group is no member', async () => {
    scene.say('cy', `/haute approve ${ID}`);
    expect((await judge({ approvers: ['@acme/pricing'] })).enough).toBe(false);
  });

  it('@user is a user, as users and groups share their names', async () => {
    scene.say('ann', `/haute approve ${ID}`);
    expect((await judge({ approvers: ['@ann'] })).enough).toBe(true);
    expect((await judge({ approvers: ['@bo'] })).enough).toBe(false);
  });

  it('authors are co-authors too, and who pushed past merge requests', async () => {
    const known = scene.gitlab.commits.get(COMMIT);
    if (known)
      scene.gitlab.commits.set(COMMIT, {
        ...known,
        message: 'x\n\nCo-authored-by: Bo <9-bo@users.noreply.gitlab.com>',
      });
    expect(await scene.forge.authors(COMMIT, signal)).toEqual(expect.arrayContaining(['eve', 'bo']));
    await open({ job: { ...JOB, pusher: 'cy' } });
    scene.gitlab.requests.splice(0);
    expect(await scene.forge.authors(COMMIT, signal)).toContain('cy');
  });
});

function record(change: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    environment: 'production',
    releaseId: RELEASE,
    commit: COMMIT,
    status: 'success',
    url: undefined,
    description: '',
    production: true,
    signal,
    ...change,
  };
}

describe('deployment records on GitLab', () => {
  it('are left to GitLab where the job has the environment', async () => {
    await open({ job: { ...JOB, environment: 'production' } });
    expect(await scene.forge.recordDeployment(record())).toMatchObject({ done: true });
    expect(scene.gitlab.deployments).toEqual([]);
  });

  it('are not made twice when the answer to the first was lost', async () => {
    scene.server.fail('POST /api/v4/projects/{id}/deployments', 'lost');
    await scene.forge.recordDeployment(record());
    expect(scene.deployments('production')).toEqual(['success']);
  });

  it('of an earlier pipeline stay as they are', async () => {
    scene.gitlab.deployments.push({
      id: 1,
      environment: 'production',
      sha: COMMIT,
      created_at: '2026-03-01T10:00:00.000Z',
      job: undefined,
      status: 'failed',
      approvals: [],
      rules: [],
    });
    await scene.forge.recordDeployment(record());
    expect(scene.deployments('production')).toEqual(['failed', 'success']);
  });
});

describe('artifacts on GitLab', () => {
  const artifact = {
    name: 'haute-release',
    files: [
      { path: 'release.json', bytes: new TextEncoder().encode('{"a":"ü"}') },
      { path: 'report/impact.bin', bytes: Uint8Array.from([0, 255, 10]) },
    ],
  };

  it('come back as they were, from this pipeline and from another', async () => {
    await scene.forge.putArtifact(artifact, signal);
    expect(await scene.forge.getArtifact({ name: 'haute-release', signal })).toEqual(artifact);
    expect(await scene.forge.getArtifact({ name: 'haute-release', run: '76', signal })).toBeUndefined();
    expect(await scene.forge.getArtifact({ name: 'haute-release', run: '77', signal })).toEqual(artifact);
  });

  it('that arrive cut off are asked for again', async () => {
    await scene.forge.putArtifact(artifact, signal);
    const route = 'GET /api/v4/projects/{id}/packages/generic/{package_name}/{package_version}/{file_name}';
    scene.server.fail(route, 'cut');
    expect(await scene.forge.getArtifact({ name: 'haute-release', signal })).toEqual(artifact);
    scene.server.fail(route, 'cut', 9);
    await expect(scene.forge.getArtifact({ name: 'haute-release', signal })).rejects.toThrow('FORGE-BAD-ANSWER');
  });
});
