import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigError } from '../../shared/errors.ts';
import type { ApprovalQuery } from '../../shared/ports/forge.ts';
import { type ApprovalJudgement, judgeApprovals } from '../../shared/release/approval.ts';
import { AFTER, EVIDENCE_AT, LATER, RELEASE } from '../contracts/forge-contract.ts';
import { COMMIT, EARLIER, type GitHubScene, githubScene, RUN } from './github-scene.ts';

const ID = RELEASE.slice(7, 19);
const signal = new AbortController().signal;
let scene: GitHubScene;

beforeEach(async () => {
  scene = await githubScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.faults).toEqual([]);
});

async function judge(change: Partial<ApprovalQuery> = {}): Promise<ApprovalJudgement> {
  const sources = ['environment', 'review', 'comment'] as const;
  const query: ApprovalQuery = {
    releaseId: RELEASE,
    commit: COMMIT,
    environment: 'production',
    evidenceAt: EVIDENCE_AT,
    sources,
    approvers: [],
    needed: 1,
    question: '',
    signal,
    ...change,
  };
  const rules = { min: 1, distinctFromAuthor: true, approvers: query.approvers, sources };
  const authors = await scene.forge.authors(query.commit ?? COMMIT, signal);
  return judgeApprovals(await scene.forge.approvals(query), rules, authors, query.needed, query);
}

const reasons = (judgement: ApprovalJudgement): string => judgement.ignored.map(({ why }) => why).join('; ');

describe('reviews of the run’s environment', () => {
  const approved = { run: RUN, login: 'ann', environment: 'production', state: 'approved', comment: '' } as const;
  const gateAt = (at: string): unknown => scene.github.gate(RUN, 'production', COMMIT, at);

  it('count where the only gate of the run came after the impact report', async () => {
    gateAt('2026-03-01T12:00:01Z');
    scene.github.runReviews.push(approved);
    expect((await judge()).enough).toBe(true);
  });

  it('count without a look at gates where the run is younger than the report', async () => {
    scene.github.runReviews.push(approved);
    scene.github.lacking.add('deployments');
    expect((await judge({ evidenceAt: '2026-03-01T10:00:00.000Z' })).enough).toBe(true);
  });

  it('do not count where a job stood at the gate before the report: it may have been approved then', async () => {
    gateAt('2026-03-01T11:10:00Z');
    scene.github.runReviews.push(approved);
    const judgement = await judge();
    expect(judgement.enough).toBe(false);
    expect(reasons(judgement)).toMatch(/may have approved before the impact report/);
  });

  it('do not count where the run shows no gates at all', async () => {
    scene.github.runReviews.push(approved);
    expect(reasons(await judge())).toMatch(/may have approved before/);
  });

  it('count on a run that was started again when every gate came after the report', async () => {
    gateAt('2026-03-01T12:30:00Z');
    gateAt('2026-03-01T14:30:00Z');
    scene.github.runReviews.push(approved);
    expect((await judge()).enough).toBe(true);
  });

  it('count on a run that was started again, from who approved more often than there were gates before the report', async () => {
    gateAt('2026-03-01T11:10:00Z');
    gateAt('2026-03-01T14:30:00Z');
    scene.github.runReviews.push(approved);
    expect((await judge()).enough).toBe(false);
    scene.github.runReviews.push(approved);
    expect((await judge()).enough).toBe(true);
  });

  it('do not count twice from two people when each may have approved the gate before the report', async () => {
    gateAt('2026-03-01T11:10:00Z');
    gateAt('2026-03-01T14:30:00Z');
    scene.github.runReviews.push(approved, { ...approved, login: 'bo' });
    expect((await judge()).counted).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['of another run', () => scene.github.gate(RUN + 1, 'production', COMMIT, '2026-03-01T13:00:00Z')],
    [
      'of our own making',
      () => {
        const mine = scene.github.gate(RUN, 'production', COMMIT, '2026-03-01T13:00:00Z');
        Object.assign(mine, { payload: { haute: { release: RELEASE, run: String(RUN) } } });
      },
    ],
    [
      'of somebody else’s making',
      () => {
        const other = scene.github.gate(RUN, 'production', COMMIT, '2026-03-01T13:00:00Z');
        const log_url = `https://github.com/acme/motor/actions/runs/${RUN}`;
        scene.github.statuses.set(other.id, [
          { id: 1, state: 'success', log_url, environment_url: 'https://x.example' },
        ]);
      },
    ],
  ])('do not take a deployment %s for a gate', async (_, act) => {
    act();
    scene.github.runReviews.push(approved);
    expect((await judge()).enough).toBe(false);
  });

  it('of another environment say which', async () => {
    scene.github.gate(RUN, 'production-read', COMMIT, '2026-03-01T13:00:00Z');
    scene.github.runReviews.push({ ...approved, environment: 'production-read' });
    expect(reasons(await judge())).toMatch(/reviewed production-read, not production/);
  });

  it('know the environment in any case', async () => {
    gateAt('2026-03-01T13:00:00Z');
    scene.github.runReviews.push({ ...approved, environment: 'Production' });
    expect((await judge()).enough).toBe(true);
  });

  it('are void on a run of another commit', async () => {
    Object.assign(scene.github.runs[0] ?? {}, { head_sha: EARLIER, created_at: '2026-03-01T12:30:00Z' });
    scene.github.runReviews.push(approved);
    expect(reasons(await judge())).toMatch(/approved commit bbbbbbbbbbbb/);
  });

  it('take whom GitHub let review, even without write access, and nobody who left', async () => {
    gateAt('2026-03-01T13:00:00Z');
    scene.github.runReviews.push({ ...approved, login: 'ron' }, { ...approved, login: 'zoe' });
    const judgement = await judge();
    expect(judgement.counted.map((record) => record.person)).toEqual(['ron']);
    expect(reasons(judgement)).toMatch(/has no account any more/);
  });

  it('that are pending say nothing', async () => {
    scene.github.runReviews.push({ ...approved, state: 'pending' });
    expect(reasons(await judge())).toBe('');
  });

  it('are not asked for outside of a run', async () => {
    await scene.stop();
    scene = await githubScene({ run: undefined });
    scene.github.runReviews.push(approved);
    expect((await judge()).counted).toEqual([]);
  });
});

