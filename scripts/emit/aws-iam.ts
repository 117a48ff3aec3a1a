import type { PolicyDocument, Statement } from '../../shared/targets/aws-ecs/iam/document.ts';
import { GRANTS, type Grant } from '../../shared/targets/aws-ecs/iam/grants.ts';
import { IAM_STEPS, type IamFeatures, type IamRequest } from '../../shared/targets/aws-ecs/iam/place.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { azureTrust, githubTrust, gitlabTrust } from '../../shared/targets/aws-ecs/iam/trust.ts';
import type { GeneratedFile } from './suite.ts';
import { code, markdownTable } from './tables.ts';

/** The roles of a pipeline: none can do what another is for. */
const ROLES = {
  build: ['build-push'],
  staging: ['deploy-staging', 'smoke-test', 'impact-report'],
  production: ['approve-promote', 'rollback'],
} as const satisfies Readonly<Record<string, IamRequest['steps']>>;

/** How a feature is turned on, for people. */
const FEATURES: Readonly<Record<keyof IamFeatures, string>> = {
  createRepository: 'to create it',
  createStaging: 'with `create`',
  autoscaling: 'with `autoscaling`',
};

type RoleName = keyof typeof ROLES;
type Place = Omit<IamRequest, 'steps' | 'features' | 'self'>;

const EXAMPLE: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  cluster: 'pricing',
  service: { production: 'motor-pricing', staging: 'motor-pricing-staging' },
  family: 'motor-pricing',
  repository: 'motor-pricing',
  logGroup: '/ecs/motor-pricing',
  taskRoles: ['motor-pricing-task', 'motor-pricing-execution'],
  balancerRole: 'motor-pricing-load-balancer',
  secretPrefix: 'motor-pricing',
};

/** Where Terraform and CloudFormation put something in: both write it alike. */
const HOLE = '$' + '{';

function hole(name: string): string {
  return `${HOLE}${name}}`;
}

/** With the variables that Terraform's `templatefile` fills in. */
const TERRAFORM: Place = {
  account: hole('account'),
  region: hole('region'),
  cluster: hole('cluster'),
  service: { production: hole('production'), staging: hole('staging') },
  family: hole('family'),
  repository: hole('repository'),
  logGroup: hole('log_group'),
  taskRoles: [hole('task_role'), hole('execution_role')],
  balancerRole: hole('balancer_role'),
  secretPrefix: hole('secret_prefix'),
};

/** With the parameters of the CloudFormation template. */
const CLOUDFORMATION: Place = {
  account: hole('AWS::AccountId'),
  region: hole('AWS::Region'),
  cluster: hole('Cluster'),
  service: { production: hole('ProductionService'), staging: hole('StagingService') },
  family: hole('Family'),
  repository: hole('Repository'),
  logGroup: hole('LogGroup'),
  taskRoles: [hole('TaskRole'), hole('ExecutionRole')],
  balancerRole: hole('BalancerRole'),
  secretPrefix: hole('SecretPrefix'),
};

/** The stack names its roles after itself: a policy inside of a role cannot refer to the role. */
const STACK_ROLES = `${hole('AWS::StackName')}-*`;

/** The reference of the permissions, and the policies as the examples take them. */
export function emitAwsIam(): readonly GeneratedFile[] {
  return [
    { path: 'docs/reference/aws-ecs-iam.md', content: referencePage() },
    ...roleNames().map((role) => ({
      path: `examples/aws-ecs/iam/${role}.json`,
      content: json(iamPolicy({ ...TERRAFORM, self: hole('role'), steps: ROLES[role] })),
    })),
    { path: 'examples/aws-ecs/cloudformation/roles.json', content: json(rolesTemplate()) },
  ];
}

