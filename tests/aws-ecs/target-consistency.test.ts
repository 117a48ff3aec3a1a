import { afterEach, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import { Aws } from '../../shared/targets/aws-ecs/clients.ts';
import { serviceHandlers } from '../fakes/aws/ecs/services.ts';
import { putTaskDefinition } from '../fakes/aws/ecs/task-definitions.ts';
import { type EcsBench, mark, promote, settling, startBench } from './target-bench.ts';

const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;
const NOBODY = { arn: '', userId: '', endpoint: '' };

let bench: EcsBench;
afterEach(async () => {
  expect(bench.fake.violations).toEqual([]);
  await bench.stop();
});

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => messageOf(error),
  );
}

/** Somebody else's deployment. */
function others(): void {
  const { taskDefinition } = bench.account;
  const update = { cluster: 'pricing', service: 'motor-pricing', taskDefinition: taskDefinition.arn };
  serviceHandlers.UpdateService?.(bench.fake.world, { ...update, forceNewDeployment: true }, NOBODY);
}

/** Without tries of the SDK itself, which take real time. */
function impatient(): Aws {
  const { accessKeyId, secretAccessKey, url, world } = bench.fake;
  return new Aws({
    region: world.region,
    endpoint: url,
    credentials: async () => ({ accessKeyId, secretAccessKey }),
    userAgent: 'haute-deploy/test',
    maxAttempts: 1,
  });
}

it('waits for the description of a deployment that is listed already, and takes it for what it is', async () => {
  bench = await startBench();
  bench.fake.world.lagOfNew.serviceRevisions = 3;
  others();
  const refused = await failure(bench.target.deploy(bench.release(), 'production', bench.deploying()));
  expect(refused).toMatch(/motor-pricing:1.*ECS-DEPLOYMENT-ACTIVE/);
});

it('does not take a deployment that AWS never describes for none', async () => {
  bench = await startBench();
  bench.fake.world.lagOfNew.serviceRevisions = 1_000;
  others();
  expect(await failure(bench.target.inspect('production'))).toMatch(/ECS-DEPLOYMENT-NOT-SEEN/);
});

it.each([
  [3, true],
  [50, false],
])('a wait that meets an AWS out of reach %i times goes on: %s', async (times, goesOn) => {
  bench = await startBench();
  const first = await promote(bench, bench.release());
  const target = bench.another({ aws: impatient() });
  const { id } = await target.deploy(bench.release(), 'production', bench.deploying());
  const told: string[] = [];
  const progress = (line: string) => {
    if (line.includes('IN_PROGRESS')) bench.fake.fail('DescribeServices', 'unavailable', times);
    told.push(line);
  };
  const moving = target.route('production', { [id]: 100 }, mark('p', id, first), { progress });
  if (goesOn) await moving;
  else expect(await failure(moving)).toMatch(/AWS-UNAVAILABLE/);
  expect(told.filter((line) => line.endsWith('it is asked again'))).toHaveLength(3);
});

it('gives traffic back although AWS is busy meanwhile', async () => {
  bench = await startBench({ configuration: LINEAR });
  const first = await promote(bench, bench.release());
  const target = bench.another({ aws: impatient() });
  const options = bench.deploying({ ramp: rampPlan(600_000, 10, 0) });
  const { id } = await target.deploy(bench.release(), 'production', options);
  await target.route('production', { [id]: 30, [first]: 70 }, mark('p', id, first));
  const progress = (line: string) => {
    if (line.includes('ROLLBACK_IN_PROGRESS')) bench.fake.fail('DescribeServiceDeployments', 'throttle', 3);
  };
  await target.route('production', { [first]: 100 }, mark('p', id, first), { progress });
  expect((await bench.target.inspect('production')).weights).toEqual({ [first]: 100 });
});

it('finds its listener rule among more than AWS gives at once', async () => {
  bench = await startBench();
  const { productionRule, production } = bench.account.balancer;
  const { rules } = bench.fake.world.elb;
  const others = Array.from({ length: 150 }, (_, index) => ({
    ...productionRule,
    arn: `${productionRule.arn}${index}`,
    priority: index + 20,
    forward: [],
  }));
  const own = rules.filter(({ listenerArn }) => listenerArn === production.arn);
  rules.splice(0, rules.length, ...others, ...own);
  await promote(bench, bench.release());
  const { address } = await bench.target.inspect('production');
  expect(address?.url).toBe('http://pricing-1234567890.eu-west-1.elb.amazonaws.com');
});

it('makes a definition from the one that runs, not from the newest of its family', async () => {
  bench = await startBench();
  const { given } = bench.account.taskDefinition;
  const [container] = given.containerDefinitions;
  const environment = [{ name: 'RATING_YEAR', value: 'a draft of somebody' }];
  const draft = {
    family: 'motor-pricing',
    cpu: '4096',
    memory: '8192',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: given.executionRoleArn,
    containerDefinitions: [{ ...container, environment }],
  };
  putTaskDefinition(bench.fake.world, draft);
  const plan = await bench.target.plan(bench.release(), 'production');
  const planned = plan.find(({ subject }) => subject.startsWith('deployment'))?.detail ?? '';
  expect(planned).toMatch(
    /differs from what runs in 3 fields: .*\[app\]\.environment\[HAUTE_RELEASE_ID\].*\[app\]\.image/,
  );
  expect(JSON.stringify(plan)).not.toMatch(/a draft of somebody|4096|postcode-AbCdEf/);
  await bench.target.deploy(bench.release(), 'production', bench.deploying());
  const [call] = bench.fake.callsOf('RegisterTaskDefinition');
  expect(call?.input).toMatchObject({ cpu: '512', memory: '1024' });
  expect(JSON.stringify(call?.input)).not.toContain('a draft of somebody');
});

it('takes up what was begun a moment ago, and not an earlier deployment of the same definition that was rolled back', async () => {
  bench = await startBench();
  const first = await promote(bench, bench.release());
  const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
  await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
  await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
  await bench.target.settle('production', settling('p', first, id, 'reverted'));
  // The first one that brings the definition is over, whatever it came to.
  const earlier = bench.account.service.deployments.find(({ revision }) => revision.taskDefinition.revision === 3);
  Object.assign(earlier ?? {}, { status: 'ROLLBACK_SUCCESSFUL' });
  bench.fake.pass(86_400_000);
  const killed = bench.another({ aws: impatient() });
  bench.fake.fail('UpdateService', 'lost');
  bench.fake.world.lagOfNew.serviceDeployments = 6;
  expect(await failure(killed.route('production', { [id]: 100 }, mark('q', id, first)))).toMatch(/AWS-/);
  const asked = bench.fake.callsOf('DescribeServiceDeployments').length;
  await bench.another().route('production', { [id]: 100 }, mark('q', id, first));
  expect((await bench.target.inspect('production')).weights).toEqual({ [id]: 100 });
  const seen = bench.fake.callsOf('DescribeServiceDeployments').slice(asked);
  expect(JSON.stringify(seen.map(({ input }) => input))).not.toContain(String(earlier?.arn));
});
