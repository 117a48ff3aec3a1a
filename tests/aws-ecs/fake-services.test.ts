import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, FilterLogEventsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
} from '@aws-sdk/client-ecr';
import {
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Account, furnish, LOG_GROUP, pushImage } from '../fakes/aws/account.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';

let aws: FakeAws;
let account: Account;
let client: FakeAws['client'] & { readonly maxAttempts: number };
/** Violations that a test provokes on purpose. */
let provoked: readonly (string | RegExp)[];

beforeEach(async () => {
  aws = new FakeAws();
  await aws.start();
  account = furnish(aws.world);
  client = { ...aws.client, maxAttempts: 1 };
  provoked = [];
});

afterEach(async () => {
  await aws.stop();
  expect(aws.violations).toEqual(provoked.map((what) => expect.stringMatching(what)));
});

const service = { cluster: 'pricing', service: 'motor-pricing' };
const described = () =>
  new ECSClient(client).send(new DescribeServicesCommand({ cluster: 'pricing', services: ['motor-pricing'] }));

describe('listeners', () => {
  test('keep their weights, and give no weight over 999', async () => {
    const elb = new ElasticLoadBalancingV2Client(client);
    const { productionRule, blue, green } = account.balancer;
    const weighted = (weight: number) => ({
      RuleArn: productionRule.arn,
      Actions: [
        {
          Type: 'forward' as const,
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: blue.arn, Weight: 100 - weight },
              { TargetGroupArn: green.arn, Weight: weight },
            ],
          },
        },
      ],
    });
    await elb.send(new ModifyRuleCommand(weighted(30)));
    const { Rules: [rule] = [] } = await elb.send(new DescribeRulesCommand({ RuleArns: [productionRule.arn] }));
    expect(rule?.Actions?.[0]?.ForwardConfig?.TargetGroups).toMatchObject([{ Weight: 70 }, { Weight: 30 }]);
    await expect(elb.send(new ModifyRuleCommand(weighted(1000)))).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('are found by their balancer; a balancer that is not there is refused by its own error', async () => {
    const elb = new ElasticLoadBalancingV2Client(client);
    const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: account.balancer.arn }));
    expect(Listeners).toMatchObject([{ Port: 80 }, { Port: 8443 }]);
    const gone = new DescribeListenersCommand({ LoadBalancerArn: `${account.balancer.arn}0` });
    await expect(elb.send(gone)).rejects.toMatchObject({ name: 'LoadBalancerNotFoundException' });
    const health = new DescribeTargetHealthCommand({ TargetGroupArn: account.balancer.blue.arn });
    expect((await elb.send(health)).TargetHealthDescriptions).toMatchObject([
      { TargetHealth: { State: 'healthy' } },
      { TargetHealth: { State: 'healthy' } },
    ]);
  });
});

describe('images', () => {
  test('of several architectures are an index; of one, a manifest whose configuration can be fetched', async () => {
    const ecr = new ECRClient(client);
    const both = pushImage(aws.world, account.repository, 'both', ['linux/amd64', 'linux/arm64']);
    const repositoryName = account.repository.name;
    const imageIds = [{ imageDigest: both.digest }, { imageDigest: account.image.digest }];
    const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    const [index, single] = images.map(({ imageManifest = '' }) => JSON.parse(imageManifest));
    expect(index.manifests.map((entry: { platform: object }) => entry.platform)).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]);
    const layerDigest = single.config.digest;
    const { downloadUrl = '' } = await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));
    expect(await (await fetch(downloadUrl)).json()).toMatchObject({ os: 'linux', architecture: 'amd64' });
  });

  test('that are not there, are of another account, or whose repository is not there, have an error each', async () => {
    const ecr = new ECRClient(client);
    const ask = (repositoryName: string, imageTag: string, registryId?: string) =>
      ecr.send(
        new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }], ...(registryId && { registryId }) }),
      );
    await expect(ask('pricing/motor', 'none')).rejects.toMatchObject({ name: 'ImageNotFoundException' });
    await expect(ask('pricing/none', 'first')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' });
    await expect(ask('pricing/motor', 'first', '999999999999')).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
    await expect(ecr.send(new CreateRepositoryCommand({ repositoryName: 'pricing/motor' }))).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
    });
  });

  test('are pulled with a password that lasts twelve hours', async () => {
    const { authorizationData: [data] = [] } = await new ECRClient(client).send(new GetAuthorizationTokenCommand({}));
    expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toBe('AWS:password-of-the-registry');
    expect(data?.expiresAt?.getTime()).toBe(aws.world.now + 12 * 3_600_000);
  });

  test('for another architecture do not start', async () => {
    const ecs = new ECSClient(client);
    const arm = pushImage(aws.world, account.repository, 'arm', ['linux/arm64']);
    await deployImage(ecs, arm.digest);
    aws.pass(60_000);
    const failed = account.service.tasks.find(({ stopCode }) => stopCode === 'EssentialContainerExited');
    expect(failed?.containers).toMatchObject([{ exitCode: 255 }]);
  });
});

