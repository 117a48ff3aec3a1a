import type { Statement } from './document.ts';
import { arnOf, type IamFeatures, type IamRequest, type IamStep, roleArn } from './place.ts';

/** Permissions that belong together: who needs them, for what, and on what. */
export interface Grant {
  readonly sid: string;
  readonly steps: readonly IamStep[];
  /** Needed only where this is used. */
  readonly feature?: keyof IamFeatures;
  readonly actions: readonly string[];
  /** ARNs, or `*` where AWS knows nothing narrower for the actions. */
  readonly resources: (request: IamRequest) => readonly string[];
  readonly condition?: (request: IamRequest) => NonNullable<Statement['Condition']>;
  /** For people: what does not work without it. */
  readonly why: string;
}

const LOOK: readonly IamStep[] = ['deploy-staging', 'smoke-test', 'impact-report', 'approve-promote', 'rollback'];
const CHANGE: readonly IamStep[] = ['deploy-staging', 'approve-promote', 'rollback'];
/** They read the image back as the registry has it. */
const READS_IMAGE: readonly IamStep[] = ['deploy-staging', 'approve-promote'];
const PRODUCTION: readonly IamStep[] = ['approve-promote', 'rollback'];

const everything = (): readonly string[] => ['*'];

const service = (request: IamRequest, name: string): string =>
  arnOf(request, 'ecs', `service/${request.cluster}/${name}`);

const deployments = (request: IamRequest, name: string): string =>
  arnOf(request, 'ecs', `service-deployment/${request.cluster}/${name}/*`);

/** Services that the steps change: each environment's own role reaches no further. */
function changed({ steps, service: names }: IamRequest): readonly string[] {
  const staging = steps.includes('deploy-staging') ? [names.staging] : [];
  return steps.some((step) => PRODUCTION.includes(step)) ? [...staging, names.production] : staging;
}

const definitions = (request: IamRequest): readonly string[] => [
  arnOf(request, 'ecs', `task-definition/${request.family}:*`),
];

const repository = (request: IamRequest): readonly string[] => [
  arnOf(request, 'ecr', `repository/${request.repository}`),
];

