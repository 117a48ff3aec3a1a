import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Account, type AccountOptions, furnish, pushImage } from '../fakes/aws/account.ts';
import type { TaskFate } from '../fakes/aws/ecs/state.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

let aws: FakeAws;
let ecs: ECSClient;
let account: Account | undefined;

beforeEach(async () => {
  account = undefined;
  aws = new FakeAws();
  await aws.start();
  ecs = new ECSClient({ ...aws.client, maxAttempts: 1 });
});

afterEach(async () => {
  ecs.destroy();
  await aws.stop();
  expect(aws.violations).toEqual([]);
});

const where = { cluster: 'pricing', service: 'motor-pricing' };

/** Registers the image of a release as a client does, and starts its deployment. */
async function deploy(options: AccountOptions = {}, fate?: TaskFate): Promise<string> {
  account ??= furnish(aws.world, options);
  const { repository } = account;
  const image = pushImage(aws.world, repository, `release-${aws.world.nextId(6)}`);
  if (fate) aws.world.fates.set(image.digest, fate);
  const { taskDefinition = {} } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: account.taskDefinition.arn }),
  );
  const { family, cpu, memory, networkMode, executionRoleArn, taskRoleArn, requiresCompatibilities } = taskDefinition;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family, cpu, memory, networkMode, executionRoleArn, taskRoleArn, requiresCompatibilities },
      containerDefinitions: taskDefinition.containerDefinitions?.map((container) => ({
        ...container,
        image: `${repository.uri}@${image.digest}`,
      })),
    }),
  );
  const arn = registered.taskDefinition?.taskDefinitionArn ?? '';
  await ecs.send(new UpdateServiceCommand({ ...where, taskDefinition: arn }));
  return arn;
}

async function newest(): Promise<ServiceDeployment> {
  const { serviceDeployments: [brief] = [] } = await ecs.send(new ListServiceDeploymentsCommand(where));
  const serviceDeploymentArns = [brief?.serviceDeploymentArn ?? ''];
  const { serviceDeployments = [] } = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
  return serviceDeployments[0] ?? {};
}

async function described() {
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'pricing', services: ['motor-pricing'] }),
  );
  return service ?? {};
}