async function deployImage(ecs: ECSClient, digest: string): Promise<void> {
  const { given } = account.taskDefinition;
  const [container] = given.containerDefinitions;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'motor-pricing',
      memory: '1024',
      cpu: '512',
      networkMode: 'awsvpc',
      executionRoleArn: String(given.executionRoleArn),
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ ...(container as object), image: `${account.repository.uri}@${digest}` }],
    }),
  );
  await ecs.send(new UpdateServiceCommand({ ...service, taskDefinition: taskDefinition?.taskDefinitionArn }));
}

test('logs of a task are read by stream; a group that is not there is refused', async () => {
  const logs = new CloudWatchLogsClient(client);
  const [task] = account.service.tasks;
  const logStreamName = `app/app/${task?.id}`;
  const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: LOG_GROUP, logStreamName }));
  expect(events).toMatchObject([{ message: 'INFO:     Application startup complete.' }]);
  const { events: all } = await logs.send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP }));
  expect(all).toHaveLength(2);
  const gone = new FilterLogEventsCommand({ logGroupName: '/ecs/none' });
  await expect(logs.send(gone)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('autoscaling goes with its target', async () => {
  const scaling = new ApplicationAutoScalingClient(client);
  const target = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/pricing/motor-pricing',
    ScalableDimension: 'ecs:service:DesiredCount',
  } as const;
  const policy = new PutScalingPolicyCommand({
    ...target,
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  });
  await expect(scaling.send(policy)).rejects.toMatchObject({ name: 'ObjectNotFoundException' });
  await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 4 }));
  await scaling.send(policy);
  const targets = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
  expect(targets.ScalableTargets).toMatchObject([{ ...target, MinCapacity: 1, MaxCapacity: 4 }]);
  await scaling.send(new DeregisterScalableTargetCommand(target));
  const left = await scaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }));
  expect(left.ScalingPolicies).toEqual([]);
});

