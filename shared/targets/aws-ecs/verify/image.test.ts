import { describe, expect, it } from 'vitest';
import { listenerOf } from '../addresses.ts';
import { trackingOf } from '../scaling.ts';
import { ecrImage, platformOf, platformsOf } from './image.ts';

it.each([
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/motor',
    { account: '123456789012', region: 'eu-west-1', repository: 'team/motor' },
  ],
  [
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/motor',
    { account: '123456789012', region: 'cn-north-1', repository: 'motor' },
  ],
  [
    '123456789012.dkr-ecr.eu-west-1.on.aws/motor',
    { account: '123456789012', region: 'eu-west-1', repository: 'motor' },
  ],
  ['ghcr.io/team/motor', undefined],
  ['motor', undefined],
])('%s is %o', (name, expected) => {
  expect(ecrImage(name)).toEqual(expected);
});

describe('the platform', () => {
  it.each([
    [undefined, 'linux/amd64'],
    [{ cpuArchitecture: 'ARM64' as const }, 'linux/arm64'],
    [{ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' as const }, 'windows/amd64'],
  ])('of a task of %o is %s', (runtimePlatform, platform) => {
    expect(platformOf({ runtimePlatform })).toBe(platform);
  });

  it('of an index is each of its images, attestations left out', () => {
    const manifests = [
      { platform: { os: 'linux', architecture: 'amd64' } },
      { platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    expect(platformsOf(JSON.stringify({ manifests }))).toEqual(['linux/amd64']);
  });

  it('of one image alone is not known from its manifest', () => {
    expect(platformsOf(JSON.stringify({ config: {}, layers: [] }))).toBeUndefined();
    expect(platformsOf('')).toBeUndefined();
  });
});

it.each([
  [
    'arn:aws:elasticloadbalancing:e:1:listener-rule/app/p/50dc/f2f7/9683',
    'arn:aws:elasticloadbalancing:e:1:listener/app/p/50dc/f2f7',
  ],
  [
    'arn:aws:elasticloadbalancing:e:1:listener/net/p/50dc/f2f7',
    'arn:aws:elasticloadbalancing:e:1:listener/net/p/50dc/f2f7',
  ],
])('the listener of %s', (rule, listener) => {
  expect(listenerOf(rule)).toBe(listener);
});

it('hands autoscaling over in seconds and percent', () => {
  const wanted = { min: 1, max: 4, concurrency: 8, windowMs: 60_000, scaleDownDelayMs: 900_000, utilization: 70 };
  expect(trackingOf(wanted)).toMatchObject({ TargetValue: 70, ScaleOutCooldown: 60, ScaleInCooldown: 900 });
});