describe('reviews of pull requests', () => {
  function review(state: string, at: string, login = 'ann', commit: string | null = COMMIT): void {
    const known = scene.github.reviews.get(7) ?? [];
    scene.github.reviews.set(7, [
      ...known,
      { id: scene.github.nextId(), login, state, body: '', commit, at: at.replace('.000Z', 'Z') },
    ]);
  }

  it('that were dismissed take back what was said before', async () => {
    review('APPROVED', AFTER);
    review('DISMISSED', LATER);
    const judgement = await judge();
    expect(judgement.enough).toBe(false);
    expect(reasons(judgement)).toMatch(/dismissed/);
  });

  it('that only comment leave the word before them standing', async () => {
    review('APPROVED', AFTER);
    review('COMMENTED', LATER);
    expect((await judge()).enough).toBe(true);
    review('CHANGES_REQUESTED', LATER);
    review('COMMENTED', LATER);
    expect((await judge()).rejected).toHaveLength(1);
  });

  it('of a commit that is there no more do not count', async () => {
    review('APPROVED', AFTER, 'ann', null);
    expect(reasons(await judge())).toMatch(/approved commit that is gone/);
  });

  it('of deleted accounts do not count, however many', async () => {
    review('APPROVED', AFTER, 'zoe');
    review('APPROVED', AFTER, 'zac');
    const judgement = await judge({ needed: 2 });
    expect(judgement.counted).toEqual([]);
    expect(judgement.ignored).toHaveLength(2);
  });

  it('in a state that is not known do not count', async () => {
    review('WAVED_THROUGH', AFTER);
    expect((await judge()).enough).toBe(false);
  });

  it('are all read, over a hundred pages: the last word of a person counts', { timeout: 120_000 }, async () => {
    for (let index = 0; index < 9_998; index++) review('COMMENTED', AFTER, 'cy');
    review('APPROVED', AFTER, 'bo');
    expect((await judge()).enough).toBe(true);
    review('CHANGES_REQUESTED', LATER, 'bo');
    expect((await judge()).enough).toBe(false);
  });

  it('count on the head of a merged pull request for its merge', async () => {
    const merge = 'c'.repeat(40);
    merged(merge, ['d'.repeat(40), COMMIT], true);
    review('APPROVED', AFTER, 'ann');
    review('APPROVED', AFTER, 'bo', EARLIER);
    const judgement = await judge({ commit: merge });
    expect(judgement.counted.map((record) => record.person)).toEqual(['ann']);
  });

  it('of a pull request that was closed, or that only contains the commit, do not count', async () => {
    review('APPROVED', AFTER);
    expect((await judge({ commit: EARLIER })).counted).toEqual([]);
    Object.assign(scene.github.pulls[0] ?? {}, { state: 'closed' });
    expect((await judge()).counted).toEqual([]);
    expect(scene.notes.join()).toMatch(/no pull request has commit aaaaaaaaaaaa/);
  });

  it('of a fork’s pull request count from people of this repository, and not from its author', async () => {
    Object.assign(scene.github.pulls[0] ?? {}, { author: 'sam', from: 'sam/motor' });
    review('APPROVED', AFTER, 'ann');
    scene.say('sam', `/approve ${ID}`);
    const judgement = await judge({ needed: 2 });
    expect(judgement.counted.map((record) => record.person)).toEqual(['ann']);
    expect(await scene.forge.authors(COMMIT, signal)).toContain('sam');
  });
});

