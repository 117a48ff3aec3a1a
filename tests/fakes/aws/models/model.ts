import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Operations that the fake answers, by the folder that botocore keeps each service in. */
export const OPERATIONS = {
  ecs: [
    'ContinueServiceDeployment',
    'CreateService',
    'DeleteService',
    'DeregisterTaskDefinition',
    'DescribeClusters',
    'DescribeServiceDeployments',
    'DescribeServiceRevisions',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTasks',
    'ListServiceDeployments',
    'ListServices',
    'ListTagsForResource',
    'ListTaskDefinitions',
    'ListTasks',
    'RegisterTaskDefinition',
    'StopServiceDeployment',
    'StopTask',
    'TagResource',
    'UntagResource',
    'UpdateService',
  ],
  elbv2: [
    'DescribeListeners',
    'DescribeLoadBalancers',
    'DescribeRules',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
    'ModifyListener',
    'ModifyRule',
  ],
  logs: ['DescribeLogGroups', 'DescribeLogStreams', 'FilterLogEvents', 'GetLogEvents'],
  sts: ['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity'],
  ecr: [
    'BatchCheckLayerAvailability',
    'BatchGetImage',
    'CreateRepository',
    'DescribeImages',
    'DescribeRepositories',
    'GetAuthorizationToken',
    'GetDownloadUrlForLayer',
  ],
  'application-autoscaling': [
    'DeleteScalingPolicy',
    'DeregisterScalableTarget',
    'DescribeScalableTargets',
    'DescribeScalingPolicies',
    'PutScalingPolicy',
    'RegisterScalableTarget',
  ],
  iam: ['GetRole', 'SimulatePrincipalPolicy'],
  secretsmanager: ['DescribeSecret'],
  'service-quotas': ['GetServiceQuota'],
  ssm: ['DescribeParameters'],
} as const;

export type ServiceId = keyof typeof OPERATIONS;

export interface Member {
  readonly shape: string;
  readonly locationName?: string;
}

export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly flattened?: boolean;
  readonly union?: boolean;
  readonly exception?: boolean;
  readonly error?: { readonly code: string; readonly httpStatusCode: number };
}

export interface Operation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly { readonly shape: string }[];
}

/** What AWS publishes of one service, cut to the operations above. */
export interface ServiceModel {
  readonly metadata: {
    readonly protocol: 'json' | 'query';
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The extract that is kept here. */
export function readModel(service: ServiceId): ServiceModel {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${service}.json`), 'utf8')) as ServiceModel;
}
