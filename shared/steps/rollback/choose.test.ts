import { describe, expect, it } from 'vitest';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import type { Digest } from '../../release/digest.ts';
import { chooseRollback } from './choose.ts';

function deployment(name: string): Deployment {
  const digest: Digest = `sha256:${name.repeat(64)}`;
  return {
    id: `d-${name}`,
    releaseId: digest,
    packageDigest: digest,
    status: 'active',
    rawStatus: 'running',
    address: undefined,
    createdAt: '',
    replicas: 1,
  };
}

/** An environment whose history, newest first, is given by letters: `ba` promoted a, then b. */
function environment(history: string, deleted = ''): EnvironmentState {
  const letters = [...history];
  return {
    name: 'production',
    address: undefined,
    weights: {},
    current: letters[0] === undefined ? undefined : deployment(letters[0]),
    candidate: undefined,
    promotion: undefined,
    history: letters.map((name) => ({
      deploymentId: `d-${name}`,
      releaseId: deployment(name).releaseId,
      settledAt: '',
      evidence: '',
    })),
    deployments: [...new Set(letters)].filter((name) => !deleted.includes(name)).map(deployment),
    autoscaling: { min: 1, max: 1, concurrency: 1, windowMs: 1, scaleDownDelayMs: 1, utilization: 70 },
  };
}

describe('what a rollback goes back to', () => {
  it.each<[string, string, string | undefined, string]>([
    ['the release before', 'cba', undefined, 'd-b'],
    ['one step further when asked again', 'bcba', undefined, 'd-a'],
    ['past a release that is deleted', 'cba', undefined, 'd-b'],
    ['a deployment by its id', 'cba', 'd-a', 'd-a'],
    ['a release by its id', 'cba', deployment('a').releaseId, 'd-a'],
  ])('%s', (_, history, to, expected) => {
    expect(chooseRollback(environment(history), to).id).toBe(expected);
  });

  it('skips what was deleted', () => {
    expect(chooseRollback(environment('cba', 'b'), undefined).id).toBe('d-a');
  });

  it.each<[string, string, string]>([
    ['the first release', 'a', 'ROLLBACK-NOTHING'],
    ['an environment without releases', '', 'ROLLBACK-NOTHING'],
    ['going back from what was already gone back to', 'aba', 'ROLLBACK-NOTHING'],
  ])('says that there is nothing before %s', (_, history, code) => {
    expect(() => chooseRollback(environment(history), undefined)).toThrow(code);
  });

  it('names what it could go back to when the name is unknown', () => {
    expect(() => chooseRollback(environment('ba'), 'd-x')).toThrow(/ROLLBACK-UNKNOWN.*d-b.*d-a/);
  });
});
