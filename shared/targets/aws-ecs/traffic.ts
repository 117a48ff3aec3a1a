import type { DeploymentConfiguration, DeploymentLifecycleHook, LoadBalancer, Service } from '@aws-sdk/client-ecs';
import type { RampPlan } from '../../release/promotion/plan.ts';
import { badWeights } from './errors.ts';

/**
 * Before every move of production traffic, the first one included, with the candidate up and all test traffic on it; and
 * after the last one, with what served before still there to go back to.
 */
const GATES = {
  steps: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
  /** Once, before the candidate has any callers: for the look at it, or for its approval. */
  dark: ['POST_TEST_TRAFFIC_SHIFT'],
} as const;
type Gate = keyof typeof GATES;
const STEPPED = ['BLUE_GREEN', 'LINEAR', 'CANARY'];
/** What LINEAR takes: 3 % and more a step. */
const LEAST_STEP_PERCENT = 3;
const MOST_MINUTES = 1_440;
const MOST_HOLD_MINUTES = 20_160;
const MINUTE = 60_000;

/** What a deployment does at a service, by how the service is built. */
export type Manner =
  /** ECS moves traffic between two sets of tasks, and stops at our gate before every move. */
  | { readonly kind: 'stepped'; readonly loadBalancer: LoadBalancer }
  /** Task by task, all at once as seen from outside; `why` no steps can be made. */
  | { readonly kind: 'rolling'; readonly why: string };

/** How the service can be deployed to, and why not in steps where it cannot. */
export function mannerOf(service: Service): Manner {
  const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
  const name = service.serviceName ?? '';
  if (!STEPPED.includes(strategy))
    return { kind: 'rolling', why: `the service ${name} has the strategy ${strategy}, which replaces task by task` };
  const loadBalancer = service.loadBalancers?.find(({ advancedConfiguration: each }) => each?.alternateTargetGroupArn);
  const { productionListenerRule, testListenerRule } = loadBalancer?.advancedConfiguration ?? {};
  if (!loadBalancer || !productionListenerRule)
    return {
      kind: 'rolling',
      why: `the service ${name} has no alternate target group with a production listener rule`,
    };
  if (!testListenerRule)
    return {
      kind: 'rolling',
      why: `the service ${name} has no test listener, so that a stage has nothing to be checked at`,
    };
  return { kind: 'stepped', loadBalancer };
}

export interface Holding {
  /** How long AWS waits at a gate for the word to go on, in milliseconds. */
  readonly holdMs: number;
  /** AWS goes through the steps by itself, once it was let on after the look at the candidate in the dark. */
  readonly handOff?: boolean;
  /** How long the candidate may wait in the dark for people to approve it, in milliseconds; undefined: it does not. */
  readonly approvalMs?: number | undefined;
}

/**
 * The configuration that carries a plan out: even steps as LINEAR, two as CANARY, one as BLUE_GREEN. ECS waits at our
 * gate before each step, and gives all traffic back by itself when nobody has let it go on in time.
 * @throws ConfigError ECS-WEIGHTS for stages that ECS cannot make
 */
export function steppedConfiguration(
  own: DeploymentConfiguration,
  ramp: Pick<RampPlan, 'stages' | 'soakMs'>,
  { holdMs, handOff = false, approvalMs }: Holding,
): DeploymentConfiguration {
  const hooks = own.lifecycleHooks ?? [];
  const wanted: readonly (readonly [Gate, number])[] = [
    ...(handOff || approvalMs !== undefined ? [['dark', approvalMs ?? holdMs] as const] : []),
    ...(handOff ? [] : [['steps', holdMs] as const]),
  ];
  const missing = wanted.filter(([kind]) => !hooks.some((hook) => gateOf(hook) === kind));
  return {
    ...withoutStrategy(own),
    ...strategyFor(ramp, handOff),
    lifecycleHooks: [...hooks, ...missing.map(([kind, ms]) => gate(kind, ms))],
  };
}

