import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import { BALANCER_ROLE, EXECUTION_ROLE, TASK_ROLE } from '../fakes/aws/account.ts';
import { AwsError } from '../fakes/aws/aws-error.ts';
import type { Wire } from '../fakes/aws/ecs/state.ts';
import type { AwsFault } from '../fakes/aws/fake-aws.ts';
import type { FakeRole } from '../fakes/aws/world.ts';
import { type BenchOptions, type EcsBench, promote, startBench } from './target-bench.ts';

const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:motor/postcode-AbCdEf';

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

const deploy = () => bench.target.deploy(bench.release(), 'production', bench.deploying());
const planned = async () =>
  (await bench.target.plan(bench.release(), 'production')).map(({ detail }) => detail).join('\n');
const world = () => bench.fake.world;

function role(name: string, change: Partial<FakeRole>): void {
  const { roles } = world();
  const at = roles.findIndex((each) => each.name === name);
  const [before] = roles.splice(at, 1);
  if (before) roles.push({ ...before, ...change });
}

function trust(service: string, more: Wire = {}): Wire {
  return { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...more }] };
}

/** A role that may do everything but this. */
function without(...actions: readonly string[]): Wire {
  return {
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: actions, Resource: '*' },
    ],
  };
}

/** A key of the customer's own. */
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000';
/** Denies the key to Secrets Manager in the name of the role. */
const notForSecrets = {
  Effect: 'Deny',
  Action: 'kms:Decrypt',
  Resource: KEY,
  Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
};

function encrypt(key: string): void {
  const [secret] = world().secrets.splice(0, 1);
  if (secret) world().secrets.push({ ...secret, key });
}

function container(more: Wire): BenchOptions {
  const app = { name: 'app', image: 'app', portMappings: [{ containerPort: 8080 }], ...more };
  return { taskDefinition: { containerDefinitions: [app] } };
}

function rule(forward: { readonly targetGroupArn: string; readonly weight: number }[]): void {
  const { productionRule } = bench.account.balancer;
  const { rules } = world().elb;
  rules[rules.indexOf(productionRule)] = { ...productionRule, forward };
}

const ours = { arn: 'arn:aws:iam::123456789012:user/ci' };

interface Cause {
  readonly options?: BenchOptions;
  readonly spoil?: () => void;
  /** The message that leads to the mending. */
  readonly says: RegExp;
}

