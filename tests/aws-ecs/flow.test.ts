import { afterEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../shared/errors.ts';
import type { Release } from '../../shared/release/release.ts';
import { approvePromote } from '../../shared/steps/approve-promote/step.ts';
import { deployStaging } from '../../shared/steps/deploy-staging/step.ts';
import { rollback } from '../../shared/steps/rollback/step.ts';
import { smokeTest } from '../../shared/steps/smoke-test/step.ts';
import { serviceHandlers } from '../fakes/aws/ecs/services.ts';
import type { RecordingHost } from '../fakes/recording-host.ts';
import { type FlowBench, startFlow } from './flow-bench.ts';
import type { BenchOptions } from './target-bench.ts';

const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;

const HOLD = { 'hold-for-approval': 'true', 'min-approvers': '1' };

let flow: FlowBench;
afterEach(async () => {
  expect(flow.bench.fake.violations).toEqual([]);
  await flow.stop();
});

/** A release in staging, smoked and with its impact known. */
async function staged(): Promise<Release> {
  const release = await flow.build();
  const deployed = await flow.run(deployStaging);
  expect([deployed.end?.result, deployed.annotations]).toEqual(['pass', []]);
  const smoked = await flow.run(smokeTest);
  expect([smoked.end?.result, smoked.annotations]).toEqual(['pass', []]);
  await flow.witness('impact');
  return release;
}

async function inProduction(options: BenchOptions): Promise<Release> {
  flow = await startFlow(options);
  const release = await staged();
  const promoted = await flow.run(approvePromote);
  expect([promoted.end?.result, promoted.annotations]).toEqual(['pass', []]);
  expect(promoted.lines.join('\n')).toMatch(
    /all at once: (motor-pricing:1, which serves now, is no release|the service)/,
  );
  expect(promoted.end?.summary).toContain('| served before | `motor-pricing:1`, which is no release |');
  expect(await flow.callers(6)).toEqual({ [release.id]: 6 });
  return release;
}

const state = () => flow.bench.target.inspect('production');
const lastEvidence = async () => (await flow.current()).evidence.at(-1);

describe('a service that moves traffic in steps', () => {
  it('is promoted stage by stage, each seen by callers, and settles', async () => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    const seen: (readonly [number, number])[] = [];
    const sleep = flow.bench.clock.sleep.bind(flow.bench.clock);
    flow.bench.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      const production = flow.bench.account.service.deployments[0]?.revision.productionWeight ?? 0;
      if (seen.at(-1)?.[0] !== production && production > 0)
        seen.push([production, (await flow.callers(10))[next.id] ?? 0]);
    };
    const host = await flow.run(approvePromote);
    expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
    expect(host.end?.outputs.stages).toBe('10, 20, 30, 40, 50, 60, 70, 80, 90, 100');
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => [10 * (index + 1), index + 1]));
    expect(await flow.callers(5)).toEqual({ [next.id]: 5 });
    const { history, promotion } = await state();
    expect([history.map(({ releaseId }) => releaseId), promotion]).toEqual([[next.id, first.id], undefined]);
    expect(JSON.stringify(host.end?.outputs)).not.toContain(flow.bench.fake.world.account);
    // Whoever reads the log is told what changed, and not at each stage anew what stayed.
    const told = (text: string) => host.lines.filter((line) => line.includes(text)).length;
    expect(['is IN_PROGRESS', '4 tasks run, 2 are wanted', '50 % of the production traffic'].map(told)).toEqual([
      1, 1, 1,
    ]);
  });

  it('never shows callers a premium that is wrong in the dark', async () => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    flow.premiums.set(next.id, 101);
    const host = await flow.run(approvePromote);
    expect(host.end?.result).toBe('fail');
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    expect((await state()).promotion).toBeUndefined();
    expect(await lastEvidence()).toMatchObject({ kind: 'reverted', facts: { stages: [] } });
    expect(flow.bench.account.service.deployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
  });

  it.each([30, 100])('gives all traffic back when the premium goes wrong at a share of %i', async (percent) => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    flow.bench.fake.world.time.onStep = () => {
      const weight = flow.bench.account.service.deployments[0]?.revision.productionWeight ?? 0;
      if (weight >= percent) flow.premiums.set(next.id, 90);
    };
    const host = await flow.run(approvePromote);
    expect(host.end?.result).toBe('fail');
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    const { weights, current, promotion } = await state();
    expect([weights, promotion]).toEqual([{ [current?.id ?? '']: 100 }, undefined]);
    expect((await lastEvidence())?.facts.reason).toMatch(/not as expected/);
  });

  it('gives all traffic back when the job is cancelled in the middle', async () => {
    const first = await inProduction({ configuration: LINEAR });
    await staged();
    flow.bench.fake.world.time.onStep = () => {
      const weight = flow.bench.account.service.deployments[0]?.revision.productionWeight ?? 0;
      if (weight === 40) flow.controller.abort(new Interrupted('SIGTERM'));
    };
    await flow.run(approvePromote);
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    expect((await state()).promotion).toBeUndefined();
  });

  it('is given back by the next rollback when the runner was killed', async () => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    const route = flow.bench.target.route.bind(flow.bench.target);
    const { id } = await flow.bench.target.deploy(next, 'production', flow.bench.deploying());
    const current = (await state()).current?.id;
    const mark = { promotionId: 'killed', candidate: id, current, run: 'x', paused: false, supersede: false };
    await route('production', { [id]: 100 }, mark);
    expect(await flow.callers(4)).toEqual({ [next.id]: 4 });
    const host = await flow.run(rollback, { cancel: 'true' });
    expect(host.end?.result).toBe('pass');
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    expect((await state()).promotion).toBeUndefined();
  });

  it('hands on what no host hides: the account is in no output of any step', async () => {
    await inProduction({ configuration: LINEAR });
    await flow.build();
    const { account } = flow.bench.fake.world;
    const outputs = async (step: Parameters<FlowBench['run']>[0], inputs = {}) =>
      (await flow.run(step, inputs)).end?.outputs;
    const staged = await outputs(deployStaging);
    const smoked = await outputs(smokeTest);
    await flow.witness('impact');
    const promoted = await outputs(approvePromote, { ramp: '0s' });
    const back = await outputs(rollback);
    expect([staged, smoked, promoted, back].filter((each) => each === undefined)).toEqual([]);
    expect(JSON.stringify([staged, smoked, promoted, back])).not.toContain(account);
    expect([staged?.['deployment-id'], back?.['deployment-id']]).toEqual([
      expect.stringMatching(/^motor-pricing:\d+$/),
      expect.stringMatching(/^motor-pricing:\d+$/),
    ]);
  });

  it('is rolled back to the release before', async () => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    expect((await flow.run(approvePromote, { ramp: '0s' })).end?.result).toBe('pass');
    expect(await flow.callers(4)).toEqual({ [next.id]: 4 });
    const host = await flow.run(rollback, { reason: 'too dear' });
    expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
    expect(await flow.callers(4)).toEqual({ [first.id]: 4 });
  });

  it('is handed over after the look in the dark, goes on by itself, and is settled by a later run', async () => {
    const first = await inProduction({ configuration: LINEAR });
    const next = await staged();
    const handed = await flow.run(approvePromote, { wait: 'false' });
    expect([handed.end?.result, handed.annotations.map(({ title }) => title)]).toEqual([
      'warn',
      ['PROMOTION-HANDED-OVER'],
    ]);
    expect(await flow.callers(10)).toEqual({ [first.id]: 9, [next.id]: 1 });
    expect((await state()).promotion).toMatchObject({ owner: 'paused' });
    flow.bench.fake.pass(2.5 * 60_000);
    expect((await flow.callers(10))[next.id]).toBe(3);
    flow.bench.fake.pass(60 * 60_000);
    expect(await flow.callers(10)).toEqual({ [next.id]: 10 });
    const settled = await flow.run(approvePromote);
    expect([settled.end?.result, settled.annotations]).toEqual(['pass', []]);
    const { promotion, history } = await state();
    expect([promotion, history.map(({ releaseId }) => releaseId)]).toEqual([undefined, [next.id, first.id]]);
    expect(flow.bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
  });

  it('is not handed over with a premium that is wrong in the dark', async () => {
    const first = await inProduction({ configuration: LINEAR });
    flow.premiums.set((await staged()).id, 101);
    const host = await flow.run(approvePromote, { wait: 'false' });
    expect(host.end?.result).toBe('fail');
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    expect((await state()).promotion).toBeUndefined();
  });

  it('is given back by rollback after it was handed over', async () => {
    const first = await inProduction({ configuration: LINEAR });
    await staged();
    await flow.run(approvePromote, { wait: 'false' });
    expect((await flow.run(rollback, { cancel: 'true' })).end?.result).toBe('pass');
    expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    expect((await state()).promotion).toBeUndefined();
  });

  describe('with a promotion that waits for its approval', () => {
    const HOUR = 3_600_000;
    const titles = (host: RecordingHost) => host.annotations.map(({ title }) => title);

    it('keeps the candidate behind the test listener without a runner, and goes on once it is approved', async () => {
      const first = await inProduction({ configuration: LINEAR });
      const next = await staged();
      const held = await flow.run(approvePromote, HOLD);
      expect([held.end?.result, titles(held)]).toEqual(['warn', ['PROMOTION-AWAITS-APPROVAL']]);
      const asked = flow.bench.fake.callsOf('ContinueServiceDeployment').length;
      flow.bench.fake.pass(20 * HOUR);
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
      expect(flow.bench.fake.callsOf('ContinueServiceDeployment').length).toBe(asked);
      expect((await state()).candidate).toMatchObject({ releaseId: next.id, status: 'active' });

      flow.approvers.push('ann');
      const host = await flow.run(approvePromote, { 'min-approvers': '1' });
      expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
      expect(host.end?.outputs.stages).toBe('10, 20, 30, 40, 50, 60, 70, 80, 90, 100');
      expect(await flow.callers(5)).toEqual({ [next.id]: 5 });
      expect(flow.bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
    });

    it('is given up by AWS when nobody approves in time, and begun anew after that', async () => {
      const first = await inProduction({ configuration: LINEAR });
      const next = await staged();
      await flow.run(approvePromote, HOLD);
      flow.bench.fake.pass(25 * HOUR);
      expect(flow.bench.account.service.deployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
      expect((await state()).promotion).toMatchObject({ owner: 'gone' });
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
      flow.approvers.push('ann');
      const host = await flow.run(approvePromote, { 'min-approvers': '1', ramp: '0s' });
      expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
      expect(await flow.callers(5)).toEqual({ [next.id]: 5 });
    });

    it('is ended by rollback with cancel', async () => {
      const first = await inProduction({ configuration: LINEAR });
      await staged();
      await flow.run(approvePromote, HOLD);
      expect((await flow.run(rollback, { cancel: 'true' })).end?.result).toBe('pass');
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
      expect((await state()).promotion).toBeUndefined();
      expect(flow.bench.account.service.configuration).toMatchObject({ ...LINEAR, lifecycleHooks: [] });
    });

    it('is not handed over afterwards to gates that nobody would open', async () => {
      await inProduction({ configuration: LINEAR });
      await staged();
      await flow.run(approvePromote, HOLD);
      flow.approvers.push('ann');
      const host = await flow.run(approvePromote, { 'min-approvers': '1', wait: 'false' });
      expect(titles(host)).toContain('ECS-STEPS-GUARDED');
    });

    it('is not taken up without the gates between its steps, where they are to be checked', async () => {
      const first = await inProduction({ configuration: LINEAR });
      await staged();
      await flow.run(approvePromote, { ...HOLD, wait: 'false' });
      flow.approvers.push('ann');
      const host = await flow.run(approvePromote, { 'min-approvers': '1' });
      expect(titles(host)).toContain('ECS-STEPS-UNGUARDED');
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
      expect((await state()).promotion).toBeUndefined();
    });

    it('stays dark where the service has a pause of its own that goes on by itself', async () => {
      const own = {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 30, action: 'CONTINUE' },
      };
      const first = await inProduction({ configuration: { ...LINEAR, lifecycleHooks: [own] } as typeof LINEAR });
      await staged();
      await flow.run(approvePromote, { ...HOLD, wait: 'false' });
      flow.bench.fake.pass(3 * HOUR);
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
    });

    it('makes no service that would serve at once', async () => {
      await inProduction({ configuration: LINEAR, policy: { create: ['staging', 'france'] } });
      await staged();
      const made = flow.bench.fake.callsOf('CreateService').length;
      const host = await flow.run(approvePromote, { ...HOLD, environment: 'france' });
      expect(titles(host)).toEqual(['UNSUPPORTED']);
      expect(flow.bench.fake.callsOf('CreateService').length).toBe(made);
    });

    it('changes nothing of the autoscaling of what serves', async () => {
      await inProduction({ configuration: LINEAR, policy: { autoscaling: true } });
      await staged();
      const before = flow.bench.fake.callsOf('RegisterScalableTarget').length;
      await flow.run(approvePromote, HOLD);
      expect(flow.bench.fake.callsOf('RegisterScalableTarget').length).toBe(before);
    });

    it('goes on by itself once it is approved, where it was to be handed over from the start', async () => {
      const first = await inProduction({ configuration: LINEAR });
      const next = await staged();
      await flow.run(approvePromote, { ...HOLD, wait: 'false' });
      flow.bench.fake.pass(3 * HOUR);
      expect(await flow.callers(10)).toEqual({ [first.id]: 10 });
      flow.approvers.push('ann');
      const handed = await flow.run(approvePromote, { 'min-approvers': '1', wait: 'false' });
      expect(titles(handed)).toEqual(['PROMOTION-HANDED-OVER']);
      flow.bench.fake.pass(HOUR);
      expect(await flow.callers(10)).toEqual({ [next.id]: 10 });
    });
  });

  it('has nothing to do for a release that it serves', async () => {
    await inProduction({ configuration: LINEAR });
    const updates = flow.bench.fake.callsOf('UpdateService').length;
    const host = await flow.run(approvePromote);
    expect([host.end?.result, host.lines.join('\n')]).toEqual([
      'pass',
      expect.stringMatching(/already; nothing to do/),
    ]);
    expect(flow.bench.fake.callsOf('UpdateService').length).toBe(updates);
  });

  it('tells in a dry run how it would be moved, and changes nothing', async () => {
    await inProduction({ configuration: LINEAR });
    await staged();
    const before = flow.bench.fake.calls.length;
    const host = await flow.run(approvePromote, { 'dry-run': 'true' });
    expect(host.end?.summary).toMatch(/LINEAR, 10 % at a time with 1 min after each/);
    expect(host.end?.summary).toMatch(/differs from what runs in 2 fields: containerDefinitions.*image/);
    const writes = /^(Register|Update|Create|Delete|Deregister|Tag|Untag|Stop|Continue|Put)/;
    expect(flow.bench.fake.calls.slice(before).filter(({ operation }) => writes.test(operation))).toEqual([]);
  });
});

