import { beforeEach, describe, expect, it } from 'vitest';
import { StepBench } from '../../../tests/fakes/step-bench.ts';
import { rollback } from './step.ts';

let bench: StepBench;
let ids: string[];

beforeEach(async () => {
  bench = new StepBench();
  ids = [];
  for (const commit of ['one', 'two', 'three']) ids.push(await bench.inProduction(await bench.release(commit, [])));
});

function production() {
  return bench.target.environment('production');
}

describe('rollback', () => {
  it('gives all traffic to the release before, and names it', async () => {
    const { end } = await bench.run(rollback);
    expect(end).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(end?.outputs['deployment-id']).toBe(ids[1]);
    expect(production()).toMatchObject({ weights: { [ids[1] ?? '']: 100 }, mark: undefined });
  });

  it('goes two steps back when asked twice, and no further than there is', async () => {
    await bench.run(rollback);
    expect((await bench.run(rollback)).end?.outputs['deployment-id']).toBe(ids[0]);
    const host = await bench.run(rollback);
    expect(host.end?.exitCode).toBe(1);
    expect(host.annotations[0]?.title).toBe('ROLLBACK-NOTHING');
  });

  it('goes to a release that is named', async () => {
    expect((await bench.run(rollback, { to: ids[0] ?? '' })).end?.outputs['deployment-id']).toBe(ids[0]);
  });

  it('starts a deployment that was wound down before it gives it traffic', async () => {
    await bench.target.setActive(ids[1] ?? '', false);
    await bench.run(rollback);
    expect(bench.target.deployments.get(ids[1] ?? '')?.status).toBe('active');
  });

  it('only ends a promotion that is under way, whoever runs it', async () => {
    production().weights = { [ids[2] ?? '']: 60, 'd-9': 40 };
    production().mark = {
      promotionId: 'p',
      candidate: 'd-9',
      current: ids[2],
      run: 'r',
      paused: false,
      supersede: false,
      owner: 'alive',
    };
    const { end } = await bench.run(rollback);
    expect(end?.outputs['deployment-id']).toBe(ids[2]);
    expect(production()).toMatchObject({ weights: { [ids[2] ?? '']: 100 }, mark: undefined });
    expect(production().history).toHaveLength(3);
  });

  it('says that there is nothing to cancel', async () => {
    const host = await bench.run(rollback, { cancel: 'true' });
    expect(host.annotations[0]?.title).toBe('PROMOTION-NONE');
    expect(production().weights).toEqual({ [ids[2] ?? '']: 100 });
  });

  it('puts the traffic back where it was when the old release does not answer', async () => {
    const old = bench.target.deployments.get(ids[1] ?? '');
    bench.target.behind = (url) => (url.includes('environment') ? bench.target.deployments.get(ids[2] ?? '') : old);
    const host = await bench.run(rollback);
    expect(host.end?.exitCode).toBe(1);
    expect(host.annotations[0]?.title).toBe('NOT-SERVING');
    expect(production()).toMatchObject({ weights: { [ids[2] ?? '']: 100 }, mark: undefined });
  });

  it('changes nothing in a dry run', async () => {
    const { end } = await bench.run(rollback, { 'dry-run': 'true' });
    expect(end?.outputs['deployment-id']).toBe(ids[1]);
    expect(production().weights).toEqual({ [ids[2] ?? '']: 100 });
  });
});