describe('what the account refuses', () => {
  test('a service that is not there is a failure, a cluster that is not there an error', async () => {
    const ecs = new ECSClient(client);
    const missing = await ecs.send(new DescribeServicesCommand({ cluster: 'pricing', services: ['none'] }));
    expect(missing).toMatchObject({ services: [], failures: [{ reason: 'MISSING' }] });
    const elsewhere = new DescribeServicesCommand({ cluster: 'none', services: ['motor-pricing'] });
    await expect(ecs.send(elsewhere)).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  });

  test('another region is empty', async () => {
    const ecs = new ECSClient({ ...client, region: 'eu-west-2' });
    const ask = new DescribeServicesCommand({ cluster: 'pricing', services: ['motor-pricing'] });
    await expect(ecs.send(ask)).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  });

  test('expired and unknown credentials', async () => {
    const own = aws.world.credentials.get(aws.accessKeyId);
    if (own) own.expired = true;
    await expect(described()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    aws.world.credentials.clear();
    await expect(described()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test.each([
    ['throttle', 'ThrottlingException'],
    ['unavailable', 'ServiceUnavailable'],
  ] as const)('is %s-ed once and answers then', async (fault, name) => {
    aws.fail('DescribeServices', fault);
    await expect(described()).rejects.toMatchObject({ name });
    expect((await described()).services).toHaveLength(1);
  });

  test('a change may not be seen at once', async () => {
    const ecs = new ECSClient(client);
    const count = async () => (await described()).services?.[0]?.desiredCount;
    expect(await count()).toBe(2);
    aws.stale('DescribeServices', 2);
    await ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 3 }));
    expect([await count(), await count(), await count()]).toEqual([2, 2, 3]);
  });

  test('a request that the published model does not know is refused, and remembered', async () => {
    const answer = await fetch(aws.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.UpdateService' },
      body: JSON.stringify({ ...service, taskDefinitionn: 'x' }),
    });
    expect(await answer.json()).toMatchObject({ __type: 'InvalidParameterException' });
    provoked = [/^ecs UpdateService request\.taskDefinitionn: unknown member$/];
  });

  test('what no statement of the policy allows, in the words of AWS', async () => {
    const own = aws.world.credentials.get(aws.accessKeyId);
    if (!own) throw new Error('there are no credentials');
    own.policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['ecs:Describe*', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService'],
          Resource: '*',
        },
        { Effect: 'Deny', Action: 'ecs:UpdateService', Resource: account.service.arn },
      ],
    };
    expect((await described()).services).toHaveLength(1);
    const ecs = new ECSClient(client);
    await expect(ecs.send(new UpdateServiceCommand(service))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${own.arn} is not authorized to perform: ecs:UpdateService on resource: ${account.service.arn} with an explicit deny in an identity-based policy`,
    });
    await expect(deployImage(ecs, account.image.digest)).rejects.toMatchObject({
      message: expect.stringContaining('iam:PassRole on resource: arn:aws:iam::123456789012:role/pricing-execution'),
    });
    const elb = new ElasticLoadBalancingV2Client(client);
    const listeners = new DescribeListenersCommand({ LoadBalancerArn: account.balancer.arn });
    await expect(elb.send(listeners)).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('a token of a pipeline', () => {
  const issuer = 'token.actions.githubusercontent.com';

  function token(claims: Readonly<Record<string, unknown>>): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const all = { iss: `https://${issuer}`, aud: 'sts.amazonaws.com', exp: Date.now() / 1000 + 300, ...claims };
    return `${part({ alg: 'RS256' })}.${part(all)}.signature`;
  }

  function assume(claims: Readonly<Record<string, unknown>>) {
    const arn = 'arn:aws:iam::123456789012:role/deploy';
    aws.world.identityProviders.add(issuer);
    aws.world.roles.push({
      arn,
      name: 'deploy',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: 'repo:acme/motor:ref' },
            },
          },
        ],
      },
    });
    const input = { RoleArn: arn, RoleSessionName: 'run-1', WebIdentityToken: token(claims) };
    return new STSClient(client).send(new AssumeRoleWithWebIdentityCommand(input));
  }

  test('becomes a session of the role whose trust policy it fits', async () => {
    const { Credentials } = await assume({ sub: 'repo:acme/motor:ref' });
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const identity = await new STSClient({ ...client, credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/run-1');
  });

  test.each([
    ['of another subject', { sub: 'repo:acme/other:ref' }, 'AccessDenied'],
    ['of another audience', { sub: 'repo:acme/motor:ref', aud: 'api://else' }, 'AccessDenied'],
    ['of an issuer that the account does not know', { iss: 'https://gitlab.com' }, 'InvalidIdentityTokenException'],
    ['that has expired', { sub: 'repo:acme/motor:ref', exp: 1 }, 'ExpiredTokenException'],
  ])('%s is refused', async (_, claims, name) => {
    await expect(assume(claims)).rejects.toMatchObject({ name });
  });
});
