import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteMark, SettleOptions } from '../../../ports/target.ts';
import type { Autoscaling, PreviousPolicy, Weights } from '../../../release/deployment.ts';
import { digestOf } from '../../../release/digest.ts';
import { newRelease, type ReleaseCore } from '../../../release/release.ts';
import { withDesired, withEnvironmentAt, withMember, withRemoved } from './deploying.ts';
import { applyDue, hasDue } from './housekeeping.ts';
import { type Doing, withRefused, withRoute, withSettled } from './promotion.ts';
import { type DeploymentRecord, EMPTY_STATE, type LocalState, stateSchema } from './schema.ts';
import { effectiveAutoscaling } from './standing.ts';

const SETTINGS: Autoscaling = {
  min: 1,
  max: 2,
  concurrency: 8,
  windowMs: 1_000,
  scaleDownDelayMs: 1_000,
  utilization: 70,
};
const IDS = ['d-1', 'd-2', 'd-3'];
const ENVIRONMENTS = ['staging', 'production'];
const DAY_MS = 86_400_000;

function deployment(id: string): DeploymentRecord {
  const digest = digestOf(id);
  const core: ReleaseCore = {
    schema: 'haute.release/1',
    project: 'motor',
    model: 'motor',
    commit: null,
    target: 'local',
    artifact: { kind: 'package', digest },
    packageDigest: digest,
    manifestDigest: digest,
    engine: { name: 'e', version: '1' },
  };
  return {
    release: { id: newRelease(core).id, core },
    packageDigest: digest,
    packageDir: '/p',
    serve: { argv: ['serve'], env: {}, cwd: '/p' },
    startupTimeoutMs: 1_000,
    createdAt: '2026-01-01T00:00:00.000Z',
    deployer: null,
    desired: 'active',
    replicas: [],
    lastExit: null,
  };
}

function doing(nowMs: number): Doing {
  return { owner: { pid: 1, start: 's' }, nowMs, holder: 'alive' };
}

function mark(promotionId: string, candidate: string, current?: string, more: Partial<RouteMark> = {}): RouteMark {
  return { promotionId, candidate, current, run: 'terminal', paused: false, supersede: false, ...more };
}

function settling(
  promotionId: string,
  keep: string,
  previous?: string,
  more: Partial<SettleOptions> = {},
): SettleOptions {
  return {
    promotionId,
    keep,
    previous,
    previousPolicy: 'scale-to-zero',
    rollbackWindowMs: DAY_MS,
    evidence: 'sha256:e',
    outcome: 'promoted',
    ...more,
  };
}

/** Three deployments that both environments hold. */
function start(): LocalState {
  let state: LocalState = { ...EMPTY_STATE, deployments: Object.fromEntries(IDS.map((id) => [id, deployment(id)])) };
  for (const [index, name] of ENVIRONMENTS.entries()) {
    state = withEnvironmentAt(state, name, 18_000 + index, SETTINGS);
    for (const id of IDS) state = withMember(state, name, id, SETTINGS);
  }
  return state;
}

function promoted(
  state: LocalState,
  name: string,
  id: string,
  previous?: string,
  more: Partial<SettleOptions> = {},
): LocalState {
  const routed = withRoute(state, name, { [id]: 100 }, mark(`p-${id}`, id, previous), doing(0));
  return withSettled(routed, name, settling(`p-${id}`, id, previous, more), doing(0));
}

describe('settling', () => {
  it('keeps what served before warm until the rollback window is over, and not longer', () => {
    const state = promoted(promoted(start(), 'production', 'd-1'), 'production', 'd-2', 'd-1');
    expect([hasDue(state, DAY_MS - 1), hasDue(state, DAY_MS)]).toEqual([false, true]);
    const later = applyDue(state, DAY_MS).state;
    expect(later.environments.production?.members.find(({ deploymentId }) => deploymentId === 'd-1')?.warm).toBe(false);
    expect(hasDue(later, DAY_MS)).toBe(false);
  });

  it('forgets the plan to retire what traffic went back to', () => {
    const state = promoted(promoted(start(), 'production', 'd-1'), 'production', 'd-2', 'd-1');
    const back = withRoute(state, 'production', { 'd-1': 100 }, mark('back', 'd-1', 'd-2'), doing(1));
    expect(hasDue(back, 2 * DAY_MS)).toBe(false);
    expect(effectiveAutoscaling(back, 'd-1').min).toBe(1);
  });

  it('has one line of history for a deployment that settles again where it is', () => {
    const once = promoted(start(), 'production', 'd-1', undefined, { evidence: 'sha256:one' });
    const twice = promoted(once, 'production', 'd-1', 'd-1', { evidence: 'sha256:two' });
    expect(twice.environments.production?.history.map(({ evidence }) => evidence)).toEqual(['sha256:two']);
    expect(hasDue(twice, 2 * DAY_MS)).toBe(false);
  });

  it('refuses what was decided before another promotion settled', () => {
    const state = promoted(promoted(start(), 'production', 'd-1'), 'production', 'd-2', 'd-1');
    const late = () => withRoute(state, 'production', { 'd-1': 100 }, mark('late', 'd-3', 'd-1'), doing(1));
    expect(late).toThrow('production serves d-2 now, and served d-1 when this promotion began');
  });

  it('retires the candidate of a promotion that was refused, unless it is of use to another', () => {
    const state = promoted(start(), 'production', 'd-1');
    const held = withRoute(state, 'production', { 'd-1': 100 }, mark('first', 'd-2', 'd-1'), doing(0));
    for (const [candidate, retires] of [
      ['d-1', false],
      ['d-2', false],
      ['d-3', true],
    ] as const) {
      expect(hasDue(withRefused(held, 'production', candidate, 1), 1)).toBe(retires);
    }
  });

  it('retires the candidate of a promotion that another one took over from', () => {
    const state = promoted(start(), 'production', 'd-1');
    const first = withRoute(state, 'production', { 'd-1': 50, 'd-2': 50 }, mark('first', 'd-2', 'd-1'), doing(0));
    const taken = withRoute(
      first,
      'production',
      { 'd-1': 100 },
      mark('second', 'd-3', 'd-1', { supersede: true }),
      doing(1),
    );
    expect(
      applyDue(taken, 1).state.environments.production?.members.find(({ deploymentId }) => deploymentId === 'd-2')
        ?.warm,
    ).toBe(false);
  });
});

