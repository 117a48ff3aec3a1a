import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { RecordingHost } from '../../../tests/fakes/recording-host.ts';
import { ConfigError, GateFailure } from '../../errors.ts';
import type { QuoteEndpoint, ServingIdentity } from '../../ports/quote-endpoint.ts';
import type { Deployment, EnvironmentState, ServingAddress } from '../../release/deployment.ts';
import { digestOf } from '../../release/digest.ts';
import { DEFAULT_AUTOSCALING } from '../../release/policy.ts';
import { describeServed, proveEnvironment, verdictOf } from './prove-environment.ts';

const OURS = { releaseId: digestOf('release'), packageDigest: digestOf('package') };
const OTHER = { releaseId: digestOf('other release'), packageDigest: digestOf('other package') };
const PULLED: ServingAddress = {
  url: 'http://platform/production',
  wire: 'haute',
  pulled: { reference: 'registry.example/motor:production', patienceMs: 60_000 },
};

let clock: FakeClock;
let host: RecordingHost;

beforeEach(() => {
  clock = new FakeClock();
  host = new RecordingHost();
});

describe('who serves an environment', () => {
  it('is proven by the release that answers', async () => {
    const served = await prove({ address: PULLED }, () => OURS);
    expect(served).toMatchObject({ proven: true, url: PULLED.url, facts: { releaseId: OURS.releaseId } });
    expect([verdictOf(served), describeServed(served)]).toEqual(['pass', expect.stringContaining('with this release')]);
  });

  it('is proven by the package where others start servers that were not told their release', async () => {
    const served = await prove({ address: PULLED }, () => ({
      packageDigest: OURS.packageDigest,
      releaseId: undefined,
    }));
    expect(served).toMatchObject({ proven: true, facts: { provenBy: 'package', packageDigest: OURS.packageDigest } });
    expect(describeServed(served)).toContain('with the package of this release');
  });

  it('is waited for while others pull, and it is said what waits for whom', async () => {
    const served = await prove({ address: PULLED }, () => (clock.now() - began < 30_000 ? OTHER : OURS));
    expect(served.proven).toBe(true);
    const waiting = host.lines.filter((line) => line.includes('waiting until the servers at'));
    expect(waiting).toEqual([expect.stringContaining('pull registry.example/motor:production')]);
  });

  it.each<[string, ServingAddress, Partial<typeof OURS>]>([
    ['another release', PULLED, OTHER],
    ['another release of the same package', PULLED, { ...OTHER, packageDigest: OURS.packageDigest }],
    ['this release with another package', PULLED, { ...OURS, packageDigest: OTHER.packageDigest }],
    ['something that does not say what it is', PULLED, {}],
    [
      'a server of the target that was not told its release',
      { url: 'http://own', wire: 'haute' },
      { packageDigest: OURS.packageDigest },
    ],
  ])('is not proven by %s, however long it answers', async (_, address, identity) => {
    const proving = prove({ address }, () => identity);
    await expect(proving).rejects.toThrow(GateFailure);
    await expect(proving).rejects.toThrow(address.pulled ? /has to have them pull registry\.example/ : /NOT-SERVING/);
    expect(clock.now() - began).toBeGreaterThanOrEqual(address.pulled ? 60_000 : 5_000);
  });

  it('is not known without an address, which is a warning and no pass', async () => {
    const served = await prove({ address: undefined, noAddress: 'nobody says where' }, () => OURS);
    expect(served).toEqual({ proven: false, url: undefined, why: 'nobody says where' });
    expect([verdictOf(served), describeServed(served)]).toEqual(['warn', expect.stringContaining('Not proven')]);
    expect(host.annotations).toMatchObject([{ level: 'warning', title: 'SERVING-NOT-PROVEN' }]);
  });

  it('is not made up where the target does not say why there is no address', async () => {
    await expect(prove({ address: undefined }, () => OURS)).rejects.toThrow(ConfigError);
  });

  it('is no pass when nobody looked', () => {
    expect(verdictOf(undefined)).toBe('warn');
  });
});

let began: number;

function prove(state: Partial<EnvironmentState>, answer: () => Partial<ServingIdentity>) {
  began = clock.now();
  const endpoint: Partial<QuoteEndpoint> = {
    identify: async () => ({
      ok: true,
      detail: '',
      packageDigest: undefined,
      releaseId: undefined,
      deploymentId: undefined,
      ...answer(),
    }),
    close: async () => undefined,
  };
  const context = {
    host,
    clock,
    signal: new AbortController().signal,
    endpoints: { open: () => endpoint as QuoteEndpoint },
  };
  const deployment: Deployment = {
    id: 'd-1',
    ...OURS,
    status: 'active',
    rawStatus: '',
    address: undefined,
    createdAt: '',
    replicas: 0,
  };
  const whole: EnvironmentState = {
    name: 'production',
    address: undefined,
    weights: {},
    current: undefined,
    candidate: undefined,
    promotion: undefined,
    history: [],
    deployments: [],
    autoscaling: DEFAULT_AUTOSCALING,
    ...state,
  };
  return proveEnvironment(context as never, whole, deployment, 5_000);
}
