import type { DeploymentConfiguration, Service } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rampPlan } from '../../release/promotion/plan.ts';
import {
  atOnceConfiguration,
  describeConfiguration,
  mannerOf,
  rememberConfiguration,
  restoredConfiguration,
  steppedConfiguration,
  stepsOf,
  waitsAtSteps,
} from './traffic.ts';

const HOUR = 3_600_000;
const advanced = {
  alternateTargetGroupArn: 'green',
  productionListenerRule: 'rule',
  testListenerRule: 'test',
  roleArn: 'role',
};
const service = (strategy: string | undefined, advancedConfiguration?: object): Service => ({
  serviceName: 'motor',
  ...(strategy !== undefined && { deploymentConfiguration: { strategy: strategy as 'LINEAR' } }),
  loadBalancers: [{ targetGroupArn: 'blue', ...(advancedConfiguration && { advancedConfiguration }) }],
});

describe('how a service can be deployed to', () => {
  it.each(['BLUE_GREEN', 'LINEAR', 'CANARY'])(
    'is in steps with %s, two target groups and a test listener',
    (strategy) => {
      expect(mannerOf(service(strategy, advanced)).kind).toBe('stepped');
    },
  );

  it.each<[string, Service, RegExp]>([
    ['nothing is said', service(undefined), /strategy ROLLING/],
    ['the strategy is a later one', service('TELEPORT', advanced), /strategy TELEPORT/],
    ['there is no second target group', service('LINEAR'), /no alternate target group/],
    ['there is no test listener', service('LINEAR', { ...advanced, testListenerRule: undefined }), /no test listener/],
  ])('is task by task when %s, and says so', (_what, given, why) => {
    expect(mannerOf(given)).toMatchObject({ kind: 'rolling', why: expect.stringMatching(why) });
  });
});