describe('a rolling update', () => {
  test('goes through both deployments running at once to one', async () => {
    const arn = await deploy();
    const counts: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const { deployments = [] } = await described();
      const line = deployments
        .map((d) => `${d.status} ${d.runningCount}/${d.desiredCount} ${d.rolloutState}`)
        .join(', ');
      if (counts.at(-1) !== line) counts.push(line);
      aws.pass(5 * SECOND);
    }
    expect(counts).toMatchInlineSnapshot(`
      [
        "PRIMARY 0/0 IN_PROGRESS, ACTIVE 2/2 COMPLETED",
        "PRIMARY 0/2 IN_PROGRESS, ACTIVE 2/2 COMPLETED",
        "PRIMARY 2/2 IN_PROGRESS, ACTIVE 2/2 COMPLETED",
        "PRIMARY 2/2 IN_PROGRESS, ACTIVE 0/0 COMPLETED",
        "PRIMARY 2/2 COMPLETED",
      ]
    `);
    expect(await described()).toMatchObject({ taskDefinition: arn, runningCount: 2, pendingCount: 0 });
    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('that keeps failing is rolled back by the breaker, and the service is stable on what it ran before', async () => {
    // aws-actions/amazon-ecs-deploy-task-definition#191: this was reported as a success for five years.
    await deploy({ configuration: BREAKER }, { kind: 'exits', code: 1, log: ['ModuleNotFoundError: catboost'] });
    const states: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      const { status } = await newest();
      if (status !== undefined && states.at(-1) !== status) states.push(status);
      aws.pass(5 * SECOND);
    }
    expect(states).toEqual([
      'PENDING',
      'IN_PROGRESS',
      'ROLLBACK_REQUESTED',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ]);
    expect(await newest()).toMatchObject({
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 4, threshold: 3 },
    });
    const { deployments, taskDefinition, runningCount, events = [] } = await described();
    expect({ taskDefinition, runningCount }).toEqual({ taskDefinition: account?.taskDefinition.arn, runningCount: 2 });
    expect(deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    expect(events.map(({ message }) => message).join('\n')).toContain('deployment failed: tasks failed to start.');
  });

  test('shows the rollback on the way: the old deployment is PRIMARY again and gives the breaker as its reason', async () => {
    await deploy({ configuration: BREAKER }, { kind: 'exits', code: 1 });
    aws.pass(33 * SECOND);
    const { deployments = [] } = await described();
    expect(deployments).toMatchObject([
      { status: 'ACTIVE', failedTasks: 4 },
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
    ]);
    expect(deployments[1]?.rolloutStateReason).toMatch(
      /^ECS deployment circuit breaker: rolling back to deploymentId ecs-svc\/\d+\.$/,
    );
  });

  test.each([
    ['breaker without rollback', { deploymentCircuitBreaker: { enable: true, rollback: false } }, 'STOPPED', 'FAILED'],
    ['no breaker at all', {}, 'IN_PROGRESS', 'IN_PROGRESS'],
  ] as const)('with %s stays with two deployments', async (_, configuration, status, rolloutState) => {
    await deploy({ configuration }, { kind: 'exits', code: 1 });
    aws.pass(30 * MINUTE);
    expect(await newest()).toMatchObject({ status });
    expect((await described()).deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState },
      { status: 'ACTIVE', runningCount: 2 },
    ]);
  });

  test('of a service at 0 completes without a single task', async () => {
    await deploy({ desiredCount: 0 }, { kind: 'exits', code: 1 });
    aws.pass(MINUTE);
    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 0 } });
    expect(await described()).toMatchObject({ runningCount: 0, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('is overtaken by a newer one, and says so', async () => {
    await deploy();
    const first = await newest();
    aws.pass(8 * SECOND);
    const second = await deploy();
    aws.pass(5 * MINUTE);
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [first.serviceDeploymentArn ?? ''] }),
    );
    expect(serviceDeployments).toMatchObject([{ status: 'STOPPED' }]);
    expect(await described()).toMatchObject({ taskDefinition: second, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('is taken back by StopServiceDeployment though it has no breaker', async () => {
    await deploy({}, { kind: 'unhealthy-target' });
    aws.pass(20 * SECOND);
    const { serviceDeploymentArn } = await newest();
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    expect(await newest()).toMatchObject({ status: 'ROLLBACK_REQUESTED' });
    aws.pass(MINUTE);
    expect(await newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await described()).toMatchObject({ taskDefinition: account?.taskDefinition.arn });
  });
});

describe('tasks that do not run say why', () => {
  const cases: readonly (readonly [string, TaskFate, object])[] = [
    [
      'an image that is not there',
      { kind: 'cannot-pull', reason: 'CannotPullContainerError: not found' },
      { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' },
    ],
    ['an exit', { kind: 'exits', code: 1 }, { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 1 }] }],
    [
      'too little memory',
      { kind: 'exits', code: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      { containers: [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }] },
    ],
    [
      'a failing health check of the container',
      { kind: 'unhealthy-container' },
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' },
    ],
    [
      'a failing health check of the load balancer',
      { kind: 'unhealthy-target' },
      { stoppedReason: expect.stringContaining('Task failed ELB health checks in (target-group arn:') },
    ],
  ];

  test.each(cases)('%s', async (_, fate, task) => {
    await deploy({ configuration: BREAKER }, fate);
    aws.pass(MINUTE);
    const { taskArns = [] } = await ecs.send(
      new ListTasksCommand({ cluster: 'pricing', serviceName: 'motor-pricing', desiredStatus: 'STOPPED' }),
    );
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'pricing', tasks: taskArns.slice(0, 1) }));
    expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', ...task }]);
  });
});

