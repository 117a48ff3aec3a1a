import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../shared/errors.ts';
import { EcrRepositories } from '../../shared/image/store/ecr-repositories.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { AwsError } from '../fakes/aws/aws-error.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';
import { NEVER } from './target-bench.ts';

const NAME = { registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'pricing/motor' };

let fake: FakeAws;
beforeEach(async () => {
  fake = new FakeAws();
  await fake.start();
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake.stop();
});

const repositories = (timeoutMs?: number): EcrRepositories => {
  const { endpoint, credentials } = fake.client;
  return new EcrRepositories({ config: { endpoint, credentials }, ...(timeoutMs !== undefined && { timeoutMs }) });
};
const names = () => fake.world.ecr.repositories.map(({ name }) => name);

describe('a repository of Amazon ECR', () => {
  it('is made where it is missing, and left alone where it is there', async () => {
    expect(await repositories().ensure(NAME, NEVER)).toBe(true);
    expect(names()).toEqual(['pricing/motor']);
    expect(await repositories().ensure(NAME, NEVER)).toBe(false);
    expect(fake.callsOf('CreateRepository')).toHaveLength(1);
  });

  it('is there as well when another job made it a moment before', async () => {
    expect(await repositories().ensure(NAME, NEVER)).toBe(true);
    fake.fail('DescribeRepositories', new AwsError('RepositoryNotFoundException', 'not seen yet'));
    expect(await repositories().ensure(NAME, NEVER)).toBe(false);
    expect(names()).toEqual(['pricing/motor']);
  });

  it('is made with the permissions of the generated policy, and with no others', async () => {
    const credentials = fake.world.credentials.get(fake.accessKeyId);
    const place = {
      account: '123456789012',
      region: 'eu-west-1',
      cluster: 'pricing',
      service: { production: 'motor', staging: 'motor-staging' },
      family: 'motor',
      repository: 'pricing/motor',
      logGroup: '/motor',
      taskRoles: [],
      balancerRole: 'balancer',
      secretPrefix: 'motor/',
      self: 'ci',
    };
    const policyWith = (createRepository: boolean) =>
      iamPolicy({ ...place, steps: ['build-push'], features: { createRepository } });
    if (credentials) credentials.policy = policyWith(false);
    await expect(repositories().ensure(NAME, NEVER)).rejects.toThrow(
      /AccessDeniedException.*ECR-REPOSITORY-REFUSED.*Allow ecr:DescribeRepositories and ecr:CreateRepository/s,
    );
    expect(names()).toEqual([]);
    if (credentials) credentials.policy = policyWith(true);
    expect(await repositories().ensure(NAME, NEVER)).toBe(true);
    const other = { ...NAME, repository: 'pricing/home' };
    await expect(repositories().ensure(other, NEVER)).rejects.toThrow('ECR-REPOSITORY-REFUSED');
  });

  it.each([
    ['CreateRepository', 'LimitExceededException', 400, /Do what AWS says, or create the repository by hand/],
    ['DescribeRepositories', 'InvalidParameterException', 400, /Do what AWS says/],
    ['DescribeRepositories', 'ExpiredTokenException', 403, /Give the job new credentials/],
    ['DescribeRepositories', 'UnrecognizedClientException', 400, /Allow ecr:DescribeRepositories/],
    ['DescribeRepositories', 'ThrottlingException', 400, /Run the step again later/],
  ])('that cannot be made says what to do: %s, %s', async (operation, name, status, fix) => {
    fake.fail(operation, new AwsError(name, 'no', status), 10);
    await expect(repositories().ensure(NAME, NEVER)).rejects.toThrow(fix);
    expect(names()).toEqual([]);
  });

  it('is not taken for missing when AWS fails', async () => {
    fake.fail('DescribeRepositories', 'unavailable', 10);
    await expect(repositories().ensure(NAME, NEVER)).rejects.toMatchObject({
      retryable: true,
      status: 503,
      problem: { code: 'ECR-UNAVAILABLE' },
    });
    expect(names()).toEqual([]);
  });

  it('is waited for no longer than a minute, and not at all by a run that ended', async () => {
    fake.fail('DescribeRepositories', 'silent', 10);
    await expect(repositories(200).ensure(NAME, NEVER)).rejects.toThrow(/no answer.*ECR-UNAVAILABLE/s);
    await expect(repositories().ensure(NAME, AbortSignal.abort())).rejects.toThrow(Interrupted);
  });

  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', true],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', true],
    ['public.ecr.aws', false],
    ['ghcr.io', false],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com', false],
  ])('%s: %s', (registry, can) => {
    expect(repositories().worksAt(registry)).toBe(can);
  });
});