/** True when ECS waits before each step of a deployment for the word to go on: by itself it goes through none. */
export function waitsAtSteps({ lifecycleHooks = [] }: DeploymentConfiguration): boolean {
  return lifecycleHooks.some((hook) => gateOf(hook) === 'steps');
}

/** All traffic in one move, and no gate of ours: for going back to what was checked before. */
export function atOnceConfiguration(own: DeploymentConfiguration): DeploymentConfiguration {
  return { ...withoutStrategy(own), strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };
}

/** Task by task, stopped and rolled back by the circuit breaker where tasks do not come up. */
export function rollingConfiguration(own: DeploymentConfiguration): DeploymentConfiguration {
  const breaker = own.deploymentCircuitBreaker;
  return { ...own, deploymentCircuitBreaker: { ...breaker, enable: true, rollback: true } };
}

/** True when the circuit breaker is on and rolls back. */
export function hasBreaker(own: DeploymentConfiguration | undefined): boolean {
  return own?.deploymentCircuitBreaker?.enable === true && own.deploymentCircuitBreaker.rollback === true;
}

/**
 * What of a service's own configuration a promotion changes, as a short text that can be kept in a tag:
 * `LINEAR 0 10 1 dark` is strategy, bake time, percent and minutes of a step, and the gates that it has of its own.
 */
export function rememberConfiguration(own: DeploymentConfiguration): string {
  const {
    strategy = 'ROLLING',
    bakeTimeInMinutes: bake,
    linearConfiguration: linear,
    canaryConfiguration: canary,
  } = own;
  const percent = linear?.stepPercent ?? canary?.canaryPercent;
  const minutes = linear?.stepBakeTimeInMinutes ?? canary?.canaryBakeTimeInMinutes;
  const gates = new Set((own.lifecycleHooks ?? []).flatMap((hook) => gateOf(hook) ?? []));
  return [strategy, bake ?? '-', percent ?? '-', minutes ?? '-', [...gates].join('+') || '-'].join(' ');
}

/**
 * The configuration as it was before a promotion; undefined where the text is not one, or nothing is to be put back.
 * @param now as the promotion left it
 */
export function restoredConfiguration(now: DeploymentConfiguration, text: string): DeploymentConfiguration | undefined {
  const [strategy = '', bake = '', percent = '', minutes = '', gates = ''] = text.split(' ');
  const theirs = gates.split('+');
  if (!STEPPED.includes(strategy)) return undefined;
  const step = { percent: number(percent), minutes: number(minutes) };
  return {
    ...withoutStrategy(now),
    strategy: strategy as 'BLUE_GREEN' | 'LINEAR' | 'CANARY',
    ...(number(bake) !== undefined && { bakeTimeInMinutes: number(bake) }),
    ...(strategy === 'LINEAR' && { linearConfiguration: linearOf(step) }),
    ...(strategy === 'CANARY' && { canaryConfiguration: canaryOf(step) }),
    lifecycleHooks: (now.lifecycleHooks ?? []).filter((hook) => {
      const gate = gateOf(hook);
      return gate === undefined || theirs.includes(gate);
    }),
  };
}

interface Step {
  readonly percent: number | undefined;
  readonly minutes: number | undefined;
}

function linearOf({ percent, minutes }: Step) {
  return {
    ...(percent !== undefined && { stepPercent: percent }),
    ...(minutes !== undefined && { stepBakeTimeInMinutes: minutes }),
  };
}

function canaryOf({ percent, minutes }: Step) {
  return {
    ...(percent !== undefined && { canaryPercent: percent }),
    ...(minutes !== undefined && { canaryBakeTimeInMinutes: minutes }),
  };
}