const CAUSES: Readonly<Record<string, Cause>> = {
  'the execution role is not there': {
    spoil: () =>
      void world().roles.splice(
        world().roles.findIndex(({ name }) => name === EXECUTION_ROLE),
        1,
      ),
    says: /the execution role pricing-execution is not there.*ECS-ROLE-MISSING.*Create it/,
  },
  'the task role is of another account': {
    options: { taskDefinition: { taskRoleArn: 'arn:aws:iam::999999999999:role/pricing-task' } },
    says: /task role pricing-task is of another account.*ECS-ROLE-MISSING/,
  },
  'the task role is trusted to another service': {
    spoil: () => role(TASK_ROLE, { trust: trust('ec2.amazonaws.com') }),
    says: /task role pricing-task cannot be taken by ecs-tasks\.amazonaws\.com: its trust policy does not name.*ECS-ROLE-UNTRUSTED.*sts:AssumeRole/,
  },
  'the execution role is trusted for another account alone': {
    spoil: () => {
      const Condition = { StringEquals: { 'aws:SourceAccount': '999999999999' } };
      role(EXECUTION_ROLE, { trust: trust('ecs-tasks.amazonaws.com', { Condition }) });
    },
    says: /only where aws:SourceAccount is 999999999999.*ECS-ROLE-UNTRUSTED/,
  },
  'the role for the load balancer is not trusted to ECS': {
    options: { configuration: LINEAR },
    spoil: () => role(BALANCER_ROLE, { trust: trust('ecs-tasks.amazonaws.com') }),
    says: /role for the load balancer pricing-ecs-load-balancers cannot be taken by ecs\.amazonaws\.com.*ECS-ROLE-UNTRUSTED/,
  },
  'this job may not pass the roles': {
    spoil: () => {
      const credentials = world().credentials.get(bench.fake.accessKeyId);
      if (credentials) credentials.policy = without('iam:PassRole') as never;
    },
    says: /ci may not pass the role pricing-execution to ECS tasks.*ECS-ROLE-NOT-PASSED.*iam:PassRole/,
  },
  'a secret is not there': {
    spoil: () => void world().secrets.splice(0),
    says: /the secret motor\/postcode is not there in eu-west-1.*ECS-SECRET-MISSING.*correct the reference/,
  },
  'a secret is being deleted': {
    spoil: () => void world().secrets.splice(0, 1, { arn: SECRET, name: 'motor/postcode', stages: [], deletedAt: 1 }),
    says: /the secret motor\/postcode is being deleted.*ECS-SECRET-MISSING/,
  },
  'a secret has no value yet': {
    spoil: () => void world().secrets.splice(0, 1, { arn: SECRET, name: 'motor/postcode', stages: [] }),
    says: /the secret motor\/postcode has no value.*ECS-SECRET-MISSING.*give it a value/,
  },
  'a secret has no value in the stage that is asked for': {
    options: container({ secrets: [{ name: 'KEY', valueFrom: `${SECRET}:key:BLUE:` }] }),
    says: /the secret motor\/postcode has no value in the stage BLUE.*ECS-SECRET-MISSING/,
  },
  'the login of the registry is not there': {
    options: container({ repositoryCredentials: { credentialsParameter: SECRET.replace('postcode', 'registry') } }),
    says: /the secret motor\/registry is not there.*ECS-SECRET-MISSING/,
  },
  'a secret of the log driver is not there': {
    options: container({
      logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'splunk-token', valueFrom: '/motor/splunk' }] },
    }),
    says: /the parameter \/motor\/splunk is not there in eu-west-1.*ECS-SECRET-MISSING/,
  },
  'a parameter is not there': {
    spoil: () => world().parameters.clear(),
    says: /the parameter \/motor\/table-key is not there in eu-west-1.*ECS-SECRET-MISSING/,
  },
  'the account has too little of Fargate for a deployment in steps': {
    options: { configuration: LINEAR, desiredCount: 6 },
    spoil: () => void world().quotas.set('fargate/L-3032A538', 5),
    says: /may run 5 vCPUs of Fargate at once, and a deployment of this service alone needs 6.*ECS-QUOTA.*Service Quotas/,
  },
  'the tags of the service leave no room': {
    spoil: () => {
      bench.account.service.tags = Array.from({ length: 30 }, (_, index) => ({ key: `team-${index}`, value: 'x' }));
    },
    says: /has 30 tags of others.*ECS-TAGS-FULL.*at most 29/,
  },
  'a target group is not there': {
    spoil: () => void world().elb.targetGroups.splice(0, 1),
    says: /target groups motor-blue at least one is not there.*ECS-LOAD-BALANCER/,
  },
  'the production rule is not there': {
    options: { configuration: LINEAR },
    spoil: () => void world().elb.rules.splice(world().elb.rules.indexOf(bench.account.balancer.productionRule), 1),
    says: /the production listener rule of the service is not there.*ECS-LOAD-BALANCER.*forward to its two target groups/,
  },
  'the production rule forwards notForSecrets': {
    options: { configuration: LINEAR },
    spoil: () => {
      const other = bench.account.balancer.blue.arn.replace('motor-blue', 'home-blue');
      rule([{ targetGroupArn: other, weight: 100 }]);
    },
    says: /production listener rule forwards to home-blue, which is none of the service’s target groups.*ECS-LOAD-BALANCER/,
  },
};

