import type { Wire } from '../ecs/state.ts';
import type { ServiceId } from '../models/model.ts';
import { findSecret } from '../secretsmanager/handlers.ts';
import type { World } from '../world.ts';
import type { Question } from './evaluate.ts';

/** IAM's prefix of each service. */
const PREFIX: Readonly<Record<ServiceId, string>> = {
  ecs: 'ecs',
  elbv2: 'elasticloadbalancing',
  logs: 'logs',
  sts: 'sts',
  ecr: 'ecr',
  'application-autoscaling': 'application-autoscaling',
  iam: 'iam',
  secretsmanager: 'secretsmanager',
  'service-quotas': 'servicequotas',
  ssm: 'ssm',
};

/** Calls that need no permission. */
const FREE = new Set(['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity']);

type ResourcesOf = (world: World, input: Wire) => readonly string[];

/**
 * What IAM is asked for a call: which action on which resources.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function questionsOf(world: World, service: ServiceId, operation: string, input: Wire): readonly Question[] {
  const action = `${PREFIX[service]}:${operation}`;
  if (FREE.has(action)) return [];
  const region = { 'aws:RequestedRegion': world.region };
  const resources = RESOURCES[action]?.(world, input) ?? ['*'];
  const context = { ...region, ...contextOf(world, service, input) };
  return [
    ...resources.map((resource) => ({ action, resource, context })),
    ...passedRoles(world, action, input),
    ...taggedOnCreation(world, action, input),
    ...alarmsOf(world, action, input),
  ];
}

const cluster = (world: World, given: unknown): string => {
  const name = String(given ?? 'default');
  return name.startsWith('arn:') ? name : world.arn('ecs', `cluster/${name}`);
};

const serviceArn = (world: World, given: unknown, where: unknown): string => {
  const name = String(given);
  if (name.startsWith('arn:')) return name;
  return world.arn('ecs', `service/${cluster(world, where).split('/').at(-1)}/${name}`);
};

const repository: ResourcesOf = (world, { repositoryName, registryId = world.account }) => [
  `arn:aws:ecr:${world.region}:${registryId}:repository/${repositoryName}`,
];
const logGroup: ResourcesOf = (world, { logGroupName }) => [`${world.arn('logs', `log-group:${logGroupName}`)}:*`];
const scalable: ResourcesOf = (world) => [world.arn('application-autoscaling', 'scalable-target/*')];
const given =
  (name: string): ResourcesOf =>
  (_, input) => {
    const value = input[name];
    return Array.isArray(value) ? value.map(String) : [String(value)];
  };

const RESOURCES: Readonly<Record<string, ResourcesOf>> = {
  'ecs:DescribeClusters': (world, { clusters = ['default'] }) =>
    (clusters as readonly string[]).map((name) => cluster(world, name)),
  'ecs:DescribeServices': (world, { services, cluster: where }) =>
    (services as readonly string[]).map((name) => serviceArn(world, name, where)),
  'ecs:CreateService': (world, input) => [serviceArn(world, input.serviceName, input.cluster)],
  'ecs:UpdateService': (world, input) => [serviceArn(world, input.service, input.cluster)],
  'ecs:DeleteService': (world, input) => [serviceArn(world, input.service, input.cluster)],
  'ecs:ListServiceDeployments': (world, input) => [serviceArn(world, input.service, input.cluster)],
  'ecs:DescribeServiceDeployments': given('serviceDeploymentArns'),
  'ecs:DescribeServiceRevisions': given('serviceRevisionArns'),
  'ecs:StopServiceDeployment': given('serviceDeploymentArn'),
  'ecs:ContinueServiceDeployment': given('serviceDeploymentArn'),
  'ecs:DescribeTasks': (world, { tasks, cluster: where }) =>
    (tasks as readonly string[]).map((task) =>
      task.startsWith('arn:') ? task : world.arn('ecs', `task/${cluster(world, where).split('/').at(-1)}/${task}`),
    ),
  'ecs:StopTask': (world, { task, cluster: where }) => [
    String(task).startsWith('arn:')
      ? String(task)
      : world.arn('ecs', `task/${cluster(world, where).split('/').at(-1)}/${task}`),
  ],
  'ecs:TagResource': given('resourceArn'),
  'ecs:UntagResource': given('resourceArn'),
  'ecs:ListTagsForResource': given('resourceArn'),
  'ecs:RegisterTaskDefinition': (world, { family }) => [world.arn('ecs', `task-definition/${family}:*`)],
  'elasticloadbalancing:ModifyListener': given('ListenerArn'),
  'elasticloadbalancing:ModifyRule': given('RuleArn'),
  'logs:DescribeLogGroups': (world) => [world.arn('logs', 'log-group::log-stream:*')],
  'logs:DescribeLogStreams': logGroup,
  'logs:FilterLogEvents': logGroup,
  'logs:GetLogEvents': (world, { logGroupName, logStreamName }) => [
    world.arn('logs', `log-group:${logGroupName}:log-stream:${logStreamName}`),
  ],
  'ecr:DescribeImages': repository,
  'ecr:BatchGetImage': repository,
  'ecr:BatchCheckLayerAvailability': repository,
  'ecr:GetDownloadUrlForLayer': repository,
  'ecr:CreateRepository': repository,
  'ecr:DescribeRepositories': (world, { repositoryNames = ['*'], registryId = world.account }) =>
    (repositoryNames as readonly string[]).map(
      (name) => `arn:aws:ecr:${world.region}:${registryId}:repository/${name}`,
    ),
  'application-autoscaling:RegisterScalableTarget': scalable,
  'application-autoscaling:DeregisterScalableTarget': scalable,
  'application-autoscaling:PutScalingPolicy': scalable,
  'application-autoscaling:DeleteScalingPolicy': scalable,
  'iam:GetRole': (world, { RoleName }) => [`arn:aws:iam::${world.account}:role/${RoleName}`],
  'iam:SimulatePrincipalPolicy': given('PolicySourceArn'),
  // IAM is asked for the secret as it is, whatever short form a call has.
  'secretsmanager:DescribeSecret': (world, { SecretId }) => [
    findSecret(world, String(SecretId))?.arn ?? world.arn('secretsmanager', `secret:${SecretId}`),
  ],
};

function contextOf(world: World, service: ServiceId, input: Wire): Question['context'] {
  if (service === 'application-autoscaling') {
    return {
      ...(input.ServiceNamespace !== undefined && {
        'application-autoscaling:service-namespace': String(input.ServiceNamespace),
      }),
      ...(input.ScalableDimension !== undefined && {
        'application-autoscaling:scalable-dimension': String(input.ScalableDimension),
      }),
    };
  }
  if (service !== 'ecs') return {};
  return { ...(input.cluster !== undefined && { 'ecs:cluster': cluster(world, input.cluster) }) };
}

/** Roles that a call hands on, each to the service that will take it. */
function passedRoles(world: World, action: string, input: Wire): readonly Question[] {
  const pass = (role: unknown, to: string): Question[] =>
    role === undefined
      ? []
      : [{ action: 'iam:PassRole', resource: roleArn(world, role), context: { 'iam:PassedToService': to } }];
  if (action === 'ecs:RegisterTaskDefinition') {
    return [
      ...pass(input.taskRoleArn, 'ecs-tasks.amazonaws.com'),
      ...pass(input.executionRoleArn, 'ecs-tasks.amazonaws.com'),
    ];
  }
  if (action !== 'ecs:CreateService' && action !== 'ecs:UpdateService') return [];
  const balancers = (input.loadBalancers ?? []) as readonly { advancedConfiguration?: { roleArn?: string } }[];
  return balancers.flatMap(({ advancedConfiguration }) => pass(advancedConfiguration?.roleArn, 'ecs.amazonaws.com'));
}