describe('a service that serves what is no release', () => {
  const untouched = async () => {
    expect(await state()).toMatchObject({ foreign: 'motor-pricing:1', promotion: undefined, deployments: [] });
    expect(bench().account.service.taskDefinition?.revision).toBe(1);
    expect(bench().account.service.deployments).toHaveLength(1);
  };
  const bench = () => flow.bench;

  it.each([
    ['nobody has said that it may be replaced', undefined, { configuration: LINEAR }],
    ['another one may be replaced', 'motor-pricing:2', { configuration: LINEAR }],
    ['tasks are replaced one by one', undefined, {}],
  ])('is left as it is where %s', async (_, takeOver, options) => {
    flow = await startFlow(options);
    flow.takeOver = takeOver;
    await staged();
    const asked = bench().fake.calls.length;
    const { end, annotations } = await flow.run(approvePromote);
    expect(end).toMatchObject({ result: 'inconclusive', exitCode: 1, outputs: {} });
    expect(annotations).toMatchObject([
      {
        level: 'error',
        title: 'ENVIRONMENT-NOT-OURS',
        message: expect.stringContaining('take_over = "motor-pricing:1" under [environments.production]'),
      },
    ]);
    expect(end?.summary).toContain('motor-pricing:1 serves production and is no release');
    expect(changes(asked)).toEqual([]);
    await untouched();
    expect((await lastEvidence())?.kind).toBe('impact');
  });

  it('is left as it is by a candidate that waits for its approval', async () => {
    flow = await startFlow({ configuration: LINEAR });
    flow.takeOver = undefined;
    await staged();
    const { end } = await flow.run(approvePromote, { 'hold-for-approval': 'true' });
    expect(end?.result).toBe('inconclusive');
    await untouched();
  });

  it('is planned for as little as it is replaced', async () => {
    flow = await startFlow({ configuration: LINEAR });
    flow.takeOver = undefined;
    await staged();
    expect((await flow.run(approvePromote, { 'dry-run': 'true' })).end?.result).toBe('inconclusive');
  });

  it('needs no word any more once it was replaced', async () => {
    await inProduction({ configuration: LINEAR });
    flow.takeOver = undefined;
    await staged();
    expect((await flow.run(approvePromote, { ramp: '0s' })).end?.result).toBe('pass');
  });

  it.each([{ configuration: LINEAR }, {}])(
    'over a release of ours is neither replaced nor compared with, and rollback gives the traffic back: %o',
    async (options) => {
      const first = await inProduction(options);
      await staged();
      putOver(bench().account.taskDefinition.arn);
      expect(await state()).toMatchObject({ foreign: 'motor-pricing:1', current: { releaseId: first.id } });
      const refused = await flow.run(approvePromote, { ramp: '0s' });
      expect(refused.end).toMatchObject({ result: 'inconclusive' });
      expect(refused.annotations[0]?.message).toMatch(/Find out who put it over motor-pricing:2, and run rollback/);
      expect((await state()).foreign).toBe('motor-pricing:1');
      const back = await flow.run(rollback);
      expect([back.end?.result, back.annotations]).toEqual(['pass', []]);
      expect(back.end?.summary).toContain('| served before | `motor-pricing:1`, which is no release |');
      expect(await flow.callers(4)).toEqual({ [first.id]: 4 });
      const { foreign, history, promotion } = await state();
      expect([foreign, history.map(({ releaseId }) => releaseId), promotion]).toEqual([
        undefined,
        [first.id],
        undefined,
      ]);
      expect((await flow.run(approvePromote, { ramp: '0s' })).end?.result).toBe('pass');
    },
  );

  it.each([
    ['in steps', 'gone', { ...LINEAR, lifecycleHooks: [] }],
    ['task by task', 'paused', { strategy: 'ROLLING' }],
  ])(
    'over a release of ours, %s while a candidate waited, is not replaced, and rollback gives the traffic back',
    async (_, owner, deploymentConfiguration) => {
      const first = await inProduction({ configuration: LINEAR });
      await staged();
      const held = await flow.run(approvePromote, HOLD);
      expect(held.end?.result).toBe('warn');
      putOver(bench().account.taskDefinition.arn, { deploymentConfiguration });
      expect(await state()).toMatchObject({ foreign: 'motor-pricing:1', promotion: { owner } });
      flow.approvers.push('ann');
      const asked = bench().fake.calls.length;
      const host = await flow.run(approvePromote, { 'min-approvers': '1', ramp: '0s' });
      expect([host.end?.result, host.annotations.map(({ title }) => title)]).toEqual([
        'inconclusive',
        ['ENVIRONMENT-NOT-OURS'],
      ]);
      expect(changes(asked)).toEqual([]);
      expect((await flow.run(rollback, { cancel: 'true' })).end?.result).toBe('pass');
      expect(await flow.callers(4)).toEqual({ [first.id]: 4 });
      const after = await state();
      expect([after.foreign, after.promotion]).toEqual([undefined, undefined]);
    },
  );

  it('is told of while the first candidate waits in front of it, and replaced only where the policy still names it', async () => {
    flow = await startFlow({ configuration: LINEAR });
    const release = await staged();
    expect((await flow.run(approvePromote, HOLD)).end?.result).toBe('warn');
    expect(await state()).toMatchObject({ foreign: 'motor-pricing:1', promotion: { owner: 'paused' } });
    flow.approvers.push('ann');
    flow.takeOver = undefined;
    expect((await flow.run(approvePromote, { 'min-approvers': '1' })).end?.result).toBe('inconclusive');
    flow.takeOver = 'motor-pricing:1';
    const { end } = await flow.run(approvePromote, { 'min-approvers': '1' });
    expect(end?.result).toBe('pass');
    expect(end?.summary).toContain('| served before | `motor-pricing:1`, which is no release |');
    expect(await flow.callers(4)).toEqual({ [release.id]: 4 });
  });

  it('serves again once its first candidate is taken back, and rollback says so', async () => {
    flow = await startFlow({ configuration: LINEAR });
    await staged();
    await flow.run(approvePromote, HOLD);
    const planned = await flow.run(rollback, { cancel: 'true', 'dry-run': 'true' });
    expect(planned.end?.summary).toContain('would go to what served before the promotion, which is no release');
    const { end, lines } = await flow.run(rollback, { cancel: 'true' });
    expect(end?.summary).toContain('| serves now | `motor-pricing:1`, which is no release |');
    expect(lines.join('\n')).toMatch(/production serves motor-pricing:1, which is no release, as before/);
    await untouchedAgain();
  });

  async function untouchedAgain(): Promise<void> {
    expect(await state()).toMatchObject({ foreign: 'motor-pricing:1', promotion: undefined, history: [] });
    expect(await flow.callers(2)).toEqual({ nobody: 2 });
  }

  /** As somebody does who deploys without these steps. */
  function putOver(taskDefinition: string, more: object = {}): void {
    const over = { cluster: 'pricing', service: 'motor-pricing', taskDefinition, ...more };
    serviceHandlers.UpdateService?.(bench().fake.world, over, { arn: '', userId: '', endpoint: '' });
    bench().fake.pass(3_600_000);
  }

  function changes(since: number): readonly string[] {
    return bench()
      .fake.calls.slice(since)
      .map(({ operation }) => operation)
      .filter((operation) => !/^(Describe|List|Get|Batch|Simulate)/.test(operation));
  }
});

