import { forward } from '../elbv2/state.ts';
import type { World } from '../world.ts';
import { tripped } from './monitors.ts';
import type { RolloutSteps } from './rollout.ts';
import { leftOf, reconcile, wellOf } from './scheduler.ts';
import type {
  DeploymentConfiguration,
  FakeHook,
  FakeService,
  ServiceDeploymentState,
  ServiceLoadBalancer,
  ServiceRevision,
} from './state.ts';

const STAGE_MS = 10_000;
const ROUND_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * BLUE_GREEN, LINEAR and CANARY: the new revision is scaled up beside the old one, and traffic goes over in steps.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export function* shifting(world: World, service: FakeService, deployment: ServiceDeploymentState): RolloutSteps {
  const enter = (stage: string) => enterStage(world, service, deployment, stage);
  const wiring = wiringFault(world, service);
  if (wiring) return { reason: `${ROLLED_BACK} of invalid networking configuration. ${wiring}`, ...byHand };
  if (deployment.sources.length > 1) {
    const failure = yield* enter('RECONCILE_SERVICE');
    if (failure) return failure;
  }
  for (const stage of ['PRE_SCALE_UP', 'SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT']) {
    if (stage === 'TEST_TRAFFIC_SHIFT') shiftTest(world, service, deployment, 100);
    const failure =
      (yield* enter(stage)) ?? (stage === 'SCALE_UP' ? yield* scaleUp(world, service, deployment) : undefined);
    if (failure) return failure;
  }
  for (const { percent, bakeMinutes } of trafficSteps(deployment.strategy, deployment.configuration)) {
    const failure =
      (yield* pauses(world, service, deployment, 'PRE_PRODUCTION_TRAFFIC_SHIFT')) ??
      (yield* shiftProduction(world, service, deployment, percent)) ??
      (yield* watch(world, service, deployment, bakeMinutes * MINUTE_MS));
    if (failure) return failure;
  }
  const failure =
    (yield* enter('POST_PRODUCTION_TRAFFIC_SHIFT')) ??
    (yield* enter('BAKE_TIME')) ??
    (yield* watch(world, service, deployment, (deployment.configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS)) ??
    (yield* enter('CLEAN_UP'));
  if (failure) return failure;
  for (const other of service.deployments) if (other !== deployment) other.wanted = 0;
  do {
    reconcile(world, service);
    yield ROUND_MS;
  } while (service.deployments.some((other) => other !== deployment && leftOf(service, other) > 0));
  return undefined;
}

const ROLLED_BACK = 'Service deployment rolled back because';
const byHand = { rolloutReason: 'ECS deployment failed.', rollback: true } as const;

/** Production weights in the order that they are set, and the minutes after each. */
export function trafficSteps(
  strategy: ServiceDeploymentState['strategy'],
  { linearConfiguration = {}, canaryConfiguration = {} }: DeploymentConfiguration,
): readonly { readonly percent: number; readonly bakeMinutes: number }[] {
  if (strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration;
    return [
      { percent: canaryPercent, bakeMinutes: canaryBakeTimeInMinutes },
      { percent: 100, bakeMinutes: 0 },
    ];
  }
  if (strategy === 'BLUE_GREEN') return [{ percent: 100, bakeMinutes: 0 }];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration;
  const count = Math.ceil(100 / stepPercent);
  return Array.from({ length: count }, (_, index) => {
    const percent = Math.min(100, Math.round(stepPercent * (index + 1) * 10) / 10);
    return { percent, bakeMinutes: percent === 100 ? 0 : stepBakeTimeInMinutes };
  });
}

function* shiftProduction(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
  percent: number,
): RolloutSteps {
  const [source] = deployment.sources;
  deployment.revision.productionWeight = percent;
  if (source) source.productionWeight = Math.round((100 - percent) * 10) / 10;
  shiftTo(world, service, deployment, deployment.revision, percent);
  return yield* enterStage(world, service, deployment, 'PRODUCTION_TRAFFIC_SHIFT');
}

function* scaleUp(world: World, service: FakeService, deployment: ServiceDeploymentState): RolloutSteps {
  for (;;) {
    deployment.wanted = service.desiredCount;
    reconcile(world, service);
    const failure = tripped(world, service, deployment);
    if (failure) return failure;
    if (wellOf(service, deployment) >= service.desiredCount) return undefined;
    yield ROUND_MS;
  }
}

function* enterStage(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
  stage: string,
): RolloutSteps {
  deployment.stage = stage;
  deployment.updatedAt = world.now;
  return (yield* pauses(world, service, deployment, stage)) ?? (yield* watch(world, service, deployment, STAGE_MS));
}

/** Waits, and looks at the monitors meanwhile. */
function* watch(world: World, service: FakeService, deployment: ServiceDeploymentState, ms: number): RolloutSteps {
  const until = world.now + ms;
  for (;;) {
    const failure = tripped(world, service, deployment);
    if (failure) return failure;
    const left = until - world.now;
    if (left <= 0) return undefined;
    yield Math.min(left, ROUND_MS);
  }
}

/** The hooks of a stage, one after the other. */
function* pauses(world: World, service: FakeService, deployment: ServiceDeploymentState, stage: string): RolloutSteps {
  for (const hook of deployment.configuration.lifecycleHooks ?? []) {
    if (!hook.lifecycleStages?.includes(stage)) continue;
    if (hook.targetType !== 'PAUSE') {
      const outcome = world.lambdas.get(hook.hookTargetArn ?? '') ?? 'SUCCEEDED';
      yield ROUND_MS;
      if (outcome === 'SUCCEEDED') continue;
      const what = `Lifecycle hook target ${hook.hookTargetArn} returned FAILED status.`;
      return { reason: `${ROLLED_BACK} ${stage} lifecycle hook(s) failed. ${what}`, ...byHand };
    }
    const failure = yield* pause(world, service, deployment, stage, hook.timeoutConfiguration ?? {});
    if (failure) return failure;
  }
  return undefined;
}

function* pause(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
  stage: string,
  timeout: { readonly timeoutInMinutes?: number; readonly action?: 'ROLLBACK' | 'CONTINUE' },
): RolloutSteps {
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = timeout;
  const hook: FakeHook = {
    id: `ecs-pause-${world.nextId(43)}`,
    stage,
    expiresAt: world.now + timeoutInMinutes * MINUTE_MS,
    timeoutAction: action,
    status: 'AWAITING_ACTION',
    answer: undefined,
  };
  deployment.hooks.push(hook);
  while (hook.answer === undefined && world.now < hook.expiresAt) {
    const failure = tripped(world, service, deployment);
    if (failure) return failure;
    yield Math.min(ROUND_MS, hook.expiresAt - world.now);
  }
  const expired = hook.answer === undefined;
  const verdict = hook.answer ?? action;
  hook.status = expired ? 'TIMED_OUT' : verdict === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
  if (verdict === 'CONTINUE') return undefined;
  const why = expired
    ? `${stage} lifecycle hook(s) timed out.`
    : `of a rollback request at the ${stage} lifecycle hook.`;
  return { reason: `${ROLLED_BACK} ${why}`, ...byHand };
}

/** Sends a share of production traffic to a revision, and the rest to the other one of the deployment. */
export function shiftTo(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
  to: ServiceRevision,
  percent: number,
): void {
  const revisions = [deployment.revision, ...deployment.sources];
  for (const revision of revisions) {
    if (revision === to) revision.productionWeight = percent;
    else if (percent === 100) revision.productionWeight = 0;
  }
  for (const balancer of service.loadBalancers) {
    const rule = balancer.advancedConfiguration?.productionListenerRule;
    if (rule !== undefined) pointRule(world, balancer, rule, to, percent);
  }
}

/** The same for test traffic, where the service has a test listener. */
export function shiftTest(
  world: World,
  service: FakeService,
  { revision, sources }: ServiceDeploymentState,
  percent: number,
): void {
  for (const balancer of service.loadBalancers) {
    const rule = balancer.advancedConfiguration?.testListenerRule;
    if (rule === undefined) continue;
    pointRule(world, balancer, rule, revision, percent);
    for (const source of sources) source.testWeight = 100 - percent;
    revision.testWeight = percent;
  }
}

function pointRule(
  world: World,
  balancer: ServiceLoadBalancer,
  ruleArn: string,
  to: ServiceRevision,
  percent: number,
): void {
  const groups = groupsOf(balancer);
  if (to.targetGroupArn === undefined || !groups.includes(to.targetGroupArn)) return;
  // Weights are whole numbers up to 999.
  const scale = Number.isInteger(percent) ? 1 : 9;
  forward(
    world.elb,
    ruleArn,
    groups.map((targetGroupArn) => ({
      targetGroupArn,
      weight: Math.round((targetGroupArn === to.targetGroupArn ? percent : 100 - percent) * scale),
    })),
  );
}

function groupsOf({ targetGroupArn, advancedConfiguration }: ServiceLoadBalancer): readonly string[] {
  return [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined);
}

/** What AWS finds wrong with the wiring once a deployment starts. */
function wiringFault(world: World, service: FakeService): string | undefined {
  for (const balancer of service.loadBalancers) {
    const { productionListenerRule, testListenerRule } = balancer.advancedConfiguration ?? {};
    const wanted = [productionListenerRule, testListenerRule].filter((arn) => arn !== undefined);
    const rules = wanted.map((arn) => world.elb.rules.find((rule) => rule.arn === arn));
    if (rules.includes(undefined)) return 'One or more rules not found';
    const linked = rules.flatMap((rule) => rule?.forward.map(({ targetGroupArn }) => targetGroupArn) ?? []);
    const loose = groupsOf(balancer).filter((arn) => !linked.includes(arn));
    if (loose.length > 0)
      return 'Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.';
  }
  return undefined;
}
