import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT, StepBench } from '../../../tests/fakes/step-bench.ts';
import { ProviderError } from '../../errors.ts';
import { decodeRelease } from '../../release/codec.ts';
import type { Release } from '../../release/release.ts';
import { deployStaging } from './step.ts';

let bench: StepBench;
let release: Release;

beforeEach(async () => {
  bench = new StepBench();
  release = await bench.release('r', ['validated', 'built']);
});

describe('deploy-staging', () => {
  it('ends when this release answers on the address of the environment, and leaves evidence', async () => {
    const { end } = await bench.run(deployStaging);
    expect(end).toMatchObject({
      result: 'pass',
      outputs: {
        'deployment-id': 'd-1',
        url: 'http://environment/staging',
        status: 'active',
        'release-id': release.id,
      },
    });
    expect(bench.target.environment('staging')).toMatchObject({ weights: { 'd-1': 100 }, mark: undefined });
    expect(decodeRelease(bench.files.text(`${ROOT}/.haute/release.json`), 'f').evidence.at(-1)).toMatchObject({
      kind: 'staged',
      facts: { deploymentId: 'd-1' },
    });
  });

  it('does not believe a platform that says it moved while the old release still answers', async () => {
    const old = await bench.inProduction(await bench.release('old', []));
    release = await bench.release('new', ['validated', 'built']);
    const honest = bench.target.behind.bind(bench.target);
    bench.target.behind = (url) => (url.includes('environment') ? bench.target.deployments.get(old) : honest(url));
    const host = await bench.run(deployStaging);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1, outputs: {} });
    expect(host.annotations[0]?.title).toBe('NOT-SERVING');
    expect(bench.target.environment('staging')).toMatchObject({ weights: {}, mark: undefined });
  });

  it('hands on what the target failed with', async () => {
    bench.target.before = (method) => {
      if (method === 'deploy')
        throw new ProviderError({ code: 'LOCAL-START', what: 'the server ended with code 3', fix: 'look at its log' });
    };
    const host = await bench.run(deployStaging);
    expect(host.end?.exitCode).toBe(3);
    expect(host.annotations[0]?.title).toBe('LOCAL-START');
  });

  it.each<[string, Readonly<Record<string, string>>, string, number]>([
    ['production', { environment: 'production' }, 'ENVIRONMENT-PRODUCTION', 2],
    ['a release that is not there', { release: '/elsewhere.json' }, 'RELEASE-MISSING', 2],
    ['an id that nobody knows', { release: `sha256:${'e'.repeat(64)}` }, 'RELEASE-MISSING', 2],
  ])('refuses %s', async (_, inputs, code, exitCode) => {
    const host = await bench.run(deployStaging, inputs);
    expect(host.annotations.map(({ title }) => title)).toEqual([code]);
    expect(host.end?.exitCode).toBe(exitCode);
    expect(bench.target.deployments.size).toBe(0);
  });

  it('takes the environment over from a promotion whose runner was killed', async () => {
    bench.target.environment('staging').mark = {
      promotionId: 'p',
      candidate: 'd-9',
      current: undefined,
      run: 'r',
      paused: false,
      supersede: false,
      owner: 'gone',
    };
    expect((await bench.run(deployStaging)).end?.result).toBe('pass');
  });

  it('shows the plan in a dry run and changes nothing', async () => {
    const { end } = await bench.run(deployStaging, { 'dry-run': 'true' });
    expect(end?.summary).toContain('environment staging');
    expect(bench.target.deployments.size).toBe(0);
  });
});