/** Every permission that a step can need. @see https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export const GRANTS: readonly Grant[] = [
  {
    sid: 'LogInToRegistry',
    steps: ['build-push', ...READS_IMAGE],
    actions: ['ecr:GetAuthorizationToken'],
    resources: everything,
    why: 'a password for the registry, good for twelve hours',
  },
  {
    sid: 'PushImage',
    steps: ['build-push'],
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    resources: repository,
    why: 'layers and manifests, and only those that are not there yet',
  },
  {
    sid: 'CreateRepository',
    steps: ['build-push'],
    feature: 'createRepository',
    actions: ['ecr:CreateRepository', 'ecr:DescribeRepositories'],
    resources: repository,
    why: 'the repository itself, where it is missing',
  },
  {
    sid: 'ReadServices',
    steps: LOOK,
    actions: [
      'ecs:DescribeServiceDeployments',
      'ecs:DescribeServiceRevisions',
      'ecs:DescribeServices',
      'ecs:ListServiceDeployments',
      'ecs:ListTagsForResource',
    ],
    resources: (request) =>
      [request.service.production, request.service.staging].flatMap((name) => [
        service(request, name),
        deployments(request, name),
        arnOf(request, 'ecs', `service-revision/${request.cluster}/${name}/*`),
      ]),
    why: 'what serves, what served before, and what is on its way',
  },
  {
    sid: 'ReadTaskDefinitions',
    steps: LOOK,
    actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'],
    resources: everything,
    why: 'which release a task definition runs',
  },
  {
    sid: 'ReadLoadBalancers',
    steps: LOOK,
    actions: [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
    ],
    resources: everything,
    why: 'the addresses of the service and of its test listener',
  },
  {
    sid: 'ReadImage',
    steps: READS_IMAGE,
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: repository,
    why: 'that the image is there with all its layers and the package of the release, before anything is changed',
  },
  {
    sid: 'ReadLogGroups',
    steps: ['deploy-staging', 'approve-promote'],
    actions: ['logs:DescribeLogGroups'],
    resources: everything,
    why: 'that the log group is there, before anything is changed',
  },
  {
    sid: 'ReadRoles',
    steps: READS_IMAGE,
    actions: ['iam:GetRole'],
    resources: (request) => [...request.taskRoles, request.balancerRole].map((name) => roleArn(request, name)),
    why: 'that the roles of the tasks and of the load balancer are there and may be taken; without it, the plan says so',
  },
  {
    sid: 'SimulateRights',
    steps: READS_IMAGE,
    actions: ['iam:SimulatePrincipalPolicy'],
    resources: (request) => [...request.taskRoles, request.self].map((name) => roleArn(request, name)),
    why: 'that the roles may be passed, and that the execution role may fetch image, log, secrets with their keys, and files of variables; without it, the plan says so',
  },
  {
    sid: 'DescribeSecrets',
    steps: READS_IMAGE,
    actions: ['secretsmanager:DescribeSecret'],
    resources: (request) => [arnOf(request, 'secretsmanager', `secret:${request.secretPrefix}*`)],
    why: 'that the secrets of the task definition are there; no value can be read by it; without it, the plan says so',
  },
  {
    sid: 'DescribeParameters',
    steps: READS_IMAGE,
    actions: ['ssm:DescribeParameters'],
    resources: everything,
    why: 'that the parameters of the task definition are there; no value can be read by it; without it, the plan says so',
  },
  {
    sid: 'ReadQuota',
    steps: READS_IMAGE,
    actions: ['servicequotas:GetServiceQuota'],
    resources: everything,
    why: 'that the account may run as much of Fargate as a deployment needs; without it, the plan says so',
  },
  {
    sid: 'RegisterTaskDefinition',
    steps: ['deploy-staging', 'approve-promote'],
    actions: ['ecs:RegisterTaskDefinition'],
    resources: definitions,
    why: 'the task definition of the release',
  },
  {
    sid: 'TagTaskDefinition',
    steps: CHANGE,
    actions: ['ecs:TagResource'],
    resources: definitions,
    why: 'in its tags, which release a task definition runs and that it was promoted',
  },
  {
    sid: 'PassTaskRoles',
    steps: ['deploy-staging', 'approve-promote'],
    actions: ['iam:PassRole'],
    resources: (request) => request.taskRoles.map((name) => roleArn(request, name)),
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
    why: 'the roles that the task definition names, handed to its tasks and to nobody else',
  },
  {
    sid: 'ChangeService',
    steps: CHANGE,
    actions: ['ecs:TagResource', 'ecs:UpdateService'],
    resources: (request) => changed(request).map((name) => service(request, name)),
    why: 'the deployment itself, and in the tags who holds the service',
  },
  {
    sid: 'MoveDeployment',
    steps: CHANGE,
    actions: ['ecs:ContinueServiceDeployment', 'ecs:StopServiceDeployment'],
    resources: (request) => changed(request).flatMap((name) => [service(request, name), deployments(request, name)]),
    why: 'the next stage of a promotion, and the way back from any of them',
  },
  {
    sid: 'ListTasks',
    steps: CHANGE,
    actions: ['ecs:ListTasks'],
    resources: everything,
    condition: (request) => ({ ArnEquals: { 'ecs:cluster': arnOf(request, 'ecs', `cluster/${request.cluster}`) } }),
    why: 'why a task stopped; without it, the explanation says so',
  },
  {
    sid: 'ReadTasks',
    steps: CHANGE,
    actions: ['ecs:DescribeTasks'],
    resources: (request) => [arnOf(request, 'ecs', `task/${request.cluster}/*`)],
    why: 'exit codes and reasons; without it, the explanation says so',
  },
  {
    sid: 'ReadLogs',
    steps: CHANGE,
    actions: ['logs:GetLogEvents'],
    resources: (request) => [arnOf(request, 'logs', `log-group:${request.logGroup}:log-stream:*`)],
    why: 'the last lines of a task that stopped; without it, the explanation says so',
  },
  {
    sid: 'ReadTargetHealth',
    steps: CHANGE,
    actions: ['elasticloadbalancing:DescribeTargetHealth'],
    resources: everything,
    why: 'what the health check of the load balancer found; without it, the explanation says so',
  },
  {
    sid: 'CreateStaging',
    steps: ['deploy-staging'],
    feature: 'createStaging',
    actions: ['ecs:CreateService'],
    resources: (request) => [service(request, request.service.staging)],
    why: 'the staging service, where it is missing',
  },
  {
    sid: 'ReadAutoscaling',
    steps: CHANGE,
    feature: 'autoscaling',
    actions: ['application-autoscaling:DescribeScalableTargets'],
    resources: everything,
    why: 'whether the service is scaled, before it is turned off or on',
  },
  {
    sid: 'SetAutoscaling',
    steps: CHANGE,
    feature: 'autoscaling',
    actions: ['application-autoscaling:PutScalingPolicy', 'application-autoscaling:RegisterScalableTarget'],
    resources: (request) => [arnOf(request, 'application-autoscaling', 'scalable-target/*')],
    condition: () => ({ StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } }),
    why: 'the limits and the target of the policy file; scaling stands still while a service is turned off',
  },
  {
    sid: 'SetAutoscalingAlarms',
    steps: CHANGE,
    feature: 'autoscaling',
    actions: ['cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricAlarm'],
    resources: (request) =>
      changed(request).map((name) =>
        arnOf(request, 'cloudwatch', `alarm:TargetTracking-service/${request.cluster}/${name}-*`),
      ),
    why: 'the alarms that target tracking works by, made in the name of who asks for them',
  },
];