describe('a plan at ECS', () => {
  const own: DeploymentConfiguration = { strategy: 'LINEAR', maximumPercent: 200, bakeTimeInMinutes: 3 };

  it.each<[string, number, number, DeploymentConfiguration, number[]]>([
    [
      'ten stages',
      600_000,
      10,
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 1 } },
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    ],
    [
      'four stages over an hour',
      HOUR,
      4,
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 15 } },
      [25, 50, 75, 100],
    ],
    [
      'three stages',
      90_000,
      3,
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 33.4, stepBakeTimeInMinutes: 0 } },
      [33, 67, 100],
    ],
    [
      'two stages',
      HOUR,
      2,
      { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 50, canaryBakeTimeInMinutes: 30 } },
      [50, 100],
    ],
    ['all at once', 0, 10, { strategy: 'BLUE_GREEN' }, [100]],
  ])('of %s', (_what, rampMs, stages, expected, steps) => {
    const made = steppedConfiguration(own, rampPlan(rampMs, stages, 0), { holdMs: HOUR });
    expect(made).toMatchObject({ ...expected, maximumPercent: 200, bakeTimeInMinutes: 0 });
    expect(stepsOf(made)).toEqual(steps);
  });

  it('makes exactly the stages that the promotion goes through, or is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (count) => {
        const { stages } = rampPlan(HOUR, count, 0);
        let steps: readonly number[];
        try {
          steps = stepsOf(steppedConfiguration(own, { stages, soakMs: 0 }, { holdMs: HOUR }));
        } catch (error) {
          expect(String(error)).toMatch(/ECS-WEIGHTS/);
          expect([1, 2, 3, 4, 5, 10, 20, 25]).not.toContain(count);
          return;
        }
        expect(steps).toHaveLength(stages.length);
        for (const [index, percent] of stages.entries())
          expect(Math.abs((steps[index] ?? 0) - percent)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has AWS wait for a word before each step and after the last, and give everything back without one', () => {
    const { lifecycleHooks } = steppedConfiguration(own, rampPlan(0, 1, 0), { holdMs: HOUR });
    expect(lifecycleHooks).toEqual([
      {
        targetType: 'PAUSE',
        lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
      },
    ]);
  });

  it.each([
    [false, ['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'], [1440, 60]],
    [true, ['POST_TEST_TRAFFIC_SHIFT'], [1440]],
  ])('has AWS wait longer, and once, for an approval: handed over %s', (handOff, firstStages, minutes) => {
    const holding = { holdMs: HOUR, handOff, approvalMs: 24 * HOUR };
    const made = steppedConfiguration(own, rampPlan(0, 1, 0), holding);
    const hooks = made.lifecycleHooks ?? [];
    expect(hooks.map(({ lifecycleStages }) => lifecycleStages?.[0])).toEqual(firstStages);
    expect(hooks.map(({ timeoutConfiguration }) => timeoutConfiguration?.timeoutInMinutes)).toEqual(minutes);
    expect(waitsAtSteps(made)).toBe(!handOff);
    expect(restoredConfiguration(made, rememberConfiguration(own))?.lifecycleHooks).toEqual([]);
  });

  it.each([['POST_TEST_TRAFFIC_SHIFT'], ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT']] as const)(
    'takes no pause for its own gate that goes on by itself when nobody comes: %s',
    (...stages) => {
      const theirs = {
        targetType: 'PAUSE',
        lifecycleStages: [...stages],
        timeoutConfiguration: { timeoutInMinutes: 30, action: 'CONTINUE' },
      } as const;
      const given = { ...own, lifecycleHooks: [{ ...theirs, lifecycleStages: [...stages] }] };
      const made = steppedConfiguration(given, rampPlan(0, 1, 0), { holdMs: HOUR, approvalMs: HOUR });
      expect(made.lifecycleHooks).toHaveLength(3);
      expect(made.lifecycleHooks?.slice(1).map(({ timeoutConfiguration }) => timeoutConfiguration?.action)).toEqual([
        'ROLLBACK',
        'ROLLBACK',
      ]);
      expect(restoredConfiguration(made, rememberConfiguration(given))?.lifecycleHooks).toEqual(given.lifecycleHooks);
    },
  );

  it('keeps the hooks that are there, and takes its own away again', () => {
    const lambda = { targetType: 'AWS_LAMBDA', hookTargetArn: 'arn', lifecycleStages: ['POST_SCALE_UP'] } as const;
    const given: DeploymentConfiguration = {
      ...own,
      lifecycleHooks: [{ ...lambda, lifecycleStages: [...lambda.lifecycleStages] }],
    };
    const made = steppedConfiguration(given, rampPlan(0, 1, 0), { holdMs: HOUR });
    expect(made.lifecycleHooks).toHaveLength(2);
    expect(restoredConfiguration(made, rememberConfiguration(given))?.lifecycleHooks).toEqual(given.lifecycleHooks);
    expect(atOnceConfiguration(given)).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: given.lifecycleHooks });
  });

  it.each<DeploymentConfiguration>([
    { strategy: 'LINEAR', bakeTimeInMinutes: 5, linearConfiguration: { stepPercent: 12.5, stepBakeTimeInMinutes: 2 } },
    { strategy: 'CANARY', bakeTimeInMinutes: 0, canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 7 } },
    { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 },
  ])('is undone: $strategy', (before) => {
    const made = steppedConfiguration(before, rampPlan(600_000, 10, 0), { holdMs: HOUR });
    const text = rememberConfiguration(before);
    expect(text).toMatch(/^[A-Z_0-9. a-z-]{5,60}$/);
    expect(restoredConfiguration(made, text)).toEqual({ ...before, lifecycleHooks: [] });
  });

  it.each(['', '-', 'ROLLING - - - -', 'nonsense'])('is left as it is where %j was remembered', (text) => {
    expect(restoredConfiguration(own, text)).toBeUndefined();
  });

  it('is told in words', () => {
    const made = steppedConfiguration(own, rampPlan(600_000, 10, 0), { holdMs: HOUR });
    expect(describeConfiguration(made)).toBe('LINEAR, 10 % at a time with 1 min after each');
  });
});