function roleNames(): readonly RoleName[] {
  return Object.keys(ROLES) as RoleName[];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function referencePage(): string {
  const policies = roleNames().flatMap((role) => [
    `### ${role}`,
    `For ${ROLES[role].map(code).join(', ')}.`,
    fence(iamPolicy({ ...EXAMPLE, self: `motor-pricing-${role}`, steps: ROLES[role] })),
  ]);
  return `${[
    '<!-- Written by `npm run generate` from shared/targets/aws-ecs/iam. Do not edit. -->',
    '# AWS ECS: permissions',
    'What each step asks of AWS, and nothing else. `validate` asks for nothing. Every call that the steps make to ECS, the load balancer, the logs and autoscaling is tested against these policies, and each of those actions is tested to be needed; the actions of a push are those that AWS documents for one.',
    markdownTable(['permissions', ...IAM_STEPS.map(code), 'what for'], GRANTS.map(grantRow)),
    'Where a resource is `*`, AWS knows nothing narrower for the action. `create` and `autoscaling` are keys of `[targets.aws-ecs]` in `haute.release.toml`; while they are not set, their permissions are not needed. The first autoscaling of an account also needs the role `AWSServiceRoleForApplicationAutoScaling_ECSService`, which an administrator makes once.',
    '## Policies',
    'For a cluster `pricing` with the services `motor-pricing` and `motor-pricing-staging`, one role for each kind of job:',
    ...policies,
    '## Trust policies',
    'Who may take a role by the token of a job, without keys that last. Each names one issuer, one audience and exact subjects.',
    '### GitHub',
    "Repositories that were made after 15 July 2026, and those that were renamed, moved or opted in since, put the numbers of the owner and of the repository into the subject; others do not. With both subjects, a role works before and after. `gh api repos/OWNER/REPO --jq '.owner.id, .id'` prints the numbers.",
    fence(
      githubTrust(
        { account: EXAMPLE.account, owner: 'acme', repository: 'motor', ownerId: 123456, repositoryId: 456789 },
        { environment: 'production' },
      ),
    ),
    '### GitLab',
    'The job asks for a token with `id_tokens: { AWS_ID_TOKEN: { aud: sts.amazonaws.com } }`. The subject names the branch, so let it be a protected one.',
    fence(gitlabTrust({ account: EXAMPLE.account, host: 'gitlab.com', project: 'acme/motor' }, { branch: 'main' })),
    '### Azure DevOps',
    'The issuer carries the id of the organization; the subject names the service connection.',
    fence(
      azureTrust({
        account: EXAMPLE.account,
        organizationId: '0a1b2c3d-0000-4000-8000-000000000000',
        organization: 'acme',
        project: 'motor',
        connection: 'aws-production',
      }),
    ),
  ].join('\n\n')}\n`;
}

function grantRow({ actions, steps, feature, why }: Grant): readonly string[] {
  const names = actions.map(code).join('<br>');
  const marks = IAM_STEPS.map((step) =>
    steps.includes(step) ? (feature === undefined ? 'yes' : FEATURES[feature]) : '',
  );
  return [names, ...marks, why];
}

function fence(document: PolicyDocument): string {
  return ['```json', json(document).trimEnd(), '```'].join('\n');
}

const SUBJECTS = {
  build: { branch: 'main' },
  staging: { environment: 'staging' },
  production: { environment: 'production' },
} as const;

function rolesTemplate(): object {
  const text = (Description: string, Default?: string) => ({
    Type: 'String',
    Description,
    ...(Default !== undefined && { Default }),
  });
  const subjects = roleNames().flatMap((role) => {
    const [scope = ['', '']] = Object.entries(SUBJECTS[role]);
    const where = `${scope[0]}:${scope[1]}`.replace('branch:', 'ref:refs/heads/');
    return [
      [`${pascal(role)}Subject`, text(`Subject of the jobs that take this role: repo:ORG/REPO:${where} on GitHub`)],
      [
        `${pascal(role)}SubjectById`,
        text(`The same with ids: repo:ORG@ID/REPO@ID:${where} on GitHub; leave it alone elsewhere`, 'none'),
      ],
    ] as const;
  });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Roles for the jobs of a pricing pipeline: one each to build, to stage and to promote',
    Parameters: {
      Issuer: text('Issuer of the tokens, without https://', 'token.actions.githubusercontent.com'),
      Audience: text('Audience of the tokens', 'sts.amazonaws.com'),
      ...Object.fromEntries(subjects),
      Cluster: text('Name of the ECS cluster'),
      ProductionService: text('Name of the service of production'),
      StagingService: text('Name of the service of staging'),
      Family: text('Family of the task definitions'),
      Repository: text('Name of the ECR repository'),
      LogGroup: text('Name of the log group of the tasks'),
      TaskRole: text('Name of the role of the tasks'),
      ExecutionRole: text('Name of the role that starts the tasks'),
      BalancerRole: text('Name of the role by which ECS moves traffic; leave it alone where there is none', 'none'),
      SecretPrefix: text('What the names of the secrets of the tasks begin with', 'motor-pricing'),
    },
    Resources: Object.fromEntries(roleNames().map((role) => [`${pascal(role)}Role`, roleResource(role)])),
    Outputs: Object.fromEntries(
      roleNames().map((role) => [
        `${pascal(role)}RoleArn`,
        { Value: { 'Fn::GetAtt': [`${pascal(role)}Role`, 'Arn'] } },
      ]),
    ),
  };
}

function roleResource(role: RoleName): object {
  // The issuer is part of a key, which Fn::Sub reaches in a text alone.
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:${hole('AWS::Partition')}:iam::${hole('AWS::AccountId')}:oidc-provider/${hole('Issuer')}`,
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${hole('Issuer')}:aud`]: hole('Audience'),
            [`${hole('Issuer')}:sub`]: [hole(`${pascal(role)}Subject`), hole(`${pascal(role)}SubjectById`)],
          },
        },
      },
    ],
  };
  const { Version, Statement } = iamPolicy({ ...CLOUDFORMATION, self: STACK_ROLES, steps: ROLES[role] });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { 'Fn::Sub': JSON.stringify(trust) },
      MaxSessionDuration: 3600,
      Policies: [{ PolicyName: `haute-${role}`, PolicyDocument: { Version, Statement: Statement.map(substituted) } }],
    },
  };
}

/** ARNs carry parameters, which CloudFormation puts in where it is told to. */
function substituted(statement: Statement): object {
  const put = (value: unknown): unknown => {
    if (typeof value === 'string') return value.includes(HOLE) ? { 'Fn::Sub': value } : value;
    if (Array.isArray(value)) return value.map(put);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
  };
  return put(statement) as object;
}

function pascal(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