describe('a service that replaces task by task', () => {
  it('is promoted all at once, and says that it cannot do stages', async () => {
    await inProduction({});
    const next = await staged();
    const host = await flow.run(approvePromote);
    expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
    expect(host.lines.join('\n')).toMatch(/all at once: the service motor-pricing has the strategy ROLLING/);
    expect(await flow.callers(4)).toEqual({ [next.id]: 4 });
  });

  it('is refused when it is to go on by itself', async () => {
    await inProduction({});
    await staged();
    const host = await flow.run(approvePromote, { wait: 'false' });
    expect(host.annotations.map(({ title }) => title)).toEqual(['UNSUPPORTED']);
  });

  it('keeps nobody waiting where the candidate would have callers at once', async () => {
    await inProduction({});
    await staged();
    const host = await flow.run(approvePromote, { 'hold-for-approval': 'true', 'min-approvers': '1' });
    expect(host.annotations.map(({ title }) => title)).toEqual(['UNSUPPORTED']);
  });

  it('is refused before anything is changed when stages are asked for', async () => {
    await inProduction({});
    await staged();
    const host = await flow.run(approvePromote, { ramp: '10m' });
    expect(host.annotations.map(({ title }) => title)).toEqual(['UNSUPPORTED']);
    expect(host.annotations[0]?.message).toMatch(/strategy ROLLING/);
  });

  it('goes back when the answers are wrong once it has the traffic', async () => {
    const first = await inProduction({});
    const next = await staged();
    flow.premiums.set(next.id, 101);
    const host = await flow.run(approvePromote);
    expect(host.end?.result).toBe('fail');
    expect(await flow.callers(6)).toEqual({ [first.id]: 6 });
    expect((await state()).promotion).toBeUndefined();
  });

  it('stays with what it ran when the tasks of a release do not come up', async () => {
    const first = await inProduction({});
    const next = await staged();
    const { artifact } = next.core;
    const digest = artifact.kind === 'image' ? artifact.digest : '';
    flow.bench.fake.world.fates.set(digest, { kind: 'exits', code: 1, log: ['ImportError: catboost'] });
    const host = await flow.run(approvePromote);
    expect(host.end?.result).not.toBe('pass');
    expect(host.lines.join('\n')).toMatch(/exited with 1/);
    expect(host.annotations.map(({ title }) => title)).toContain('ECS-DEPLOY-FAILED');
    expect(await flow.callers(6)).toEqual({ [first.id]: 6 });
    expect((await state()).promotion).toBeUndefined();
  });

  it('is rolled back to the release before', async () => {
    const first = await inProduction({});
    await staged();
    await flow.run(approvePromote);
    const host = await flow.run(rollback);
    expect([host.end?.result, host.annotations]).toEqual(['pass', []]);
    expect(await flow.callers(4)).toEqual({ [first.id]: 4 });
  });
});
