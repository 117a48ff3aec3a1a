import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT, StepBench } from '../../../tests/fakes/step-bench.ts';
import { decodeRelease } from '../../release/codec.ts';
import { latestEvidence } from '../../release/evidence.ts';
import type { Release } from '../../release/release.ts';
import { smokeTest } from './step.ts';

let bench: StepBench;
let release: Release;

beforeEach(async () => {
  bench = new StepBench();
  release = await bench.release('r', ['validated', 'built', 'staged']);
  const deployment = await bench.target.deploy(release, 'staging', { fresh: false } as never);
  bench.target.environment('staging').weights = { [deployment.id]: 100 };
  bench.target
    .environment('staging')
    .history.unshift({ deploymentId: deployment.id, releaseId: release.id, settledAt: '', evidence: '' });
});

function smoked() {
  return latestEvidence(decodeRelease(bench.files.text(`${ROOT}/.haute/release.json`), 'f'), 'smoked');
}

describe('smoke-test', () => {
  it('passes when every quote is as expected, and leaves evidence', async () => {
    const { end } = await bench.run(smokeTest);
    expect(end).toMatchObject({ result: 'pass', outputs: { passed: '2', failed: '0', 'p95-ms': '40' } });
    expect(smoked()).toMatchObject({ verdict: 'pass', facts: { failed: 0, quotes: 2 } });
  });

  it('fails on one wrong premium, says which quote, and leaves evidence of it', async () => {
    bench.pricing.set(release.id, { premium: 101, ms: 40 });
    const host = await bench.run(smokeTest);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1, outputs: { passed: '1', failed: '1' } });
    expect(host.annotations[0]).toMatchObject({ title: 'SMOKE-QUOTE-FAILED', place: { file: 'tests/quotes/a.json' } });
    expect(host.annotations[0]?.message).toContain('quote 0 "young driver": premium is 101, expected 100');
    expect(smoked()?.verdict).toBe('fail');
  });

  it('passes within a tolerance that is asked for', async () => {
    bench.pricing.set(release.id, { premium: 101, ms: 40 });
    expect((await bench.run(smokeTest, { tolerance: '1%' })).end).toMatchObject({ result: 'pass' });
  });

  it('fails on slow answers, with the figure and the limit', async () => {
    bench.pricing.set(release.id, { premium: 100, ms: 900 });
    const host = await bench.run(smokeTest);
    expect(host.end?.result).toBe('fail');
    expect(host.annotations.map(({ title, message }) => `${title} ${message}`)).toEqual([
      'SMOKE-TOO-SLOW p95 of one quote is 900 ms, the limit is 500 ms',
    ]);
    expect((await bench.run(smokeTest, { 'p95-latency': '1s' })).end?.result).toBe('pass');
  });

  it('refuses an address where another release answers', async () => {
    await bench.release('other', ['validated', 'built', 'staged']);
    const host = await bench.run(smokeTest);
    expect(host.annotations[0]).toMatchObject({ title: 'NOT-SERVING' });
    expect(host.annotations[0]?.message).toContain(release.id);
  });

  it('refuses an environment that nothing was deployed to', async () => {
    const host = await bench.run(smokeTest, { environment: 'uat' });
    expect(host.end?.exitCode).toBe(2);
    expect(host.annotations[0]?.title).toBe('ENVIRONMENT-EMPTY');
  });

  it('works on any address, without a release', async () => {
    bench.files.content.delete(`${ROOT}/.haute/release.json`);
    const { end } = await bench.run(smokeTest, { url: 'http://environment/staging' });
    expect(end).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(end?.outputs['release-id']).toBeUndefined();
  });

  it('warns of what somebody has put over the release', async () => {
    bench.target.environment('staging').foreign = 'motor-pricing:1';
    const host = await bench.run(smokeTest);
    expect(host.annotations[0]).toMatchObject({
      level: 'warning',
      title: 'ENVIRONMENT-NOT-OURS',
      message: expect.stringMatching(
        /^motor-pricing:1 serves staging in place of d-\d+\. Find out who .* run rollback/,
      ),
    });
  });

  it('warns of a promotion that nobody will finish', async () => {
    bench.target.environment('staging').mark = {
      promotionId: 'p',
      candidate: 'd-9',
      current: 'd-1',
      run: 'r',
      paused: false,
      supersede: false,
      owner: 'gone',
    };
    const host = await bench.run(smokeTest);
    expect(host.annotations[0]).toMatchObject({ level: 'warning', title: 'PROMOTION-HALF-DONE' });
    expect(host.end?.result).toBe('pass');
  });

  it('asks nothing in a dry run', async () => {
    const before = bench.clock.now();
    const { end } = await bench.run(smokeTest, { 'dry-run': 'true' });
    expect(end?.summary).toContain('Nothing was asked');
    expect(bench.clock.now()).toBe(before);
    expect(smoked()).toBeUndefined();
  });
});
