import { describe, expect, it } from 'vitest';
import { IAM_STEPS, type IamRequest, type IamStep } from './place.ts';
import { grantsFor, iamPolicy } from './policy.ts';
import { azureTrust, githubSubjects, githubTrust, gitlabTrust } from './trust.ts';

const PLACE: Omit<IamRequest, 'steps'> = {
  account: '111122223333',
  region: 'eu-west-1',
  cluster: 'pricing',
  service: { production: 'motor', staging: 'motor-staging' },
  family: 'motor',
  repository: 'motor',
  logGroup: '/ecs/motor',
  taskRoles: ['task', 'execution'],
  balancerRole: 'balancer',
  secretPrefix: 'motor/',
  self: 'deploy',
};

const actionsOf = (steps: readonly IamStep[], features: IamRequest['features'] = {}) =>
  iamPolicy({ ...PLACE, steps, features }).Statement.flatMap(({ Action }) => Action);
const statement = (steps: readonly IamStep[], sid: string) =>
  iamPolicy({ ...PLACE, steps }).Statement.find(({ Sid }) => Sid === sid);

describe('a policy', () => {
  it('has no wildcard among its actions, and a resource of its own wherever AWS knows one', () => {
    const features = { createRepository: true, createStaging: true, autoscaling: true };
    const { Statement } = iamPolicy({ ...PLACE, steps: IAM_STEPS, features });
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(Statement.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid)).toEqual([
      'LogInToRegistry',
      'ReadTaskDefinitions',
      'ReadLoadBalancers',
      'ReadLogGroups',
      'DescribeParameters',
      'ReadQuota',
      'ListTasks',
      'ReadTargetHealth',
      'ReadAutoscaling',
    ]);
  });

  it.each(['smoke-test', 'impact-report'] as const)('for %s changes nothing', (step) => {
    expect(actionsOf([step]).filter((action) => !/:(Describe|List)/.test(action))).toEqual([]);
  });

  it.each(['deploy-staging', 'approve-promote'] as const)(
    'for %s reads the image from its registry, and pushes none',
    (step) => {
      const registry = actionsOf([step]).filter((action) => action.startsWith('ecr:'));
      expect(registry.toSorted()).toEqual([
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetAuthorizationToken',
        'ecr:GetDownloadUrlForLayer',
      ]);
    },
  );

  it('for staging does not reach production, and the other way round', () => {
    const arn = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:service/pricing/${name}`;
    expect(statement(['deploy-staging'], 'ChangeService')?.Resource).toBe(arn('motor-staging'));
    expect(statement(['approve-promote', 'rollback'], 'ChangeService')?.Resource).toBe(arn('motor'));
    expect(statement(['deploy-staging', 'rollback'], 'ChangeService')?.Resource).toEqual([
      arn('motor-staging'),
      arn('motor'),
    ]);
  });

  it('hands the roles of the tasks to ECS tasks alone', () => {
    expect(statement(['approve-promote'], 'PassTaskRoles')).toMatchObject({
      Resource: ['arn:aws:iam::111122223333:role/task', 'arn:aws:iam::111122223333:role/execution'],
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  });

  it('grows by a feature only when it is used', () => {
    expect(actionsOf(['build-push'])).not.toContain('ecr:CreateRepository');
    expect(actionsOf(['build-push'], { createRepository: true })).toContain('ecr:CreateRepository');
    expect(grantsFor({ steps: ['smoke-test'], features: { autoscaling: true } })).toEqual(
      grantsFor({ steps: ['smoke-test'] }),
    );
  });

  it('knows the other partitions', () => {
    const { Statement } = iamPolicy({ ...PLACE, partition: 'aws-cn', region: 'cn-north-1', steps: ['build-push'] });
    expect(Statement.at(-1)?.Resource).toBe('arn:aws-cn:ecr:cn-north-1:111122223333:repository/motor');
  });
});

describe('a trust policy', () => {
  const github = { owner: 'acme', repository: 'motor', ownerId: 12, repositoryId: 34 };

  it('names both subjects of GitHub, or the one that can be known', () => {
    expect(githubSubjects(github, { environment: 'production' })).toEqual([
      'repo:acme/motor:environment:production',
      'repo:acme@12/motor@34:environment:production',
    ]);
    expect(githubSubjects({ owner: 'acme', repository: 'motor' }, { branch: 'main' })).toEqual([
      'repo:acme/motor:ref:refs/heads/main',
    ]);
    expect(githubSubjects(github, { environment: 'eu:production' })[0]).toBe(
      'repo:acme/motor:environment:eu%3Aproduction',
    );
  });

  it.each([
    [
      githubTrust({ account: '1', ...github }, { environment: 'production' }),
      'token.actions.githubusercontent.com',
      'sts.amazonaws.com',
    ],
    [
      gitlabTrust({ account: '1', host: 'gitlab.com', project: 'acme/motor' }, { branch: 'main' }),
      'gitlab.com',
      'sts.amazonaws.com',
    ],
    [
      azureTrust({ account: '1', organizationId: 'o-1', organization: 'acme', project: 'motor', connection: 'aws' }),
      'vstoken.dev.azure.com/o-1',
      'api://AzureADTokenExchange',
    ],
  ])('%# names one issuer, one audience and subjects without wildcards', (trust, issuer, audience) => {
    const [only, ...more] = trust.Statement;
    expect(more).toEqual([]);
    expect(only?.Principal).toEqual({ Federated: `arn:aws:iam::1:oidc-provider/${issuer}` });
    const { StringEquals: conditions = {} } = only?.Condition ?? {};
    expect(Object.keys(only?.Condition ?? {})).toEqual(['StringEquals']);
    expect(conditions[`${issuer}:aud`]).toBe(audience);
    const subjects = [conditions[`${issuer}:sub`]].flat();
    expect(subjects.length).toBeGreaterThan(0);
    expect(subjects.filter((subject) => subject === undefined || subject.includes('*'))).toEqual([]);
  });
});
