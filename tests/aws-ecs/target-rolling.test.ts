import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, messageOf, ProviderError } from '../../shared/errors.ts';
import { serviceHandlers } from '../fakes/aws/ecs/services.ts';
import type { DeploymentConfiguration, TaskFate } from '../fakes/aws/ecs/state.ts';
import { type BenchOptions, type EcsBench, mark, NEVER, promote, settling, startBench } from './target-bench.ts';

const SERVICE = 'motor-pricing';
const NOBODY = { arn: '', userId: '', endpoint: '' };
const NONE_WANTED = { min: 0, max: 1, concurrency: 8, windowMs: 1, scaleDownDelayMs: 1, utilization: 70 };
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

let bench: EcsBench;
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

/** A promoted release, and a second one that is registered with a fate. */
async function scene(options: BenchOptions = {}, fate?: TaskFate) {
  bench = await startBench(options);
  const first = await promote(bench, bench.release());
  const release = bench.release();
  const { id } = await bench.target.deploy(release, 'production', bench.deploying());
  if (fate) bench.fake.world.fates.set(id, fate);
  const told: string[] = [];
  const watch = { progress: (line: string) => void told.push(line) };
  const move = () => bench.target.route('production', { [id]: 100 }, mark('p', id, first), watch);
  const back = async () => {
    await bench.target.route('production', { [first]: 100 }, mark('p', id, first), watch);
    await bench.target.settle('production', settling('p', first, id, 'reverted'));
    return bench.target.inspect('production');
  };
  return { first, id, release, told, move, back };
}

const weights = async () => (await bench.target.inspect('production')).weights;

