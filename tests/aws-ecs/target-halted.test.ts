import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, messageOf } from '../../shared/errors.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import type { Release } from '../../shared/release/release.ts';
import { AwsError } from '../fakes/aws/aws-error.ts';
import { serviceHandlers } from '../fakes/aws/ecs/services.ts';
import { abortDeployment } from '../fakes/aws/ecs/start.ts';
import type { ServiceDeploymentState } from '../fakes/aws/ecs/state.ts';
import { type EcsBench, mark, promote, settling, startBench } from './target-bench.ts';

const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;
const TEN = rampPlan(600_000, 10, 0);
const NOBODY = { arn: '', userId: '', endpoint: '' };
const DENIED = new AwsError('AccessDeniedException', 'User: x is not authorized to perform: ecs:UpdateService');

let bench: EcsBench;
let first: string;
let next: Release;
afterEach(async () => {
  expect(bench.fake.violations).toEqual([]);
  await bench.stop();
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => error,
  );
}

const deployNext = () => bench.target.deploy(next, 'production', bench.deploying({ ramp: TEN }));
const newest = (): ServiceDeploymentState => {
  const [deployment] = bench.account.service.deployments;
  if (!deployment) throw new Error('there is no deployment');
  return deployment;
};
const weights = async () => (await bench.target.inspect('production')).weights;
/** Share of the callers that the load balancer sends to the release before. */
const kept = () => bench.account.service.deployments.find(({ status }) => status === 'SUCCESSFUL')?.revision;

describe('a deployment that others end where it stands', () => {
  beforeEach(async () => {
    bench = await startBench({ configuration: LINEAR });
    first = await promote(bench, bench.release());
    next = bench.release();
  });

  async function stoppedAt(percent: number): Promise<string> {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: percent, [first]: 100 - percent }, mark('p', id, first));
    abortDeployment(bench.fake.world, newest());
    return id;
  }

  it.each(['the new one', 'the one before'])(
    'is reported as the split that it is, where AWS calls %s primary',
    async (who) => {
      const id = await stoppedAt(30);
      if (who === 'the one before') swapLines();
      expect(await weights()).toEqual({ [id]: 30, [first]: 70 });
      const early = await failure(bench.target.settle('production', settling('p', first, id, 'reverted')));
      expect(messageOf(early)).toMatch(/ECS-NOT-SETTLED/);
    },
  );

  it.each(['the new one', 'the one before'])('has its traffic given back, where AWS calls %s primary', async (who) => {
    const id = await stoppedAt(30);
    if (who === 'the one before') swapLines();
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(await weights()).toEqual({ [first]: 100 });
    const [serving] = bench.account.service.deployments;
    expect([serving?.status, serving?.revision.productionWeight]).toEqual(['SUCCESSFUL', 100]);
  });

  it('is not taken for given back when it is ended so while it is given back', async () => {
    const { id } = await deployNext();
    await bench.target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
    const aborted = newest();
    const sleep = bench.clock.sleep.bind(bench.clock);
    bench.fake.fail('StopServiceDeployment', new AwsError('ConflictException', 'Another request is in progress.'));
    bench.clock.sleep = async (ms, signal) => {
      if (aborted.status === 'IN_PROGRESS') abortDeployment(bench.fake.world, aborted);
      return sleep(ms, signal);
    };
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(bench.account.service.deployments[0]).not.toBe(aborted);
    expect(await weights()).toEqual({ [first]: 100 });
  });

  it('in the dark has no callers, and is no split', async () => {
    const { id } = await deployNext();
    abortDeployment(bench.fake.world, newest());
    expect(await weights()).toEqual({ [first]: 100 });
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    expect(kept()?.productionWeight).toBe(100);
  });

  /** AWS calls the deployment primary that it means to keep: after a stop, either. */
  function swapLines(): void {
    const { deployments, ...service } = bench.account.service;
    const before = deployments.find(({ status }) => status === 'SUCCESSFUL');
    newest().line = 'ACTIVE';
    if (before) before.line = 'PRIMARY';
    bench.account.service.taskDefinition = before?.revision.taskDefinition ?? service.taskDefinition;
  }
});

