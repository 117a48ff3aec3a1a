import { expect, it } from 'vitest';
import { fargateUse } from './quota-use.ts';
import { referencesOf } from './secret-references.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:motor/key-AbCdEf';
const found = (...secrets: readonly string[]) =>
  referencesOf(
    {
      family: 'motor',
      containerDefinitions: [{ name: 'app', secrets: secrets.map((valueFrom) => ({ name: 'X', valueFrom })) }],
    },
    'eu-west-1',
  );

it.each([
  [SECRET, { id: SECRET, region: 'eu-central-1', stage: undefined }],
  [`${SECRET}:username::`, { id: SECRET, region: 'eu-central-1', stage: undefined }],
  [`${SECRET}::BLUE:`, { id: SECRET, region: 'eu-central-1', stage: 'BLUE' }],
])('%s is a secret', (valueFrom, expected) => {
  expect(found(valueFrom)).toEqual({ secrets: [expected], parameters: [] });
});

it.each([
  ['/motor/key', { names: ['/motor/key'], region: 'eu-west-1', account: undefined }],
  ['key', { names: ['key'], region: 'eu-west-1', account: undefined }],
  [
    'arn:aws:ssm:eu-central-1:123456789012:parameter/motor/key',
    { names: ['/motor/key'], region: 'eu-central-1', account: '123456789012' },
  ],
  [
    'arn:aws:ssm:eu-west-1:123456789012:parameter/key',
    { names: ['key', '/key'], region: 'eu-west-1', account: '123456789012' },
  ],
])('%s is a parameter', (valueFrom, expected) => {
  expect(found(valueFrom)).toEqual({ secrets: [], parameters: [expected] });
});

it('has a secret once, however many of its keys are used', () => {
  expect(found(`${SECRET}:a::`, `${SECRET}:b::`, SECRET).secrets).toHaveLength(1);
});

it.each<[string, object, string, object | undefined]>([
  ['Fargate', { launchType: 'FARGATE', desiredCount: 3 }, '512', { code: 'L-3032A538', steady: 1.5, peak: 3 }],
  ['a Fargate that is written out', { launchType: 'FARGATE', desiredCount: 2 }, '.5 vCPU', { steady: 1, peak: 2 }],
  [
    'Fargate Spot',
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }], desiredCount: 1 },
    '1024',
    { code: 'L-36FBB829', steady: 1 },
  ],
  [
    'both',
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT' }] },
    '256',
    undefined,
  ],
  ['instances', { launchType: 'EC2', desiredCount: 1 }, '256', undefined],
])('takes of the quota on %s', (_what, service, cpu, expected) => {
  const use = fargateUse({ service, shape: { family: 'm', containerDefinitions: [], cpu } });
  if (expected === undefined) expect(use).toBeUndefined();
  else expect(use).toMatchObject(expected);
});
