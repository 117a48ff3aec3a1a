import { describe, expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { deploymentId, isDeploymentId, serviceOf } from './names.ts';
import { readEcsPolicy } from './policy.ts';

describe('[targets.aws-ecs]', () => {
  it('has a default for everything', () => {
    expect(readEcsPolicy()).toMatchObject({
      create: [],
      autoscaling: false,
      deployTimeoutMs: 1_800_000,
      environments: {},
    });
  });

  it('is read whole', () => {
    const policy = readEcsPolicy({
      container: 'app',
      create: ['staging'],
      role: 'arn:aws:iam::123456789012:role/ci',
      role_session: '4h',
      deploy_timeout: '45m',
      hold_timeout: '2h',
      autoscaling: true,
      environments: { staging: { service: 'motor-test', url: 'https://staging.example/', target_group: 'arn' } },
    });
    expect(policy).toMatchObject({
      container: 'app',
      roleSessionMs: 14_400_000,
      deployTimeoutMs: 2_700_000,
      holdTimeoutMs: 7_200_000,
    });
    expect(policy.environments.staging).toMatchObject({ service: 'motor-test', url: 'https://staging.example' });
  });

  it('says everything that is wrong in it at once', () => {
    let refused: unknown;
    try {
      readEcsPolicy({
        containr: 'app',
        create: 'staging',
        deploy_timeout: '15 days',
        hold_timeout: '30d',
        autoscaling: 'yes',
        environments: { staging: { url: 'staging.example', port: 1 } },
      });
    } catch (error) {
      refused = error;
    }
    const told = messageOf(refused);
    for (const key of ['containr', 'create', 'deploy_timeout', 'hold_timeout', 'autoscaling', 'url', 'port'])
      expect(told).toMatch(new RegExp(`\\[targets\\.aws-ecs[^\\]]*\\] ${key} `));
  });
});

describe('names', () => {
  const place = { region: 'eu-west-1', cluster: 'c', service: 'motor', stagingSuffix: '-staging' };
  const policy = readEcsPolicy({ environments: { blue: { service: 'other' } } });

  it.each([
    ['production', 'motor'],
    ['staging', 'motor-staging'],
    ['canary', 'motor-canary'],
    ['blue', 'other'],
  ])('%s is the service %s', (environment, service) => {
    expect(serviceOf(place, policy, environment)).toBe(service);
  });

  it('of deployments have no account in them', () => {
    expect(deploymentId('arn:aws:ecs:eu-west-1:123456789012:task-definition/motor:12')).toBe('motor:12');
    expect(deploymentId('motor:12')).toBe('motor:12');
  });

  it.each([
    ['motor:12', true],
    ['motor', false],
    ['motor:0', false],
    ['a b:1', false],
  ])('%j is an id: %s', (id, is) => {
    expect(isDeploymentId(id)).toBe(is);
  });
});