function merged(merge: string, parents: readonly string[], verified: boolean, by = 'ann'): void {
  const person = scene.github.people.get(by);
  const author = { name: person?.name ?? '', email: person?.email ?? '', login: by };
  const committer = { name: 'GitHub', email: 'noreply@github.com', login: 'web-flow' };
  scene.github.commits.set(merge, {
    sha: merge,
    message: 'Merge pull request #7',
    author,
    committer,
    parents,
    verified,
  });
  Object.assign(scene.github.pulls[0] ?? {}, {
    state: 'closed',
    merged_at: '2026-03-01T10:30:00Z',
    merge_commit_sha: merge,
  });
}

describe('comments on pull requests', () => {
  it('that an app wrote in somebody’s name do not count', async () => {
    const at = AFTER.replace('.000Z', 'Z');
    scene.github.comments.push({ id: 1, pull: 7, login: 'ann', body: `/approve ${ID}`, at, editedAt: at, app: 'chat' });
    expect(reasons(await judge())).toMatch(/through the app chat/);
  });

  it('of somebody whose profile is gone do not count', async () => {
    scene.say('ann', `/approve ${ID}`);
    scene.github.withoutProfile.add('ann');
    expect(reasons(await judge())).toMatch(/has no account any more/);
  });

  it('cannot be told apart from an approval by a name alone: case and @ do not make another person', async () => {
    scene.say('ann', `/approve ${ID}`);
    expect((await judge({ approvers: ['ANN'] })).enough).toBe(true);
    expect((await judge({ approvers: ['@Ann'] })).enough).toBe(true);
  });
});

describe('approvers', () => {
  beforeEach(() => scene.say('ann', `/approve ${ID}`));

  it('@name is a team of the owner before it is a person', async () => {
    scene.github.teams.set('acme/sam', new Map([['ann', 'active']]));
    scene.say('sam', `/approve ${ID}`);
    const judgement = await judge({ approvers: ['@sam'], needed: 2 });
    expect(judgement.counted.map((record) => record.person)).toEqual(['ann']);
  });

  it('a stranger who took the name of a team that the token cannot see does not speak for it', async () => {
    scene.github.lacking.add('members');
    scene.say('sam', `/approve ${ID}`);
    await expect(judge({ approvers: ['@sam'] })).rejects.toThrow('APPROVER-UNKNOWN');
  });

  it('@name is a person who can push here where the token sees no teams', async () => {
    scene.github.lacking.add('members');
    expect((await judge({ approvers: ['@ann'] })).enough).toBe(true);
    expect((await judge({ approvers: ['@bo'] })).enough).toBe(false);
  });

  it('a team that the token may not see is an error that says which token can', async () => {
    scene.github.lacking.add('members');
    await expect(judge({ approvers: ['@acme/pricing'] })).rejects.toThrow(
      /members: read.*the workflow's own token cannot/s,
    );
  });

  it('a member who has not accepted yet is none', async () => {
    scene.say('cy', `/approve ${ID}`);
    const judgement = await judge({ approvers: ['@acme/pricing'], needed: 2 });
    expect(judgement.counted.map((record) => record.person)).toEqual(['ann']);
  });
});

