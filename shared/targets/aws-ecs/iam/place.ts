/** Steps that call AWS; `validate` does not. */
export const IAM_STEPS = [
  'build-push',
  'deploy-staging',
  'smoke-test',
  'impact-report',
  'approve-promote',
  'rollback',
] as const;

export type IamStep = (typeof IAM_STEPS)[number];

/** What is used beyond the usual, each for more permissions. */
export interface IamFeatures {
  /** `build-push` makes the ECR repository where it is missing. */
  readonly createRepository?: boolean;
  /** `deploy-staging` makes the staging service where it is missing. */
  readonly createStaging?: boolean;
  /** The policy's autoscaling settings go to Application Auto Scaling. */
  readonly autoscaling?: boolean;
}

/** What a role is for. */
export interface IamRequest {
  readonly steps: readonly IamStep[];
  /** `aws-cn` and `aws-us-gov` are AWS' other partitions. */
  readonly partition?: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  /** Names of the services. */
  readonly service: { readonly production: string; readonly staging: string };
  /** Family of the services' task definitions. */
  readonly family: string;
  /** ECR repository of the images. */
  readonly repository: string;
  /** CloudWatch log group of the tasks. */
  readonly logGroup: string;
  /** Names of the roles that the task definition gives to its tasks: task role and execution role. */
  readonly taskRoles: readonly string[];
  /** Name of the role by which ECS moves the traffic of a load balancer; any name where there is none. */
  readonly balancerRole: string;
  /** What the names of the secrets in Secrets Manager begin with that the task definition refers to. */
  readonly secretPrefix: string;
  /** Name of the role that the policy is for, which may ask what it may do; `*` stands for any characters. */
  readonly self: string;
  readonly features?: IamFeatures;
}

/** The ARN of something of the account in its region. */
export function arnOf({ partition = 'aws', account, region }: IamRequest, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

export function roleArn({ partition = 'aws', account }: IamRequest, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}