describe('a candidate that is given up on its way up', () => {
  beforeEach(async () => {
    bench = await startBench({ configuration: LINEAR });
    first = await promote(bench, bench.release());
    next = bench.release();
  });

  /** Interrupted as soon as AWS was told to begin. */
  async function interrupted(): Promise<unknown> {
    const controller = new AbortController();
    const progress = (line: string) => {
      if (line.includes('is to run')) controller.abort();
    };
    const options = bench.deploying({ ramp: TEN, signal: controller.signal, progress });
    return failure(bench.target.deploy(next, 'production', options));
  }

  it('is taken back although AWS does not list it yet', async () => {
    bench.fake.world.lagOfNew.serviceDeployments = 4;
    expect(await interrupted()).toBeInstanceOf(Interrupted);
    expect(newest().status).toBe('ROLLBACK_SUCCESSFUL');
    expect(await weights()).toEqual({ [first]: 100 });
    expect(bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
  });

  it('is said to be there still when it could not be taken back', async () => {
    bench.fake.fail('StopServiceDeployment', new AwsError('AccessDeniedException', 'x'), 10);
    const ended = await interrupted();
    expect(ended).not.toBeInstanceOf(Interrupted);
    expect(messageOf(ended)).toMatch(/could not be taken back.*ECS-DEPLOY-FAILED/);
  });

  it('is not begun, and nothing is waited for, when AWS refused it', async () => {
    bench.fake.fail('UpdateService', DENIED);
    const before = bench.clock.now();
    expect(messageOf(await failure(deployNext()))).toMatch(/ecs:UpdateService.*AWS-ACCESS-DENIED/);
    expect(bench.clock.now() - before).toBeLessThan(60_000);
    expect(await weights()).toEqual({ [first]: 100 });
  });
});

describe('a promotion whose first word fails', () => {
  it('leaves no mark, so that the next run begins at once', async () => {
    bench = await startBench();
    const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    bench.fake.fail('UpdateService', DENIED);
    const ended = await failure(bench.target.route('production', { [id]: 100 }, mark('p', id, undefined)));
    expect(messageOf(ended)).toMatch(/AWS-ACCESS-DENIED/);
    expect((await bench.target.inspect('production')).promotion).toBeUndefined();
    await promote(bench, bench.release());
  });

  it('leaves nothing in the dark', async () => {
    bench = await startBench({ configuration: LINEAR });
    first = await promote(bench, bench.release());
    next = bench.release();
    const { id } = await deployNext();
    const ended = await failure(bench.target.route('production', { [id]: 15, [first]: 85 }, mark('p', id, first)));
    expect(messageOf(ended)).toMatch(/ECS-WEIGHTS/);
    expect((await bench.target.inspect('production')).promotion).toBeUndefined();
    expect(newest().status).toBe('ROLLBACK_SUCCESSFUL');
    expect(bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
  });

  it('keeps its mark once traffic was moved', async () => {
    bench = await startBench();
    first = await promote(bench, bench.release());
    const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    const controller = new AbortController();
    const progress = (line: string) => {
      if (line.includes('IN_PROGRESS')) controller.abort();
    };
    const watch = { signal: controller.signal, progress };
    const ended = await failure(bench.target.route('production', { [id]: 100 }, mark('p', id, first), watch));
    expect(ended).toBeInstanceOf(Interrupted);
    expect((await bench.target.inspect('production')).promotion).toMatchObject({ id: 'p', candidate: id });
  });

  it('leaves the mark of another one that holds the service', async () => {
    bench = await startBench();
    first = await promote(bench, bench.release());
    const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
    const refused = await failure(bench.another().route('production', { [first]: 100 }, mark('q', id, first)));
    expect(messageOf(refused)).toMatch(/PROMOTION-ACTIVE/);
    expect((await bench.target.inspect('production')).promotion?.id).toBe('p');
  });
});

describe('a deployment that somebody else is making task by task', () => {
  function others(): void {
    const { taskDefinition } = bench.account;
    const update = { cluster: 'pricing', service: 'motor-pricing', taskDefinition: taskDefinition.arn };
    serviceHandlers.UpdateService?.(bench.fake.world, { ...update, forceNewDeployment: true }, NOBODY);
  }

  beforeEach(async () => {
    bench = await startBench();
    first = await promote(bench, bench.release());
    next = bench.release();
  });

  it('is not cut off by a deployment', async () => {
    others();
    expect(messageOf(await failure(deployNext()))).toMatch(/motor-pricing:1.*ECS-DEPLOYMENT-ACTIVE/);
    expect(bench.fake.callsOf('StopServiceDeployment')).toEqual([]);
    expect(bench.fake.callsOf('RegisterTaskDefinition')).toHaveLength(1);
  });

  it.each(['its first word', 'its move'])('is not cut off by a promotion that began before, with %s', async (what) => {
    const { id } = await deployNext();
    others();
    const asked = what === 'its move' ? id : first;
    const refused = await failure(bench.target.route('production', { [asked]: 100 }, mark('p', id, first)));
    expect(messageOf(refused)).toMatch(/ECS-DEPLOYMENT-ACTIVE/);
    expect(bench.fake.callsOf('StopServiceDeployment')).toEqual([]);
    expect((await bench.target.inspect('production')).promotion).toBeUndefined();
  });

  it('is ended by a rollback to what was promoted before', async () => {
    const second = await promote(bench, next);
    others();
    await bench.target.route('production', { [first]: 100 }, mark('back', first, second));
    await bench.target.settle('production', settling('back', first, second, 'rolled-back'));
    expect(await weights()).toEqual({ [first]: 100 });
  });
});