describe('who made a change', () => {
  const authors = (commit = COMMIT): Promise<readonly string[]> => scene.forge.authors(commit, signal);

  it('is not who pressed the button of a merge that GitHub made', async () => {
    const merge = 'c'.repeat(40);
    merged(merge, ['d'.repeat(40), COMMIT], true);
    expect(await authors(merge)).not.toContain('ann');
    expect(await authors(merge)).toContain('eve');
  });

  it.each<[string, readonly string[], boolean]>([
    ['a merge that GitHub did not sign', ['d'.repeat(40), COMMIT], false],
    ['a squash', ['d'.repeat(40)], true],
  ])('is the author of %s too', async (_, parents, verified) => {
    const merge = 'c'.repeat(40);
    merged(merge, parents, verified);
    expect(await authors(merge)).toContain('ann');
  });

  it('is every author, committer and co-author of its commits', async () => {
    const committer = { name: 'Cy Cooper', email: 'cy@example.com', login: 'cy' };
    const message =
      'Raise\n\nCo-authored-by: Bo Baker <123+bo@users.noreply.github.com>\nco-authored-by: X <x@example.com>';
    const known = scene.github.commits.get(EARLIER);
    if (known) scene.github.commits.set(EARLIER, { ...known, committer, message });
    expect(await authors()).toEqual(
      expect.arrayContaining(['eve', 'cy', 'cy@example.com', 'bo', 'Bo Baker', 'x@example.com']),
    );
  });

  it('is who pushed it past a pull request', async () => {
    scene.github.pulls.splice(0);
    Object.assign(scene.github.runs[0] ?? {}, { actor: 'cy' });
    expect(await authors()).toContain('cy');
  });

  it('is found in a pull request of more commits than GitHub lists', async () => {
    const shas = Array.from({ length: 320 }, (_, index) => index.toString(16).padStart(40, '0'));
    for (const sha of shas) scene.github.commits.set(sha, { ...commitLike(), sha });
    const last = shas.at(-1) ?? '';
    scene.github.commits.set(last, {
      ...commitLike(),
      sha: last,
      author: { name: 'Cy Cooper', email: 'cy@example.com', login: 'cy' },
    });
    scene.github.pulls[0]?.commits.splice(0, 2, ...shas, COMMIT);
    expect(await authors()).toContain('cy');
  });

  function commitLike(): {
    message: string;
    author: { name: string; email: string; login: string };
    committer: { name: string; email: string; login: string };
    parents: string[];
    verified: boolean;
  } {
    const person = { name: 'Eve Author', email: 'eve@example.com', login: 'eve' };
    return { message: 'x', author: person, committer: person, parents: [], verified: false };
  }
});

describe('limits and permissions of GitHub', () => {
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['by a header', { 'retry-after': '5' }, 'wait'],
    ['by a message', {}, 'You have exceeded a secondary rate limit'],
    [
      'by what is left',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-03-01T15:00:10Z') / 1000) },
      'x',
    ],
  ])(
    'a 403 that says %s that it is a limit is waited for, not taken for a missing permission',
    async (_, headers, message) => {
      scene.say('ann', `/approve ${ID}`);
      scene.server.fail(route, { status: 403, headers, body: { message } });
      expect((await judge()).enough).toBe(true);
      expect(scene.notes.join()).toMatch(/asking again in/);
    },
  );

  it('a limit that ends in half an hour is an error that says when to come back', async () => {
    const reset = String(Date.parse('2026-03-01T15:30:00Z') / 1000);
    scene.server.fail(
      route,
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, body: {} },
      9,
    );
    await expect(judge()).rejects.toThrow(/FORGE-BUSY.*1800 s/s);
    expect(scene.server.requests.filter((request) => request.route === route)).toHaveLength(1);
  });

  it('what the token lacks is named as a workflow spells it, in the file of the workflow', async () => {
    scene.deny();
    const error = await judge().catch((thrown: unknown) => thrown);
    const [problem] = (error as ConfigError).problems;
    expect(problem).toMatchObject({
      code: 'FORGE-PERMISSION',
      place: { file: '.github/workflows/release.yml' },
      fix: expect.stringContaining('"pull-requests: read"'),
      what: expect.stringContaining('it accepts pull-requests=read'),
    });
  });

  it('a step that waits asks again without using up the limit', async () => {
    scene.say('ann', `/approve ${ID}`);
    await judge();
    const asked = scene.server.requests.length;
    await judge();
    const again = scene.server.requests.slice(asked);
    expect(again.every((request) => request.headers['if-none-match'] !== undefined)).toBe(true);
    scene.say('bo', `/approve ${ID}`);
    expect((await judge({ needed: 2 })).enough).toBe(true);
  });
});