describe('a linear deployment', () => {
  const LINEAR = {
    strategy: 'LINEAR',
    bakeTimeInMinutes: 5,
    linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 },
    lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
  } as const;

  function weights() {
    const rules = [account?.balancer.productionRule, account?.balancer.testRule];
    return rules.map((rule) => rule?.forward.map(({ weight }) => weight).join(':')).join(' ');
  }

  test('pauses with the candidate on the test listener alone, goes on when told, and shifts step by step', async () => {
    const arn = await deploy({ configuration: LINEAR });
    aws.pass(10 * MINUTE);
    const paused = await newest();
    expect(paused).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION', timeoutAction: 'ROLLBACK' }],
    });
    expect(paused.lifecycleHookDetails?.[0]?.expiresAt).toBeInstanceOf(Date);
    const { serviceDeploymentArn, lifecycleHookDetails: [hook] = [] } = paused;
    await ecs.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: hook?.hookId, action: 'CONTINUE' }),
    );
    const seen: string[] = [];
    for (let round = 0; round < 150; round += 1) {
      const { lifecycleStage, status, targetServiceRevision } = await newest();
      const line = `${status} ${lifecycleStage} ${targetServiceRevision?.requestedProductionTrafficWeight} ${weights()}`;
      if (seen.at(-1) !== line) seen.push(line);
      aws.pass(5 * SECOND);
    }
    expect(seen).toMatchInlineSnapshot(`
      [
        "IN_PROGRESS POST_TEST_TRAFFIC_SHIFT 0 100:0 0:100",
        "IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT 25 75:25 0:100",
        "IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT 50 50:50 0:100",
        "IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT 75 25:75 0:100",
        "IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT 100 0:100 0:100",
        "IN_PROGRESS POST_PRODUCTION_TRAFFIC_SHIFT 100 0:100 0:100",
        "IN_PROGRESS BAKE_TIME 100 0:100 0:100",
        "IN_PROGRESS CLEAN_UP 100 0:100 0:100",
        "SUCCESSFUL CLEAN_UP 100 0:100 0:100",
      ]
    `);
    expect(await described()).toMatchObject({ taskDefinition: arn, runningCount: 2 });
  });

  test.each([
    ['a person says so', async () => answer('ROLLBACK')],
    ['nobody says anything for a day', async () => aws.pass(24 * 60 * MINUTE)],
  ])('is rolled back when %s', async (_, act) => {
    await deploy({ configuration: LINEAR });
    aws.pass(2 * MINUTE);
    await act();
    aws.pass(2 * MINUTE);
    expect(await newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(weights()).toBe('100:0 100:0');
    expect(await described()).toMatchObject({ taskDefinition: account?.taskDefinition.arn });
  });

  test('is rolled back by an alarm that trips at half of the traffic', async () => {
    const alarms = { alarmNames: ['motor-5xx'], enable: true, rollback: true };
    await deploy({ configuration: { ...LINEAR, lifecycleHooks: [], alarms } });
    aws.world.time.onStep = () => {
      if (weights().startsWith('50:50')) aws.world.alarms.add('motor-5xx');
    };
    aws.pass(20 * MINUTE);
    expect(await newest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because of one or more active alarms.',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['motor-5xx'] },
    });
    expect(weights()).toBe('100:0 100:0');
  });

  test('a second one uses the target group that the first left free', async () => {
    const configuration = { ...LINEAR, lifecycleHooks: [] };
    await deploy({ configuration });
    aws.pass(60 * MINUTE);
    expect(weights()).toBe('0:100 0:100');
    await deploy({ configuration });
    aws.pass(60 * MINUTE);
    expect(weights()).toBe('100:0 100:0');
  });

  async function answer(action: 'CONTINUE' | 'ROLLBACK'): Promise<void> {
    const { serviceDeploymentArn, lifecycleHookDetails: [hook] = [] } = await newest();
    await ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: hook?.hookId, action }));
  }
});