describe('before anything is changed', () => {
  it.each(Object.entries(CAUSES))('is refused: %s', async (_what, { options, spoil, says }) => {
    bench = await startBench(options);
    bench.release();
    spoil?.();
    const plan = await failure(bench.target.plan(bench.release(), 'production'));
    expect(plan.replaceAll('\n', ' ')).toMatch(says);
    const writes = /^(Register|Update|Create|Delete|Deregister|Tag|Untag|Stop|Continue|Put)/;
    await failure(deploy());
    expect(bench.fake.calls.filter(({ operation }) => writes.test(operation))).toEqual([]);
  });

  it('tells everything that is wrong at once', async () => {
    bench = await startBench();
    world().secrets.splice(0);
    world().parameters.clear();
    role(TASK_ROLE, { trust: trust('ec2.amazonaws.com') });
    expect(await failure(deploy())).toMatch(/ECS-ROLE-UNTRUSTED[\s\S]*ECS-SECRET-MISSING[\s\S]*ECS-SECRET-MISSING/);
  });

  it('looks at the roles and secrets of a service that is to be made, too', async () => {
    bench = await startBench({
      policy: { create: ['staging'], environments: { staging: { url: 'http://staging.example' } } },
    });
    world().secrets.splice(0);
    const options = bench.deploying();
    expect(await failure(bench.target.deploy(bench.release(), 'staging', options))).toMatch(/ECS-SECRET-MISSING/);
    expect(await failure(bench.target.plan(bench.release(), 'staging'))).toMatch(/ECS-SECRET-MISSING/);
    expect(bench.fake.callsOf('CreateService')).toEqual([]);
    expect(bench.fake.callsOf('RegisterTaskDefinition')).toEqual([]);
  });

  it('does not ask whether roles may be passed when nothing is to be registered', async () => {
    bench = await startBench();
    const release = bench.release();
    await promote(bench, release);
    bench.fake.calls.splice(0);
    await bench.target.plan(release, 'production');
    expect(bench.fake.callsOf('GetCallerIdentity')).toEqual([]);
  });

  it('never reads a value of a secret', async () => {
    bench = await startBench();
    await deploy();
    const asked = bench.fake.calls.filter(({ service }) => ['secretsmanager', 'ssm'].includes(service));
    expect(asked.map(({ operation }) => operation).toSorted()).toEqual(['DescribeParameters', 'DescribeSecret']);
  });
});

