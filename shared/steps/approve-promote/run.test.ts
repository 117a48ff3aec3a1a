import { beforeEach, describe, expect, it } from 'vitest';
import { approvalBy, MemoryForge } from '../../../tests/fakes/memory-forge.ts';
import { ROOT, StepBench } from '../../../tests/fakes/step-bench.ts';
import { GateFailure } from '../../errors.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { decodeRelease } from '../../release/codec.ts';
import { digestOf } from '../../release/digest.ts';
import type { EvidenceKind } from '../../release/evidence.ts';
import { DEFAULT_AUTOSCALING } from '../../release/policy.ts';
import { approvePromote } from './step.ts';

const ALL: readonly EvidenceKind[] = ['validated', 'built', 'staged', 'smoked', 'impact'];

const approval = (person: string): ApprovalRecord => approvalBy(person, '2026-01-01T00:00:00.000Z');

let bench: StepBench;
beforeEach(() => {
  bench = new StepBench();
  bench.approvals = [approval('ann'), approval('bo')];
});

/** The release that serves before, and the one that is to be promoted. */
async function twoReleases() {
  const before = await bench.inProduction(await bench.release('last year', ALL));
  const release = await bench.release('this year', ALL);
  return { before, release };
}

/** The policy lets this be replaced in production. */
function takeOver(foreign: string): void {
  const production = { autoscaling: DEFAULT_AUTOSCALING, takeOver: foreign };
  bench.policy = { ...bench.policy, environments: { production } };
}

function codes(host: { annotations: readonly { title: string }[] }): readonly string[] {
  return host.annotations.map(({ title }) => title);
}

async function savedKinds(): Promise<readonly string[]> {
  return decodeRelease(bench.files.text(`${ROOT}/.haute/release.json`), 'f').evidence.map(({ kind }) => kind);
}

