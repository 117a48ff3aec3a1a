import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../shared/errors.ts';
import type { DeployOptions, RouteMark, SettleOptions, Target } from '../../shared/ports/target.ts';
import type { Autoscaling, Deployment, ServingAddress } from '../../shared/release/deployment.ts';
import type { Release } from '../../shared/release/release.ts';

/** A target on a platform, or on something that stands in for one, and the means to look at it from outside. */
export interface TargetBench {
  readonly target: Target;
  readonly autoscaling: Autoscaling;
  /** A release that nobody deployed yet, in the store that the target pulls from. */
  release(): Promise<Release>;
  /** What answers a quote at this address now. */
  ask(address: ServingAddress): Promise<{ readonly status: number; readonly release: string | undefined }>;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every target does, whatever it runs on. What a target says it cannot do is not asked of it. */
export function targetContract(name: string, makeBench: () => Promise<TargetBench>): void {
  describe(`the target contract on ${name}`, () => {
    let bench: TargetBench;
    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(() => bench?.close());

    it('says of everything whether it can, and why not', () => {
      for (const capability of Object.values(bench.target.supports)) {
        expect(capability.can || capability.why.length > 0).toBe(true);
      }
    });

    it('knows nothing of an environment that was never deployed to', async () => {
      const state = await bench.target.inspect('never');
      expect(state).toMatchObject({ name: 'never', weights: {}, history: [], deployments: [] });
      expect([state.address, state.current, state.candidate, state.promotion, state.foreign]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    });

    it('plans without writing', async () => {
      const release = await bench.release();
      const plan = await bench.target.plan(release, 'planned');
      expect(plan.some(({ action }) => action === 'create')).toBe(true);
      expect((await bench.target.inspect('planned')).address).toBeUndefined();
    });

    it('deploys a candidate that answers as its release and has no traffic', async () => {
      const release = await bench.release();
      const candidate = await deploy(release, 'dark');
      expect(candidate).toMatchObject({
        releaseId: release.id,
        packageDigest: release.core.packageDigest,
        status: 'active',
      });
      const { artifact } = release.core;
      expect(candidate.image).toBe(artifact.kind === 'image' ? `${artifact.name}@${artifact.digest}` : undefined);
      expect((await bench.target.inspect('dark')).weights).toEqual({});
      if (bench.target.supports.darkAddress.can) {
        expect(await bench.ask(addressOf(candidate))).toEqual({ status: 200, release: release.id });
      }
    });

    it('moves all traffic, and writes history when it settles', async () => {
      const [first, second] = [await bench.release(), await bench.release()];
      const a = await promote(first, 'moves');
      expect(await answersAt('moves')).toEqual({ status: 200, release: first.id });
      const b = await promote(second, 'moves');
      expect(await answersAt('moves')).toEqual({ status: 200, release: second.id });
      const state = await bench.target.inspect('moves');
      expect(state.current?.id).toBe(b.id);
      expect([state.promotion, state.foreign]).toEqual([undefined, undefined]);
      expect(state.history.map(({ deploymentId, releaseId }) => [deploymentId, releaseId])).toEqual([
        [b.id, second.id],
        [a.id, first.id],
      ]);
    });

    it('goes back to what served before at once', async () => {
      const [first, second] = [await bench.release(), await bench.release()];
      const a = await promote(first, 'back');
      const b = await promote(second, 'back');
      const id = randomUUID();
      await bench.target.route('back', { [a.id]: 100 }, mark(id, a.id, b.id));
      expect(await answersAt('back')).toEqual({ status: 200, release: first.id });
      await bench.target.settle('back', settling(id, a.id, b.id, 'rolled-back'));
      const { history, current } = await bench.target.inspect('back');
      expect(current?.id).toBe(a.id);
      expect(history.map(({ deploymentId }) => deploymentId)).toEqual([a.id, b.id, a.id]);
    });

    it('splits traffic, and reports the split and the promotion', async () => {
      if (!bench.target.supports.weights.can) return;
      const a = await promote(await bench.release(), 'split');
      const b = await deploy(await bench.release(), 'split');
      const id = randomUUID();
      await bench.target.route('split', { [a.id]: 90, [b.id]: 10 }, mark(id, b.id, a.id));
      const state = await bench.target.inspect('split');
      expect(state.weights).toEqual({ [a.id]: 90, [b.id]: 10 });
      expect(state.promotion).toMatchObject({ id, candidate: b.id, current: a.id, owner: 'alive', run: 'contract' });
      expect(state.candidate?.id).toBe(b.id);
      expect(state.current?.id).toBe(a.id);
    });

    it('refuses a second promotion with the name of the first', async () => {
      const a = await promote(await bench.release(), 'busy');
      const b = await deploy(await bench.release(), 'busy');
      await bench.target.route('busy', { [a.id]: 100 }, mark('the-first', b.id, a.id));
      const refused = await failure(bench.target.route('busy', { [b.id]: 100 }, mark('the-second', b.id, a.id)));
      expect(refused).toBeInstanceOf(GateFailure);
      expect(refused).toMatchObject({ problem: { code: 'PROMOTION-ACTIVE' } });
      expect(messageOf(refused)).toContain('the-first');
      expect((await bench.target.inspect('busy')).weights).toEqual({ [a.id]: 100 });
    });

    it('refuses a promotion that began before another one settled, and leaves that one serving', async () => {
      const a = await promote(await bench.release(), 'moved');
      const late = await deploy(await bench.release(), 'moved');
      const b = await promote(await bench.release(), 'moved');
      const refused = await failure(bench.target.route('moved', { [a.id]: 100 }, mark('late', late.id, a.id)));
      expect(refused).toBeInstanceOf(GateFailure);
      expect(refused).toMatchObject({ problem: { code: 'ENVIRONMENT-MOVED' } });
      const state = await bench.target.inspect('moved');
      expect([state.weights, state.promotion]).toEqual([{ [b.id]: 100 }, undefined]);
    });

    it('lets a promotion be taken over on request, and what was taken over not come back', async () => {
      const a = await promote(await bench.release(), 'taken');
      const b = await deploy(await bench.release(), 'taken');
      await bench.target.route('taken', { [a.id]: 100 }, mark('slow', b.id, a.id, { supersede: true }));
      await bench.target.route('taken', { [a.id]: 100 }, mark('eager', b.id, a.id, { supersede: true }));
      expect((await bench.target.inspect('taken')).promotion?.id).toBe('eager');
      const late = await failure(
        bench.target.route('taken', { [b.id]: 100 }, mark('slow', b.id, a.id, { supersede: true })),
      );
      expect(late).toMatchObject({ problem: { code: 'PROMOTION-ACTIVE' } });
      const settled = await failure(bench.target.settle('taken', settling('slow', a.id, b.id, 'reverted')));
      expect(settled).toMatchObject({ problem: { code: 'PROMOTION-ACTIVE' } });
    });

    it('keeps a pause apart from a promotion that nobody will finish', async () => {
      if (!bench.target.supports.pause.can) return;
      const a = await promote(await bench.release(), 'paused');
      const b = await deploy(await bench.release(), 'paused');
      await bench.target.route('paused', { [a.id]: 100 }, mark('p', b.id, a.id, { paused: true }));
      expect((await bench.target.inspect('paused')).promotion?.owner).toBe('paused');
    });

    it('leaves history alone when a promotion is reverted', async () => {
      const a = await promote(await bench.release(), 'reverted');
      const b = await deploy(await bench.release(), 'reverted');
      const id = randomUUID();
      await bench.target.route('reverted', { [b.id]: 100 }, mark(id, b.id, a.id));
      await bench.target.route('reverted', { [a.id]: 100 }, mark(id, b.id, a.id));
      await bench.target.settle('reverted', settling(id, a.id, b.id, 'reverted'));
      const state = await bench.target.inspect('reverted');
      expect(state.history.map(({ deploymentId }) => deploymentId)).toEqual([a.id]);
      expect([state.promotion, state.weights]).toEqual([undefined, { [a.id]: 100 }]);
    });

    it('leaves an environment as empty as it was when its first promotion is reverted', async () => {
      const only = await deploy(await bench.release(), 'first');
      const id = randomUUID();
      await bench.target.route('first', { [only.id]: 100 }, mark(id, only.id, undefined));
      await bench.target.route('first', {}, mark(id, only.id, undefined));
      await bench.target.settle('first', settling(id, only.id, undefined, 'reverted'));
      const state = await bench.target.inspect('first');
      expect([state.current, state.weights, state.history, state.promotion]).toEqual([undefined, {}, [], undefined]);
    });

    it('does not settle while traffic is elsewhere', async () => {
      const a = await promote(await bench.release(), 'unsettled');
      const b = await deploy(await bench.release(), 'unsettled');
      await bench.target.route('unsettled', { [a.id]: 100 }, mark('p', b.id, a.id));
      const refused = await failure(bench.target.settle('unsettled', settling('p', b.id, a.id, 'promoted')));
      expect(refused).toBeInstanceOf(ProviderError);
      expect(messageOf(refused)).toMatch(/NOT-SETTLED/);
      expect((await bench.target.inspect('unsettled')).history[0]?.deploymentId).toBe(a.id);
    });

    it('uses a deployment of the same release again, unless a fresh one is asked for', async () => {
      const release = await bench.release();
      const first = await promote(release, 'reuse-staging');
      expect((await deploy(release, 'reuse-production')).id).toBe(first.id);
      if (bench.target.supports.redeploy.can) {
        expect((await deploy(release, 'reuse-production', { fresh: true })).id).not.toBe(first.id);
      } else {
        expect(await failure(deploy(release, 'reuse-production', { fresh: true }))).toBeInstanceOf(ConfigError);
      }
      expect((await bench.target.plan(release, 'reuse-production')).map(({ action }) => action)).toContain('keep');
    });

    it('turns a deployment off, where it answers 404, and on again', async () => {
      if (!bench.target.supports.deactivate.can) return;
      const release = await bench.release();
      const deployment = await deploy(release, 'switch');
      await bench.target.setActive(deployment.id, false, NEVER);
      expect(await statusOf('switch', deployment.id)).toBe('inactive');
      if (bench.target.supports.darkAddress.can) expect((await bench.ask(addressOf(deployment))).status).toBe(404);
      await bench.target.setActive(deployment.id, true, NEVER);
      expect(await statusOf('switch', deployment.id)).toBe('active');
      if (bench.target.supports.darkAddress.can) {
        expect(await bench.ask(addressOf(deployment))).toEqual({ status: 200, release: release.id });
      }
    });

    it('deletes a deployment that nobody uses, and none that serves', async () => {
      const a = await promote(await bench.release(), 'delete');
      const b = await deploy(await bench.release(), 'delete');
      expect(await failure(bench.target.remove(a.id))).toBeInstanceOf(ConfigError);
      await bench.target.remove(b.id);
      const { deployments, current } = await bench.target.inspect('delete');
      expect(deployments.map(({ id }) => id)).toEqual([a.id]);
      expect(current?.id).toBe(a.id);
      if (bench.target.supports.darkAddress.can) expect((await bench.ask(addressOf(b))).status).toBe(404);
    });

    it('explains a deployment with what a person needs to go on', async () => {
      const deployment = await deploy(await bench.release(), 'explained');
      const { summary, next } = await bench.target.explain(deployment.id);
      expect(summary).toContain(deployment.id);
      expect(next.length).toBeGreaterThan(0);
    });

    it('leaves nothing behind when it is cancelled before it began', async () => {
      const cancelled = AbortSignal.abort();
      const error = await failure(deploy(await bench.release(), 'cancelled', { signal: cancelled }));
      expect(error).toBeInstanceOf(Interrupted);
      expect((await bench.target.inspect('cancelled')).deployments).toEqual([]);
    });

    it.each([
      ['weights that are not 100 together', { known: 50 }],
      ['weights that are not whole', { known: 99.5 }],
      ['a deployment that is not there', { 'd-nobody': 100 }],
    ])('refuses %s and changes nothing', async (_what, shape) => {
      const a = await promote(await bench.release(), 'odd');
      const weights = Object.fromEntries(
        Object.entries(shape).map(([id, weight]) => [id === 'known' ? a.id : id, weight]),
      );
      expect(await failure(bench.target.route('odd', weights, mark('odd', a.id, a.id)))).toBeInstanceOf(ConfigError);
      const state = await bench.target.inspect('odd');
      expect([state.weights, state.promotion]).toEqual([{ [a.id]: 100 }, undefined]);
    });

    function deploy(release: Release, environment: string, more: Partial<DeployOptions> = {}): Promise<Deployment> {
      const { fresh = false, autoscaling = bench.autoscaling, signal = NEVER, progress = () => {} } = more;
      return bench.target.deploy(release, environment, { fresh, autoscaling, signal, progress });
    }

    async function promote(release: Release, environment: string): Promise<Deployment> {
      const before = (await bench.target.inspect(environment)).current?.id;
      const deployment = await deploy(release, environment);
      const id = randomUUID();
      await bench.target.route(environment, { [deployment.id]: 100 }, mark(id, deployment.id, before));
      await bench.target.settle(environment, settling(id, deployment.id, before, 'promoted'));
      return deployment;
    }

    async function answersAt(environment: string) {
      const { address } = await bench.target.inspect(environment);
      if (!address) throw new Error(`${environment} has no address`);
      return bench.ask(address);
    }

    async function statusOf(environment: string, id: string) {
      return (await bench.target.inspect(environment)).deployments.find((each) => each.id === id)?.status;
    }
  });
}

function addressOf({ id, address }: Deployment): ServingAddress {
  if (!address) throw new Error(`${id} has no address of its own`);
  return address;
}

function mark(
  promotionId: string,
  candidate: string,
  current: string | undefined,
  more: Partial<RouteMark> = {},
): RouteMark {
  return { promotionId, candidate, current, run: 'contract', paused: false, supersede: false, ...more };
}

function settling(
  promotionId: string,
  keep: string,
  previous: string | undefined,
  outcome: SettleOptions['outcome'],
): SettleOptions {
  return {
    promotionId,
    keep,
    previous,
    outcome,
    previousPolicy: 'keep',
    rollbackWindowMs: 60_000,
    evidence: 'sha256:e',
  };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}