/** For people: `LINEAR, 10 % every 1 min`. */
export function describeConfiguration(configuration: DeploymentConfiguration): string {
  const { strategy = 'ROLLING', linearConfiguration: linear, canaryConfiguration: canary } = configuration;
  if (linear) return `LINEAR, ${linear.stepPercent} % at a time with ${linear.stepBakeTimeInMinutes} min after each`;
  if (canary)
    return `CANARY, ${canary.canaryPercent} % first, the rest after ${canary.canaryBakeTimeInMinutes} min and its checks`;
  return strategy === 'BLUE_GREEN' ? 'BLUE_GREEN, all traffic in one move' : 'ROLLING, task by task';
}

function strategyFor(
  { stages, soakMs }: Pick<RampPlan, 'stages' | 'soakMs'>,
  handOff: boolean,
): DeploymentConfiguration {
  // AWS counts whole minutes; what is left of one is waited for by who lets it go on, or not at all.
  const minutes = Math.min(MOST_MINUTES, (handOff ? Math.ceil : Math.floor)(soakMs / MINUTE));
  const [first] = stages;
  if (stages.length === 1) return { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };
  if (stages.length === 2)
    return {
      strategy: 'CANARY',
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: first, canaryBakeTimeInMinutes: minutes },
    };
  // ECS takes steps of tenths of a percent: a little more than the share, so that there is not one step too many.
  const stepPercent = Math.ceil(Number((1000 / stages.length).toFixed(6))) / 10;
  const linearConfiguration = { stepPercent, stepBakeTimeInMinutes: minutes };
  const steps = stepsOf({ strategy: 'LINEAR', linearConfiguration });
  const fits =
    steps.length === stages.length && stages.every((percent, index) => stepFor(percent, steps) === steps[index]);
  if (stepPercent < LEAST_STEP_PERCENT || !fits)
    throw badWeights(`ECS makes even steps of 3 % and more, which ${stages.length} stages are not; 10 and 20 are`);
  return { strategy: 'LINEAR', bakeTimeInMinutes: 0, linearConfiguration };
}

/** Whole percents that a deployment stops at. */
export function stepsOf({
  strategy,
  linearConfiguration,
  canaryConfiguration,
}: DeploymentConfiguration): readonly number[] {
  if (strategy === 'CANARY') return [Math.round(canaryConfiguration?.canaryPercent ?? 5), 100];
  if (strategy !== 'LINEAR') return strategy === 'BLUE_GREEN' ? [100] : [];
  const tenths = Math.round((linearConfiguration?.stepPercent ?? 10) * 10);
  const count = Math.ceil(1000 / tenths);
  return Array.from({ length: count }, (_, index) => Math.min(100, Math.round((tenths * (index + 1)) / 10)));
}

/** The step that a stage is: tenths of a percent may make it another whole one. */
export function stepFor(percent: number, steps: readonly number[]): number | undefined {
  return steps.find((step) => Math.abs(step - percent) <= 1);
}

function gate(kind: Gate, holdMs: number): DeploymentLifecycleHook {
  const timeoutInMinutes = Math.min(MOST_HOLD_MINUTES, Math.max(1, Math.ceil(holdMs / MINUTE)));
  return {
    targetType: 'PAUSE',
    lifecycleStages: [...GATES[kind]],
    timeoutConfiguration: { timeoutInMinutes, action: 'ROLLBACK' },
  };
}

/** Which of our gates a hook is, whoever set it; undefined for any other. */
function gateOf({ targetType, lifecycleStages = [], timeoutConfiguration }: DeploymentLifecycleHook): Gate | undefined {
  const is = (kind: Gate) =>
    lifecycleStages.length === GATES[kind].length && GATES[kind].every((stage) => lifecycleStages.includes(stage));
  // A pause that goes on by itself holds nothing, and is none of ours.
  if (targetType !== 'PAUSE' || timeoutConfiguration?.action === 'CONTINUE') return undefined;
  return is('steps') ? 'steps' : is('dark') ? 'dark' : undefined;
}

function withoutStrategy(own: DeploymentConfiguration): DeploymentConfiguration {
  const { strategy: _strategy, linearConfiguration: _linear, canaryConfiguration: _canary, ...rest } = own;
  return rest;
}

function number(text: string): number | undefined {
  return text === '-' || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}