type Step =
  | {
      readonly do: 'route';
      readonly env: string;
      readonly weights: Weights;
      readonly by: string;
      readonly candidate: string;
      readonly supersede: boolean;
    }
  | {
      readonly do: 'settle';
      readonly env: string;
      readonly by: string;
      readonly keep: string;
      readonly previous: string | undefined;
      readonly policy: PreviousPolicy;
      readonly outcome: SettleOptions['outcome'];
    }
  | { readonly do: 'desire'; readonly id: string; readonly desired: 'active' | 'inactive' }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'wait'; readonly ms: number };

const id = fc.constantFrom(...IDS);
const env = fc.constantFrom(...ENVIRONMENTS);
const by = fc.constantFrom('p-a', 'p-b', 'p-c');
const weights: fc.Arbitrary<Weights> = fc.oneof(
  fc.constant<Weights>({}),
  id.map((one): Weights => ({ [one]: 100 })),
  fc
    .tuple(id, id, fc.integer({ min: 0, max: 100 }))
    .map(([a, b, share]): Weights => (a === b ? { [a]: 100 } : { [a]: share, [b]: 100 - share })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('route' as const),
      env,
      weights,
      by,
      candidate: id,
      supersede: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      env,
      by,
      keep: id,
      previous: fc.option(id, { nil: undefined }),
      policy: fc.constantFrom('keep', 'scale-to-zero', 'deactivate'),
      outcome: fc.constantFrom('promoted', 'reverted', 'rolled-back'),
    }),
  },
  fc.record({ do: fc.constant('desire' as const), id, desired: fc.constantFrom('active', 'inactive') }),
  fc.record({ do: fc.constant('remove' as const), id }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2 * DAY_MS }) }),
  },
);

function take(state: LocalState, given: Step, nowMs: number): LocalState {
  switch (given.do) {
    case 'route': {
      const current = state.environments[given.env]?.history[0]?.deploymentId;
      const marked = mark(given.by, given.candidate, current, { supersede: given.supersede });
      return withRoute(state, given.env, given.weights, marked, doing(nowMs));
    }
    case 'settle':
      return withSettled(
        state,
        given.env,
        settling(given.by, given.keep, given.previous, { previousPolicy: given.policy, outcome: given.outcome }),
        doing(nowMs),
      );
    case 'desire':
      return withDesired(state, given.id, given.desired);
    case 'remove':
      return withRemoved(state, given.id);
    case 'wait':
      return state;
  }
}

/** The state after a step that may be refused; a refused step changes nothing. */
function tried(state: LocalState, given: Step, nowMs: number): LocalState {
  try {
    return take(state, given, nowMs);
  } catch {
    return state;
  }
}

describe('whatever promotions, reverts, removals and the passing of time do to each other', () => {
  it('the state stays whole, and nothing that has traffic is let go', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let state = start();
        let nowMs = 0;
        const left = new Set<string>();
        for (const given of steps) {
          const before = state;
          nowMs += given.do === 'wait' ? given.ms : 1;
          state = tried(state, given, nowMs);
          const turnedOff = given.do === 'desire' && given.desired === 'inactive' ? given.id : undefined;
          const due = applyDue(state, nowMs);
          expect(hasDue(due.state, nowMs)).toBe(false);
          for (const [name, environment] of Object.entries(due.state.environments)) {
            for (const [routed, weight] of Object.entries(environment.weights)) {
              if (weight === 0) continue;
              expect(due.asleep).not.toContain(routed);
              expect(environment.members.find(({ deploymentId }) => deploymentId === routed)?.warm).toBe(true);
              expect(effectiveAutoscaling(due.state, routed).min).toBeGreaterThanOrEqual(1);
              const was = before.deployments[routed]?.desired;
              if (routed !== turnedOff && was === 'active')
                expect(due.state.deployments[routed]?.desired).toBe('active');
            }
            // A promotion that was taken over from is never seen again.
            for (const gone of environment.superseded) left.add(`${name} ${gone}`);
            expect(left).not.toContain(`${name} ${environment.promotion?.id}`);
          }
          state = due.state;
          expect(stateSchema.safeParse(state).error?.issues).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });
});