describe('what stops nothing', () => {
  it.each<[string, BenchOptions, () => void, RegExp]>([
    [
      'an execution role that may not pull',
      {},
      () =>
        role(EXECUTION_ROLE, {
          policy: without('ecr:BatchGetImage', 'logs:PutLogEvents', 'secretsmanager:*', 'ssm:*'),
        }),
      /may not do ecr:BatchGetImage on motor[\s\S]*logs:PutLogEvents[\s\S]*secretsmanager:GetSecretValue[\s\S]*ssm:GetParameters/,
    ],
    [
      'conditions of a trust that cannot be judged',
      {},
      () =>
        role(TASK_ROLE, {
          trust: trust('ecs-tasks.amazonaws.com', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
        }),
      /task role pricing-task is trusted under conditions that are not looked at: aws:SecureTransport/,
    ],
    [
      'a quota that a rolling deployment reaches for a while',
      { desiredCount: 6 },
      () => void world().quotas.set('fargate/L-3032A538', 5),
      /may run 5 vCPUs of Fargate at once, and 6 are wanted in the middle/,
    ],
    [
      'a service that lacks room already',
      {},
      () => {
        const message =
          '(service motor-pricing) was unable to place a task. Reason: Capacity is unavailable at this time.';
        bench.account.service.events.unshift({ id: 'e', at: world().now, message });
        bench.account.service.desiredCount = 3;
      },
      /runs 2 of 3 tasks now[\s\S]*AWS says of the service: .*Capacity is unavailable/,
    ],
    [
      'an execution role that may not use the key of a secret',
      {},
      () => {
        encrypt(KEY);
        role(EXECUTION_ROLE, { policy: without('kms:Decrypt') });
      },
      /the execution role pricing-execution may not do kms:Decrypt on 0a1b2c3d-0000-4000-8000-000000000000, the key of the secret motor\/postcode, and/,
    ],
    [
      'an execution role that may use the key of a secret for something else alone',
      {},
      () => {
        encrypt('0a1b2c3d-0000-4000-8000-000000000000');
        role(EXECUTION_ROLE, {
          policy: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, notForSecrets] },
        });
      },
      /may not do kms:Decrypt on 0a1b2c3d-0000-4000-8000-000000000000/,
    ],
    [
      'an execution role that may not use the key of a parameter',
      container({ secrets: [{ name: 'KEY', valueFrom: '/motor/table-key' }] }),
      () => {
        world().parameters.set('/motor/table-key', KEY);
        role(EXECUTION_ROLE, { policy: without('kms:Decrypt') });
      },
      /may not do kms:Decrypt on 0a1b2c3d-0000-4000-8000-000000000000, the key of the parameter \/motor\/table-key, and/,
    ],
    [
      'the key of a secret behind an alias',
      {},
      () => encrypt('alias/pricing'),
      /whether the secret motor\/postcode can be decrypted is not looked at: alias\/pricing is an alias/,
    ],
    [
      'an execution role that may not read a file of variables',
      container({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::pricing-settings/motor/rates.env' }] }),
      () => role(EXECUTION_ROLE, { policy: without('s3:*') }),
      /may not do s3:GetObject on rates.env[\s\S]*may not do s3:GetBucketLocation on arn:aws:s3:::pricing-settings,/,
    ],
    [
      'a parameter of another account',
      container({ secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:eu-west-1:999999999999:parameter/shared/key' }] }),
      () => undefined,
      /parameter \/shared\/key is another account’s, and is not looked at/,
    ],
  ])('is told: %s', async (_what, options, spoil, says) => {
    bench = await startBench(options);
    spoil();
    expect(await planned()).toMatch(says);
    await deploy();
    expect(bench.told.join('\n')).toMatch(says);
  });

  it.each([undefined, 'alias/aws/secretsmanager', KEY])('is nothing that a role may decrypt: %s', async (key) => {
    bench = await startBench();
    if (key !== undefined) encrypt(key);
    if (key !== KEY) role(EXECUTION_ROLE, { policy: without('kms:Decrypt') });
    expect(await planned()).not.toMatch(/kms:|decrypted/);
  });

  it('is a lack of room that is over', async () => {
    bench = await startBench();
    const { events } = bench.account.service;
    events.unshift({ id: 'a', at: 1, message: '(service motor-pricing) was unable to place a task.' });
    events.unshift({ id: 'b', at: 2, message: '(service motor-pricing) has reached a steady state.' });
    expect(await planned()).not.toMatch(/AWS says of the service/);
  });

  it.each([
    ['GetRole', 'iam:GetRole', /the execution role pricing-execution could not be looked at.*iam:GetRole/],
    ['SimulatePrincipalPolicy', 'iam:SimulatePrincipalPolicy', /could not be looked at.*iam:SimulatePrincipalPolicy/],
    [
      'DescribeSecret',
      'secretsmanager:DescribeSecret',
      /the secret motor\/postcode could not be looked at.*secretsmanager:DescribeSecret/,
    ],
    [
      'DescribeParameters',
      'ssm:DescribeParameters',
      /parameters of Systems Manager could not be looked at.*ssm:DescribeParameters/,
    ],
    [
      'GetServiceQuota',
      'servicequotas:GetServiceQuota',
      /quota of Fargate could not be looked at.*servicequotas:GetServiceQuota/,
    ],
    [
      'DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetGroups',
      /the target groups could not be looked at.*elasticloadbalancing:DescribeTargetGroups/,
    ],
  ])('is that %s is not allowed: the permission is named', async (operation, action, says) => {
    bench = await startBench({ policy: { environments: { production: { url: 'http://x' } } } });
    const text = `User: ${ours.arn} is not authorized to perform: ${action} on resource: arn:aws:x because no identity-based policy allows it`;
    bench.fake.fail(operation, new AwsError('AccessDeniedException', text), 100);
    await deploy();
    expect(bench.told.join('\n')).toMatch(says);
  });

  it.each<[string, AwsFault]>([
    ['does not answer well', new AwsError('InternalFailure', 'x', 400)],
    ['is not known there', new AwsError('UnknownOperationException', 'x')],
  ])('is that a service which is looked at alone %s', async (_what, fault) => {
    bench = await startBench();
    for (const operation of [
      'GetRole',
      'SimulatePrincipalPolicy',
      'DescribeSecret',
      'DescribeParameters',
      'GetServiceQuota',
    ])
      bench.fake.fail(operation, fault, 100);
    await deploy();
    expect(bench.told.filter((line) => line.includes('could not be looked at')).length).toBeGreaterThanOrEqual(5);
  });
});