describe('a service that replaces task by task', () => {
  it('says that it can do no steps, and why', async () => {
    bench = await startBench();
    const { cannot } = await bench.target.inspect('production');
    expect(cannot?.weights).toMatch(/strategy ROLLING/);
    const plan = await bench.target.plan(bench.release(), 'production');
    expect(plan.find(({ action }) => action === 'update')?.detail).toMatch(
      /all at once, task by task.*circuit breaker with rollback is turned on/,
    );
  });

  it('is done when the release runs alone, and tells what changed on the way', async () => {
    const { id, move, told, first } = await scene();
    await move();
    expect(await weights()).toEqual({ [id]: 100 });
    await bench.target.settle('production', settling('p', id, first));
    expect(told.join('\n')).toMatch(/is to run motor-pricing:3[\s\S]*IN_PROGRESS[\s\S]*SUCCESSFUL/);
    expect(told.filter((line, index) => line === told[index - 1] && !line.startsWith('(service'))).toEqual([]);
    expect(bench.account.service.configuration).toMatchObject(BREAKER);
  });

  it.each<[string, TaskFate, RegExp]>([
    [
      'a container that ends',
      { kind: 'exits', code: 1, log: ['ModuleNotFoundError: catboost', 'key hunter2'] },
      /exited with 1/,
    ],
    [
      'an image that cannot be pulled',
      { kind: 'cannot-pull', reason: 'CannotPullContainerError: pull access denied' },
      /execution role of the task may not pull/,
    ],
    ['a health check that fails', { kind: 'unhealthy-target' }, /compare its path and port/],
  ])('is no success when AWS rolled back: %s', async (_what, fate, told) => {
    const one = await scene({ configuration: BREAKER }, fate);
    const ended = await failure(one.move());
    expect(ended).toBeInstanceOf(ProviderError);
    expect(messageOf(ended)).toMatch(/ECS-DEPLOY-FAILED/);
    expect(messageOf(ended)).toMatch(/rolled it back.*circuit breaker.*; task \w+: /);
    expect(one.told.join('\n')).toMatch(told);
    expect(one.told.join('\n')).not.toContain('hunter2');
    const state = await one.back();
    expect([state.weights, state.promotion]).toEqual([{ [one.first]: 100 }, undefined]);
  });

  it('is no success when the breaker stops without rolling back, and then goes back by itself', async () => {
    const configuration: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    const one = await scene({ configuration }, { kind: 'exits', code: 3 });
    bench.account.service.configuration = { ...bench.account.service.configuration, ...configuration };
    bench.fake.world.time.onStep = () => {
      // Somebody turns the rollback off again while it runs.
      const [deployment] = bench.account.service.deployments;
      if (deployment?.configuration.deploymentCircuitBreaker)
        Object.assign(deployment.configuration.deploymentCircuitBreaker, { rollback: false });
    };
    const ended = await failure(one.move());
    expect(messageOf(ended)).toMatch(/AWS stopped it: .*circuit breaker/);
    const state = await one.back();
    expect(state.weights).toEqual({ [one.first]: 100 });
  });

  it('says who took its place when another deployment overtakes it', async () => {
    const one = await scene({}, { kind: 'cannot-start', reason: 'waiting' });
    const { fake, account } = bench;
    let begun = 0;
    const sleep = bench.clock.sleep.bind(bench.clock);
    bench.clock.sleep = async (ms, signal) => {
      begun += 1;
      if (begun === 2)
        serviceHandlers.UpdateService?.(
          fake.world,
          { cluster: 'pricing', service: SERVICE, taskDefinition: account.taskDefinition.arn },
          NOBODY,
        );
      return sleep(ms, signal);
    };
    const ended = await failure(one.move());
    expect(messageOf(ended)).toMatch(/ECS-DEPLOY-OVERTAKEN/);
    expect(messageOf(ended)).toContain('motor-pricing:1');
  });

  it('gives up in time on tasks that never start, and takes back what it began', async () => {
    const one = await scene(
      { desiredCount: 40, policy: { deploy_timeout: '2m' } },
      { kind: 'cannot-start', reason: 'no subnet' },
    );
    const ended = await failure(one.move());
    expect(messageOf(ended)).toMatch(/ECS-DEPLOY-(TIMEOUT|FAILED)/);
    const state = await one.back();
    expect(state.weights).toEqual({ [one.first]: 100 });
  });

  it('never takes a service that wants no tasks for a success', async () => {
    const one = await scene();
    bench.account.service.desiredCount = 0;
    bench.fake.pass(60_000);
    await one.move();
    expect(bench.account.service.desiredCount).toBe(1);
    expect(bench.servedBy(SERVICE)).toBe(one.release.id);
    const none = bench.another({ autoscaling: () => NONE_WANTED });
    bench.account.service.desiredCount = 0;
    const refused = await failure(none.plan(bench.release(), 'production'));
    expect(messageOf(refused)).toMatch(/ECS-SCALED-TO-ZERO/);
  });

  it('makes no new revision and no deployment when nothing changed', async () => {
    bench = await startBench();
    const release = bench.release();
    const first = await promote(bench, release);
    const registered = bench.fake.callsOf('RegisterTaskDefinition').length;
    const updates = bench.fake.callsOf('UpdateService').length;
    expect(await promote(bench, release)).toBe(first);
    expect(bench.fake.callsOf('RegisterTaskDefinition').length).toBe(registered);
    expect(bench.fake.callsOf('UpdateService').length).toBe(updates);
    expect(bench.told.join('\n')).toMatch(/has motor-pricing .* already; no new revision is made/);
    expect((await bench.target.inspect('production')).history.length).toBe(1);
  });

  it('registers exactly what runs, with the image by digest and the name of the release', async () => {
    const { release } = await scene();
    const [, call] = bench.fake.callsOf('RegisterTaskDefinition');
    const [container] = (call?.input.containerDefinitions ?? []) as readonly Record<string, unknown>[];
    expect(container?.image).toMatch(/\/pricing\/motor@sha256:[0-9a-f]{64}$/);
    expect(container?.environment).toEqual([
      { name: 'RATING_YEAR', value: '2026' },
      { name: 'HAUTE_RELEASE_ID', value: release.id },
    ]);
    expect(container?.secrets).toHaveLength(2);
    for (const key of ['taskDefinitionArn', 'revision', 'status', 'compatibilities', 'registeredAt', 'registeredBy'])
      expect(call?.input).not.toHaveProperty(key);
    const tags = (call?.input.tags ?? []) as readonly { readonly key: string; readonly value: string }[];
    expect(Object.fromEntries(tags.map(({ key, value }) => [key, value]))).toMatchObject({
      'haute:release': release.id,
      'haute:commit': release.core.commit,
      'haute:package': release.core.packageDigest,
    });
  });

  it('goes back to the last promoted release, not to the revision number before', async () => {
    bench = await startBench();
    const good = await promote(bench, bench.release());
    const bad = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    const latest = await promote(bench, bench.release());
    const { history, deployments } = await bench.target.inspect('production');
    expect(history.map(({ deploymentId }) => deploymentId)).toEqual([latest, good]);
    expect(deployments.map(({ id }) => id)).not.toContain(bad.id);
  });

  it('gives back what ran before the suite came, when its first promotion is turned down', async () => {
    bench = await startBench();
    expect(await bench.target.inspect('production')).toMatchObject({ current: undefined, foreign: 'motor-pricing:1' });
    const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    await bench.target.route('production', { [id]: 100 }, mark('p', id, undefined));
    await bench.target.route('production', {}, mark('p', id, undefined));
    await bench.target.settle('production', settling('p', id, undefined, 'reverted'));
    expect(bench.account.service.taskDefinition?.revision).toBe(1);
    expect(await bench.target.inspect('production')).toMatchObject({ weights: {}, history: [], deployments: [] });
  });

  it('finds its own deployment although AWS answers with the past for a while', async () => {
    const one = await scene();
    bench.fake.stale('DescribeServices', 3);
    bench.fake.world.lagOfNew.serviceDeployments = 4;
    await one.move();
    expect(await weights()).toEqual({ [one.id]: 100 });
  });

  it('asks again when AWS is busy, and goes by what it did when an answer is lost', async () => {
    const one = await scene();
    bench.fake.fail('DescribeServices', 'throttle', 2);
    bench.fake.fail('ListServiceDeployments', 'unavailable', 1);
    bench.fake.fail('UpdateService', 'lost', 1);
    await one.move();
    expect(bench.account.service.deployments[0]?.revision.taskDefinition.revision).toBe(3);
    expect(bench.account.service.deployments[1]?.status).toBe('SUCCESSFUL');
    expect(await weights()).toEqual({ [one.id]: 100 });
  });

  it.each<[string, TaskFate | undefined]>([
    ['is done', undefined],
    ['is rolled back', { kind: 'exits', code: 1 }],
  ])('goes by rollout states where AWS keeps no list of deployments: %s', async (_what, fate) => {
    const one = await scene({ configuration: BREAKER }, fate);
    const { AwsError } = await import('../fakes/aws/aws-error.ts');
    bench.fake.fail('ListServiceDeployments', new AwsError('UnknownOperationException', 'no such operation'), 1_000);
    if (!fate) await one.move();
    else
      expect(messageOf(await failure(one.move()))).toMatch(
        /rolled it back to motor-pricing:2; task .* exited with 1.*ECS-DEPLOY-FAILED/,
      );
    if (fate) await one.back();
    expect(await weights()).toEqual({ [fate ? one.first : one.id]: 100 });
  });

  it('explains a deployment with what it may read, and names what it may not', async () => {
    const one = await scene(
      { configuration: BREAKER },
      { kind: 'exits', code: 137, reason: 'OutOfMemoryError: killed', log: ['hunter2'] },
    );
    await failure(one.move());
    const explained = await bench.target.explain(one.id);
    expect(explained).toMatchObject({ exitCode: 137, summary: expect.stringMatching(/needs more memory/) });
    expect(explained.log.join('\n')).toContain('***');
    const { AwsError } = await import('../fakes/aws/aws-error.ts');
    const text = 'User: x is not authorized to perform: logs:GetLogEvents on resource: arn because no policy allows it';
    bench.fake.fail('GetLogEvents', new AwsError('AccessDeniedException', text));
    const poorer = await bench.target.explain(one.id);
    expect(poorer).toMatchObject({ exitCode: 137, summary: expect.stringMatching(/logs:GetLogEvents/) });
    expect(poorer.next).toMatch(/^aws ecs describe-tasks .*--cluster pricing/);
  });

  it('hands autoscaling over where the policy says so, and stops it while the service is off', async () => {
    bench = await startBench({ policy: { autoscaling: true } });
    const first = await promote(bench, bench.release());
    const [registered] = bench.fake.callsOf('RegisterScalableTarget');
    expect(registered?.input).toMatchObject({
      ResourceId: 'service/pricing/motor-pricing',
      MinCapacity: 1,
      MaxCapacity: 4,
    });
    expect(bench.fake.callsOf('PutScalingPolicy')).toHaveLength(1);
    await bench.target.setActive(first, false, NEVER);
    expect(bench.fake.callsOf('RegisterScalableTarget').at(-1)?.input.SuspendedState).toMatchObject({
      DynamicScalingOutSuspended: true,
    });
  });

  it('makes a service in the shape of production, without its load balancer', async () => {
    bench = await startBench({
      policy: { create: ['staging'], environments: { staging: { url: 'http://staging.example' } } },
    });
    const release = bench.release();
    const plan = await bench.target.plan(release, 'staging');
    expect(plan[0]).toMatchObject({ action: 'create', subject: 'service motor-pricing-staging' });
    await promote(bench, release, 'staging');
    const [created] = bench.fake.callsOf('CreateService');
    expect(created?.input).toMatchObject({ launchType: 'FARGATE', deploymentConfiguration: BREAKER });
    expect(created?.input).not.toHaveProperty('loadBalancers');
    expect(bench.servedBy('motor-pricing-staging')).toBe(release.id);
    expect(bench.servedBy(SERVICE)).not.toBe(release.id);
  });

  it('leaves a deployment of the same release in staging to itself', async () => {
    bench = await startBench({ serviceName: 'motor-pricing-staging' });
    const release = bench.release();
    await promote(bench, release, 'staging');
    expect(bench.servedBy('motor-pricing-staging')).toBe(release.id);
    const refused = await failure(bench.target.deploy(release, 'production', bench.deploying()));
    expect(refused).toBeInstanceOf(ConfigError);
    expect(messageOf(refused)).toMatch(/ECS-SERVICE-MISSING/);
  });
});
