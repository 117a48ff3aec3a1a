import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GateFailure, Interrupted, messageOf } from '../../shared/errors.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import type { Release } from '../../shared/release/release.ts';
import { type EcsBench, mark, NEVER, promote, settling, startBench } from './target-bench.ts';

const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;
const TEN = rampPlan(600_000, 10, 0);
const SERVICE = 'motor-pricing';

let bench: EcsBench;
afterEach(async () => {
  expect(bench.fake.violations).toEqual([]);
  await bench.stop();
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a service that moves traffic in steps', () => {
  let first: string;
  let next: Release;

  beforeEach(async () => {
    bench = await startBench({ configuration: LINEAR });
    first = await promote(bench, bench.release());
    next = bench.release();
  });

  const weights = async () => (await bench.target.inspect('production')).weights;
  const deployNext = () => bench.target.deploy(next, 'production', bench.deploying({ ramp: TEN }));

  it('has the candidate up behind the test listener, without traffic', async () => {
    const candidate = await deployNext();
    expect(candidate).toMatchObject({ status: 'active', releaseId: next.id, replicas: 2 });
    expect(candidate.address?.url).toBe('http://pricing-1234567890.eu-west-1.elb.amazonaws.com:8443');
    expect(await weights()).toEqual({ [first]: 100 });
    expect(bench.servedBy(SERVICE)).not.toBe(next.id);
  });

  it('takes each step when it is told to, never one by itself', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    for (const percent of [10, 20, 30, 40, 50, 60, 70, 80, 90]) {
      await bench.target.route('production', { [id]: percent, [first]: 100 - percent }, mark('p', id, first));
      // Longer than the bake time of a step, shorter than AWS waits for a word.
      bench.fake.pass(20 * 60_000);
      expect(await weights()).toEqual({ [id]: percent, [first]: 100 - percent });
    }
    await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
    bench.fake.pass(20 * 60_000);
    expect(bench.account.service.deployments[0]).toMatchObject({ status: 'IN_PROGRESS' });
    await bench.target.settle('production', settling('p', id, first));
    expect(bench.account.service.deployments[0]).toMatchObject({ status: 'SUCCESSFUL' });
    const state = await bench.target.inspect('production');
    expect([state.current?.id, state.weights, state.promotion]).toEqual([id, { [id]: 100 }, undefined]);
    expect(bench.servedBy(SERVICE)).toBe(next.id);
  });

  it('leaves the service configured as it found it', async () => {
    const before = structuredClone(bench.account.service.configuration);
    const { id } = await deployNext();
    expect(bench.account.service.configuration).toMatchObject({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 1 },
      lifecycleHooks: [
        { targetType: 'PAUSE', lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'] },
      ],
    });
    await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', id, first));
    expect(bench.account.service.configuration).toEqual({ ...before, lifecycleHooks: [] });
  });

  it('gives all traffic back from the middle, and is whole again', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    const state = await bench.target.inspect('production');
    expect([state.weights, state.promotion, state.history.length]).toEqual([{ [first]: 100 }, undefined, 1]);
    expect(bench.fake.callsOf('StopServiceDeployment').map(({ input }) => input.stopType)).toEqual(['ROLLBACK']);
  });

  it('gives all traffic back although all of it was moved, without starting a task', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
    expect(await weights()).toEqual({ [id]: 100 });
    const tasks = bench.account.service.tasks.length;
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(await weights()).toEqual({ [first]: 100 });
    expect(bench.account.service.tasks.length).toBe(tasks);
  });

  it('removes a candidate that was turned down in the dark', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(bench.account.service.deployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect((await bench.target.inspect('production')).promotion).toBeUndefined();
  });

  it('is given back by AWS itself when the runner is gone, and the next run finds it whole', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
    bench.fake.pass(3 * 3_600_000);
    const state = await bench.another().inspect('production');
    expect(state.weights).toEqual({ [first]: 100 });
    expect(state.promotion).toMatchObject({ id: 'p', candidate: id, owner: 'gone' });
  });

  it('is known to be held while its runner may still speak', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
    const state = await bench.another().inspect('production');
    expect(state.promotion).toMatchObject({ id: 'p', candidate: id, current: first, owner: 'alive' });
    expect(state.candidate?.status).toBe('active');
  });

  it('refuses another release while it is held, and does not cut it off', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
    const refused = await failure(bench.another().deploy(bench.release(), 'production', bench.deploying()));
    expect(refused).toBeInstanceOf(GateFailure);
    expect(refused).toMatchObject({ problem: { code: 'PROMOTION-ACTIVE' } });
    expect(await weights()).toEqual({ [id]: 30, [first]: 70 });
  });

  it('does not cut off a deployment that somebody else is making', async () => {
    const { fake, account } = bench;
    const { taskDefinition } = account;
    fake.fail('', 'throttle', 0);
    const other = bench.another();
    await bench.target.inspect('production');
    const { serviceHandlers } = await import('../fakes/aws/ecs/services.ts');
    serviceHandlers.UpdateService?.(
      fake.world,
      { cluster: 'pricing', service: SERVICE, taskDefinition: taskDefinition.arn },
      { arn: '', userId: '', endpoint: '' },
    );
    fake.pass(60_000);
    const refused = await failure(other.deploy(next, 'production', bench.deploying({ ramp: TEN })));
    expect(refused).toMatchObject({ problem: { code: 'ECS-DEPLOYMENT-ACTIVE' } });
  });

  it('is taken up where it stands by a later run', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 40, [first]: 60 }, mark('p', id, first));
    await bench.target.route('production', { [id]: 40, [first]: 60 }, mark('p', id, first, { paused: true }));
    const later = bench.another();
    expect((await later.inspect('production')).promotion?.owner).toBe('paused');
    const again = await later.deploy(next, 'production', bench.deploying({ ramp: TEN }));
    expect(again.id).toBe(id);
    const taken = mark('q', id, first, { supersede: true });
    await later.route('production', { [id]: 50, [first]: 50 }, taken);
    await later.route('production', { [id]: 100 }, taken);
    await later.settle('production', settling('q', id, first));
    expect((await later.inspect('production')).current?.id).toBe(id);
  });

  it('takes the candidate back when the step is interrupted while it comes up', async () => {
    const controller = new AbortController();
    const progress = (line: string) => {
      if (/SCALE_UP/.test(line)) controller.abort();
    };
    const ended = await failure(
      bench.target.deploy(next, 'production', bench.deploying({ ramp: TEN, signal: controller.signal, progress })),
    );
    expect(ended).toBeInstanceOf(Interrupted);
    expect(bench.account.service.deployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(await weights()).toEqual({ [first]: 100 });
    expect(bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
  });

  it('says which alarm gave the traffic back, and at what share', async () => {
    const { world } = bench.fake;
    const alarms = { alarmNames: ['premium-errors'], rollback: true, enable: true };
    bench.account.service.configuration = { ...bench.account.service.configuration, alarms };
    const { id } = await deployNext();
    const split = (percent: number) => ({ [id]: percent, [first]: 100 - percent });
    for (const percent of [10, 20, 30]) await bench.target.route('production', split(percent), mark('p', id, first));
    world.alarms.add('premium-errors');
    const ended = await failure(bench.target.route('production', split(40), mark('p', id, first)));
    expect(messageOf(ended)).toMatch(/ECS-DEPLOY-FAILED/);
    expect(messageOf(ended)).toMatch(/alarm premium-errors/);
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(await weights()).toEqual({ [first]: 100 });
  });

  it('goes back to the release before in one move, without a gate', async () => {
    const second = await promote(bench, next);
    await bench.target.route('production', { [first]: 100 }, mark('back', first, second));
    await bench.target.settle('production', settling('back', first, second, 'rolled-back'));
    const state = await bench.target.inspect('production');
    expect(state.history.map(({ deploymentId }) => deploymentId)).toEqual([first, second, first]);
    expect(state.weights).toEqual({ [first]: 100 });
    expect(bench.account.service.configuration.strategy).toBe('LINEAR');
  });

  it('cannot be given a share that is no step of the deployment', async () => {
    const { id } = await deployNext();
    const refused = await failure(bench.target.route('production', { [id]: 15, [first]: 85 }, mark('p', id, first)));
    expect(messageOf(refused)).toMatch(/ECS-WEIGHTS/);
    expect(await weights()).toEqual({ [first]: 100 });
  });

  it('is turned off and on again with as many tasks as it had', async () => {
    await bench.target.setActive(first, false, NEVER);
    expect((await bench.target.inspect('production')).current?.status).toBe('inactive');
    expect(bench.account.service.desiredCount).toBe(0);
    await bench.target.setActive(first, true, NEVER);
    expect((await bench.target.inspect('production')).current?.status).toBe('active');
    expect(bench.account.service.desiredCount).toBe(2);
  });
});