describe('approve-promote', () => {
  it('moves production to the release in ten stages, and says who approved', async () => {
    const { before } = await twoReleases();
    const { end } = await bench.run(approvePromote);
    expect(end).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(end?.outputs).toMatchObject({
      'deployment-id': 'd-2',
      'previous-deployment-id': before,
      approvers: 'ann, bo',
      stages: '10, 20, 30, 40, 50, 60, 70, 80, 90, 100',
    });
    expect(bench.target.environment('production').weights).toEqual({ 'd-2': 100 });
    expect((await savedKinds()).slice(-2)).toEqual(['approved', 'promoted']);
  });

  it('promotes the first release at once: there is nothing to share traffic with', async () => {
    await bench.release('first', ALL);
    const { end } = await bench.run(approvePromote);
    expect(end).toMatchObject({ result: 'pass' });
    expect(end?.outputs.stages).toBe('100');
  });

  it('moves nothing where something else serves already, unless the policy names it', async () => {
    await bench.release('first', ALL);
    bench.target.environment('production').foreign = 'motor-pricing:1';
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'inconclusive', exitCode: 1 });
    expect(codes(host)).toEqual(['ENVIRONMENT-NOT-OURS']);
    expect(bench.target.deployments.size).toBe(0);
    expect((await savedKinds()).at(-1)).toBe('impact');
    takeOver('motor-pricing:1');
    const { end } = await bench.run(approvePromote);
    expect(end).toMatchObject({ result: 'pass' });
    expect(end?.summary).toContain('| served before | `motor-pricing:1`, which is no release |');
  });

  it('moves nothing where something else came to serve while approvals were waited for', async () => {
    await bench.release('first', ALL);
    const production = bench.target.environment('production');
    production.foreign = 'motor-pricing:1';
    takeOver('motor-pricing:1');
    bench.forge = Object.assign(new MemoryForge(), {
      given: bench.approvals,
      made: ['eve'],
      approvals: async () => {
        production.foreign = 'motor-pricing:2';
        return bench.approvals;
      },
    });
    expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'inconclusive' });
    expect(bench.target.deployments.size).toBe(0);
  });

  it.each(ALL)('refuses a release that was never %s', async (kind) => {
    await bench.release(
      'r',
      ALL.filter((each) => each !== kind),
    );
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
    expect(codes(host)).toEqual(['EVIDENCE-MISSING']);
    expect(bench.target.deployments.size).toBe(0);
  });

  it.each(['fail', 'inconclusive', 'error'] as const)('refuses a smoke test that says %s', async (verdict) => {
    await bench.release('r', ALL, { smoked: { verdict } });
    expect(codes(await bench.run(approvePromote))).toEqual(['EVIDENCE-FAILED']);
  });

  it('refuses evidence that is older than the staging it speaks of', async () => {
    await bench.release('r', [...ALL, 'staged']);
    expect(codes(await bench.run(approvePromote))).toEqual(['EVIDENCE-STALE']);
  });

  it('lets approvers accept a failed impact gate only where the policy says so', async () => {
    await bench.release('r', ALL, { impact: { verdict: 'fail' } });
    expect(codes(await bench.run(approvePromote))).toEqual(['EVIDENCE-FAILED']);
    bench.policy = {
      ...bench.policy,
      gates: { ...bench.policy.gates, impact: { ...bench.policy.gates.impact, onFail: 'approve' } },
    };
    expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'pass' });
  });

  it('refuses when the stored package was changed', async () => {
    await bench.release('r', ALL);
    bench.stored = new GateFailure({ code: 'ARTIFACT-CHANGED', what: 'app.py differs', fix: 'build again' });
    const host = await bench.run(approvePromote);
    expect(codes(host)).toEqual(['ARTIFACT-CHANGED']);
    expect(host.annotations[0]?.message).toContain('app.py');
  });

  it('refuses when the impact report was edited, and says which file', async () => {
    await bench.files.write(`${ROOT}/.haute/impact/impact.json`, '{"edited":true}');
    await bench.release('r', ALL, { impact: { facts: { files: { '.haute/impact/impact.json': digestOf('{}') } } } });
    const host = await bench.run(approvePromote);
    expect(codes(host)).toEqual(['REPORT-CHANGED']);
    expect(host.annotations[0]?.message).toContain('.haute/impact/impact.json');
  });

  it('refuses when the report is gone, and when the policy is another', async () => {
    await bench.release('r', ALL, { impact: { facts: { files: { 'x.md': digestOf('') } } } });
    expect(codes(await bench.run(approvePromote))).toEqual(['REPORT-MISSING']);
    await bench.release('r', ALL, { impact: { facts: { policyDigest: digestOf('older') } } });
    expect(codes(await bench.run(approvePromote))).toEqual(['POLICY-CHANGED']);
  });

  it('refuses a release file that was edited', async () => {
    await bench.release('r', ALL);
    const path = `${ROOT}/.haute/release.json`;
    await bench.files.write(path, bench.files.text(path).replace('"kind": "smoked"', '"kind": "impact"'));
    expect(codes(await bench.run(approvePromote))).toEqual(['RELEASE-TAMPERED']);
  });

  it.each<[string, ApprovalRecord[], string[], string]>([
    ['too few', [approval('ann')], ['eve'], 'APPROVAL-MISSING'],
    ['the author among them', [approval('ann'), approval('bo')], ['bo'], 'APPROVAL-MISSING'],
    [
      'one who rejects',
      [approval('ann'), approval('bo'), { ...approval('cy'), word: 'reject' }],
      ['eve'],
      'APPROVAL-REJECTED',
    ],
  ])('refuses approvals with %s', async (_, approvals, authors, code) => {
    await bench.release('r', ALL);
    Object.assign(bench, { approvals, authors });
    expect(codes(await bench.run(approvePromote))).toEqual([code]);
    expect(bench.target.deployments.size).toBe(0);
  });

  it('refuses where nobody knows who made the change, unless the policy lets authors approve', async () => {
    await bench.release('r', ALL);
    bench.authors = [];
    expect(codes(await bench.run(approvePromote))).toEqual(['AUTHORS-UNKNOWN']);
    bench.policy = { ...bench.policy, approval: { ...bench.policy.approval, distinctFromAuthor: false } };
    expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'pass' });
  });

  it('never asks for fewer approvers than the policy', async () => {
    await bench.release('r', ALL);
    const host = await bench.run(approvePromote, { 'min-approvers': '1' });
    expect(host.end?.exitCode).toBe(2);
    expect(codes(host)).toEqual(['APPROVAL-TOO-FEW']);
  });

  it('waits for approvals that come later', async () => {
    await twoReleases();
    const both = bench.approvals;
    bench.approvals = [];
    bench.clock.onSleep = () => {
      bench.approvals = both;
    };
    expect((await bench.run(approvePromote, { 'wait-for-approval': '1h' })).end).toMatchObject({ result: 'pass' });
  });

  describe('with hold-for-approval', () => {
    const HOLD = { 'hold-for-approval': 'true' };

    it('leaves the candidate up, checked and without traffic, and goes on when it is approved', async () => {
      const { before } = await twoReleases();
      const both = bench.approvals;
      bench.approvals = [approval('ann')];
      const held = await bench.run(approvePromote, HOLD);
      expect(held.end).toMatchObject({ result: 'warn', exitCode: 0 });
      expect(held.end?.outputs).toMatchObject({ 'deployment-id': before, stages: '', approvers: 'ann' });
      expect(held.end?.summary).toMatch(/0 % `d-2`, the rest `d-1`/);
      expect(codes(held)).toEqual(['PROMOTION-AWAITS-APPROVAL']);
      expect(held.annotations[0]?.message).toMatch(/2 distinct approvers are needed; approved by ann/);
      expect(bench.target.environment('production')).toMatchObject({
        weights: { [before]: 100 },
        mark: { paused: true },
      });
      expect(await savedKinds()).not.toContain('approved');

      bench.approvals = both;
      const { end } = await bench.run(approvePromote);
      expect(end?.outputs).toMatchObject({ 'deployment-id': 'd-2', stages: '10, 20, 30, 40, 50, 60, 70, 80, 90, 100' });
      expect((await savedKinds()).slice(-3)).toEqual(['paused', 'approved', 'promoted']);
    });

    it('looks again, and waits on, when there are still too few', async () => {
      const { before } = await twoReleases();
      bench.approvals = [];
      await bench.run(approvePromote, HOLD);
      const again = await bench.run(approvePromote, HOLD);
      expect(codes(again)).toEqual(['PROMOTION-AWAITS-APPROVAL']);
      expect(bench.target.deployments.size).toBe(2);
      expect(codes(await bench.run(approvePromote))).toEqual(['APPROVAL-MISSING']);
      expect(bench.target.environment('production').weights).toEqual({ [before]: 100 });
    });

    it('leaves nothing waiting that answers wrongly', async () => {
      const { before, release } = await twoReleases();
      bench.approvals = [];
      bench.pricing.set(release.id, { premium: 101, ms: 40 });
      const host = await bench.run(approvePromote, HOLD);
      expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
      expect(bench.target.environment('production')).toMatchObject({ weights: { [before]: 100 }, mark: undefined });
    });

    it('promotes at once when there are enough', async () => {
      await twoReleases();
      expect((await bench.run(approvePromote, HOLD)).end).toMatchObject({ result: 'pass' });
    });

    it('is no approval of what serves already', async () => {
      await bench.inProduction(await bench.release('r', ALL));
      bench.approvals = [];
      expect(codes(await bench.run(approvePromote, HOLD))).toEqual(['APPROVAL-MISSING']);
    });

    it('ends no other promotion without approvals', async () => {
      const { before } = await twoReleases();
      const production = bench.target.environment('production');
      production.weights = { [before]: 70, 'd-9': 30 };
      production.mark = {
        promotionId: 'p-1',
        candidate: 'd-9',
        current: before,
        run: 'elsewhere',
        paused: false,
        supersede: false,
        owner: 'alive',
      };
      bench.approvals = [];
      expect(codes(await bench.run(approvePromote, { ...HOLD, supersede: 'true' }))).toEqual(['APPROVAL-MISSING']);
      expect(production.weights).toEqual({ [before]: 70, 'd-9': 30 });
    });

    it('takes up what it left, where every promotion has a deployment of its own', async () => {
      await twoReleases();
      const both = bench.approvals;
      bench.policy = { ...bench.policy, promotion: { ...bench.policy.promotion, redeploy: true } };
      bench.approvals = [];
      await bench.run(approvePromote, HOLD);
      bench.approvals = both;
      expect((await bench.run(approvePromote)).end).toMatchObject({
        result: 'pass',
        outputs: { 'deployment-id': 'd-2' },
      });
      expect(bench.target.deployments.size).toBe(2);
    });

    it('gives traffic back, and does not only say so, when it is taken up and the candidate is gone', async () => {
      const { before } = await twoReleases();
      const both = bench.approvals;
      bench.approvals = [];
      await bench.run(approvePromote, HOLD);
      const production = bench.target.environment('production');
      production.weights = { [before]: 70, 'd-2': 30 };
      bench.approvals = both;
      bench.target.before = (method) => {
        if (method === 'deploy') throw new Error('no room');
      };
      const host = await bench.run(approvePromote);
      expect(host.end?.result).not.toBe('pass');
      expect(production).toMatchObject({ weights: { [before]: 100 }, mark: undefined });
    });

    it('is no way around a rejection', async () => {
      await bench.release('r', ALL);
      bench.approvals = [{ ...approval('cy'), word: 'reject' }];
      expect(codes(await bench.run(approvePromote, HOLD))).toEqual(['APPROVAL-REJECTED']);
      expect(bench.target.deployments.size).toBe(0);
    });
  });

  it('gives traffic back when the candidate answers wrongly on the way', async () => {
    const { before, release } = await twoReleases();
    bench.clock.onSleep = (_, ms) => {
      if (ms > 10_000 && bench.target.environment('production').weights['d-2'] === 30)
        bench.pricing.set(release.id, { premium: 101, ms: 40 });
    };
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
    expect(host.end?.outputs.stages).toBe('10, 20, 30');
    expect(bench.target.environment('production')).toMatchObject({ weights: { [before]: 100 }, mark: undefined });
    expect(await savedKinds()).toContain('reverted');
    expect(codes(host)).toEqual(['PROMOTION-REVERTED']);
  });

  it('does not hold a slow minute of the machine against the candidate', async () => {
    const { release } = await twoReleases();
    for (const id of bench.pricing.keys()) bench.pricing.set(id, { premium: 100, ms: 900 });
    expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'pass' });
    expect(release.id).toBeDefined();
  });

  it('reverts when only the candidate is slow', async () => {
    const { release } = await twoReleases();
    bench.pricing.set(release.id, { premium: 100, ms: 900 });
    expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'fail' });
  });

  it('reverts when it is cancelled, and ends as interrupted', async () => {
    const { before } = await twoReleases();
    bench.clock.onSleep = (_, ms) => {
      if (ms > 10_000 && bench.target.environment('production').weights['d-2'] === 40)
        bench.controller.abort(new Error('SIGTERM'));
    };
    const host = await bench.run(approvePromote);
    expect(host.end?.exitCode).toBe(130);
    expect(bench.target.environment('production')).toMatchObject({ weights: { [before]: 100 }, mark: undefined });
  });

  it('refuses while another promotion is under way, unless it is to supersede it', async () => {
    const { before } = await twoReleases();
    bench.target.environment('production').mark = {
      promotionId: 'p-1',
      candidate: 'd-9',
      current: before,
      run: 'elsewhere',
      paused: false,
      supersede: false,
      owner: 'alive',
    };
    const host = await bench.run(approvePromote);
    expect(codes(host)).toEqual(['PROMOTION-ACTIVE']);
    expect(host.annotations[0]?.message).toContain('p-1');
    expect((await bench.run(approvePromote, { supersede: 'true' })).end).toMatchObject({ result: 'pass' });
  });

  it('first finishes the revert of a promotion whose runner was killed', async () => {
    const { before } = await twoReleases();
    const production = bench.target.environment('production');
    production.weights = { [before]: 70, 'd-9': 30 };
    production.mark = {
      promotionId: 'p-1',
      candidate: 'd-9',
      current: before,
      run: 'killed',
      paused: false,
      supersede: false,
      owner: 'gone',
    };
    const host = await bench.run(approvePromote);
    expect(host.lines.join('\n')).toMatch(/p-1 of d-9 stands at 30 % and was interrupted/);
    expect(host.end).toMatchObject({ result: 'pass' });
  });

  it('reports an environment that it could not revert, and how to repair it', async () => {
    await twoReleases();
    let routes = 0;
    bench.target.before = (method) => {
      routes += method === 'route' ? 1 : 0;
      if (routes > 3) throw new Error('gateway gone');
    };
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'error', exitCode: 3 });
    expect(codes(host)).toEqual(['PROMOTION-STUCK']);
    expect(host.annotations[0]?.message).toContain('Run rollback');
  });

  it('pauses for lack of quotes, and is taken up again where it stands', async () => {
    const { release } = await twoReleases();
    bench.policy = { ...bench.policy, promotion: { ...bench.policy.promotion, patienceMs: 0 } };
    const production = bench.target.environment('production');
    const deployment = await bench.target.deploy(release, 'production', { fresh: false } as never);
    production.weights = { 'd-1': 60, [deployment.id]: 40 };
    production.mark = {
      promotionId: 'p-1',
      candidate: deployment.id,
      current: 'd-1',
      run: 'r',
      paused: true,
      supersede: false,
      owner: 'alive',
    };
    const { end } = await bench.run(approvePromote);
    expect(end).toMatchObject({ result: 'pass' });
    expect(end?.outputs.stages).toBe('40, 50, 60, 70, 80, 90, 100');
  });

  it('does nothing when production serves the release already', async () => {
    await bench.inProduction(await bench.release('r', ALL));
    const { end } = await bench.run(approvePromote);
    expect(end).toMatchObject({ result: 'pass' });
    expect(end?.outputs.stages).toBe('');
  });

  it('changes nothing in a dry run', async () => {
    const { before } = await twoReleases();
    const { end } = await bench.run(approvePromote, { 'dry-run': 'true' });
    expect(end?.summary).toContain('Nothing was changed');
    expect(bench.target.environment('production').weights).toEqual({ [before]: 100 });
    expect(await savedKinds()).toEqual([...ALL]);
  });
});