function roleArn(world: World, role: unknown): string {
  const name = String(role);
  return name.startsWith('arn:') ? name : `arn:aws:iam::${world.account}:role/${name}`;
}

/** Target tracking makes its alarms in the name of the caller. */
function alarmsOf(world: World, action: string, { ResourceId, PolicyType }: Wire): readonly Question[] {
  if (action !== 'application-autoscaling:PutScalingPolicy' || PolicyType !== 'TargetTrackingScaling') return [];
  const resource = world.arn('cloudwatch', `alarm:TargetTracking-${ResourceId}-AlarmHigh-0a1b`);
  const actions = ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'];
  return actions.map((needed) => ({ action: needed, resource, context: {} }));
}

/** Tags that come with a creation need a permission of their own. */
function taggedOnCreation(world: World, action: string, input: Wire): readonly Question[] {
  const [, operation = ''] = action.split(':');
  if (!Array.isArray(input.tags) || input.tags.length === 0) return [];
  const resources = RESOURCES[action]?.(world, input) ?? ['*'];
  if (action === 'ecs:RegisterTaskDefinition' || action === 'ecs:CreateService') {
    const context = { 'ecs:CreateAction': operation };
    return resources.map((resource) => ({ action: 'ecs:TagResource', resource, context }));
  }
  if (action !== 'ecr:CreateRepository') return [];
  return resources.map((resource) => ({ action: 'ecr:TagResource', resource, context: {} }));
}
