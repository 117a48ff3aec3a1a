import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { RouteMark } from '../../ports/target.ts';
import type { Weights } from '../../release/deployment.ts';
import { beginAndWait } from './begin.ts';
import { claimTags, tagService, writeClaim } from './claim.ts';
import type { EcsContext, Watch } from './context.ts';
import { badWeights, deploymentActive, unknownDeployment, withCause } from './errors.ts';
import { tellStopped } from './explain.ts';
import { rememberOwn, restoreOwn } from './own-configuration.ts';
import { turnOff } from './power.ts';
import { hasTraffic, isSplit, primaryOf, readSnapshot, type Snapshot } from './snapshot.ts';
import { NO_MARK, readHistory, readMark, taggedRelease, tagsOf } from './tags.ts';
import { findTask } from './tasks.ts';
import { atOnceConfiguration, mannerOf, rollingConfiguration, stepFor, stepsOf } from './traffic.ts';
import { type Rest, rollBack, takenUp, waitFor } from './wait.ts';

/** Room for checks, and for a runner that waits its turn, over what AWS itself is told to wait. */
const MARGIN_MS = 15 * 60_000;

/** Marks the service as this promotion's, and has its traffic as the weights say. */
export async function route(
  context: EcsContext,
  environment: string,
  weights: Weights,
  mark: RouteMark,
  watch: Watch,
): Promise<void> {
  await checkWeights(context, weights);
  const snapshot = await readSnapshot(context, environment);
  const { clock, policy, holds } = context;
  const holdMs = (holds.get(environment) ?? policy.holdTimeoutMs) + MARGIN_MS;
  try {
    const tags = claimTags(snapshot, mark, clock.now(), holdMs);
    await writeClaim(context, snapshot, tags, mark.promotionId);
    const claimed = { ...snapshot, tags: { ...snapshot.tags, ...tags } };
    if (mark.paused) return;
    checkForeign(snapshot, weights, mark);
    await move(context, claimed, weights, watch);
  } catch (error) {
    if (isSure(error) || !weights[mark.candidate]) await dropNeverBegun(context, snapshot, mark, watch);
    throw error;
  }
}

/** True for what says that nothing was begun, or that it is over: after anything else AWS may be at it, not to be seen yet. */
function isSure(error: unknown): boolean {
  if (error instanceof ProviderError) return error.problem.code === 'ECS-DEPLOY-FAILED';
  return error instanceof ConfigError || error instanceof GateFailure;
}

/**
 * Nobody will settle a promotion that was refused, or whose first word failed before anything was moved: its mark goes
 * now, and what waits in the dark for it, unless another one holds the service. What cannot be dropped ages out.
 * @param before as it was when the route began
 */
async function dropNeverBegun(context: EcsContext, before: Snapshot, mark: RouteMark, watch: Watch): Promise<void> {
  if (readMark(before.tags)) return;
  try {
    const now = await readSnapshot(context, before.environment);
    const held = readMark(now.tags);
    const isOurs = held === undefined || held.id === mark.promotionId;
    if (!isOurs || now.serving !== before.serving || isSplit(now)) return;
    const { underWay, service } = now;
    if (underWay?.to === mark.candidate) {
      if (hasTraffic(now)) return;
      const quiet = { ...watch, signal: undefined };
      if ((await rollBack(context, service.serviceName ?? '', underWay.arn, quiet)) !== 'back') return;
    }
    await restoreOwn(context, await readSnapshot(context, before.environment));
    if (held) await tagService(context, now, NO_MARK);
  } catch (error) {
    watch.progress(`what this promotion began could not be dropped, and ends by itself: ${messageOf(error)}`);
  }
}

/**
 * A deployment that somebody else began meanwhile is cut off only to go back: never to hold the service, and never for
 * a release that was not promoted here before.
 */
function checkForeign(snapshot: Snapshot, weights: Weights, { candidate, current }: RouteMark): void {
  const { underWay, tags, service } = snapshot;
  if (!underWay || underWay.to === candidate) return;
  const isFirst = readMark(tags) === undefined;
  const isKept = isFirst && current !== undefined && weights[current] === 100 && candidate !== current;
  const isNew = weights[candidate] === 100 && !readHistory(tags).some(({ deploymentId }) => deploymentId === candidate);
  if (isKept || isNew) throw deploymentActive(service.serviceName ?? '', underWay.to);
}

async function move(context: EcsContext, snapshot: Snapshot, weights: Weights, watch: Watch): Promise<void> {
  const [[first, percent] = [], ...others] = Object.entries(weights).filter(([, weight]) => weight > 0);
  if (first === undefined) return giveBack(context, snapshot, watch);
  if (others.length === 0) return moveAll(context, snapshot, first, watch);
  const { underWay } = snapshot;
  const candidate = underWay?.to ?? '';
  const wanted = weights[candidate];
  if (!underWay || wanted === undefined || weights[underWay.from ?? ''] === undefined)
    throw badWeights(
      `AWS is not in the middle of a deployment between ${first} and the other, so ${percent} % cannot be held`,
    );
  const steps = stepsOf(underWay.deployment.deploymentConfiguration ?? {});
  const step = stepFor(wanted, steps);
  if (step === undefined)
    throw badWeights(`${wanted} % is none of the steps of this deployment (${steps.join(', ') || 'all at once'})`);
  await lettingGoOn(context, snapshot, candidate, { until: 'percent', percent: step }, watch);
}

/** All traffic to one: let on, taken back or begun, as AWS stands. */
async function moveAll(context: EcsContext, snapshot: Snapshot, id: string, watch: Watch): Promise<void> {
  const { underWay, serving, service } = snapshot;
  const isOff = service.desiredCount === 0;
  // Stepped, it is left at the gate after the last step until the promotion settles: what served before is still there.
  if (underWay?.to === id) {
    const isStepped = mannerOf(service).kind === 'stepped';
    return lettingGoOn(
      context,
      snapshot,
      id,
      isStepped ? { until: 'percent', percent: 100 } : { until: 'done' },
      watch,
    );
  }
  // It has everything, and what else is there waits in the dark.
  if (underWay && serving === id && !hasTraffic(snapshot)) return;
  if (!underWay && serving === id && !isOff && !isSplit(snapshot)) {
    const { rolloutState } = primaryOf(service) ?? {};
    // Begun a moment ago, and not in AWS' list yet.
    if (rolloutState === 'IN_PROGRESS') return lettingGoOn(context, snapshot, id, { until: 'done' }, watch);
    if (rolloutState !== 'FAILED') return;
  }
  if (underWay) {
    const rest = await rollBack(context, service.serviceName ?? '', underWay.arn, { ...watch, signal: undefined });
    return finishBack(context, snapshot.environment, id, rest, watch);
  }
  await start(context, snapshot, id, watch);
}

/**
 * After a rollback AWS should run what ran before. Where it came too late, was stopped by others on the way, or ran
 * something else, it is begun anew.
 */
async function finishBack(
  context: EcsContext,
  environment: string,
  id: string,
  rest: Rest,
  watch: Watch,
): Promise<void> {
  const now = await readSnapshot(context, environment);
  if (rest === 'elsewhere' || now.underWay || now.serving !== id || isSplit(now)) await start(context, now, id, watch);
}

async function start(context: EcsContext, snapshot: Snapshot, id: string, watch: Watch): Promise<void> {
  const own = snapshot.service.deploymentConfiguration ?? {};
  const stepped = mannerOf(snapshot.service).kind === 'stepped';
  if (stepped) await rememberOwn(context, snapshot);
  const configuration = stepped ? atOnceConfiguration(own) : rollingConfiguration(own);
  await telling(context, snapshot, id, watch, () =>
    beginAndWait(context, snapshot, id, configuration, { until: 'done' }, watch),
  );
}

async function lettingGoOn(
  context: EcsContext,
  snapshot: Snapshot,
  task: string,
  goal: Parameters<typeof waitFor>[2],
  watch: Watch,
): Promise<void> {
  await telling(context, snapshot, task, watch, () => waitFor(context, takenUp(snapshot, task), goal, watch));
}

/** Says why tasks stopped before what went wrong is thrown. */
async function telling(
  context: EcsContext,
  { service }: Snapshot,
  id: string,
  watch: Watch,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    throw withCause(error, await tellStopped(context, service, id, watch.progress));
  }
}

/** As before the first promotion: what ran then, or nothing where nothing did. */
async function giveBack(context: EcsContext, snapshot: Snapshot, watch: Watch): Promise<void> {
  const { underWay, serving, environment, service } = snapshot;
  const mark = readMark(snapshot.tags);
  if (!mark) return;
  let rest: Rest = 'back';
  if (underWay?.to === mark.candidate && hasTraffic(snapshot))
    rest = await rollBack(context, service.serviceName ?? '', underWay.arn, { ...watch, signal: undefined });
  else if (underWay?.to === mark.candidate && serving !== mark.candidate) return;
  const now = await readSnapshot(context, environment);
  if (rest === 'back' && now.serving !== mark.candidate && !isSplit(now)) return;
  if (mark.before === undefined) return turnOff(context, now);
  await start(context, now, mark.before, watch);
}

/** @throws ConfigError ECS-WEIGHTS, ECS-DEPLOYMENT-UNKNOWN */
async function checkWeights(context: EcsContext, weights: Weights): Promise<void> {
  const given = Object.values(weights);
  if (given.some((weight) => !Number.isInteger(weight) || weight < 0)) throw badWeights('a weight is no whole percent');
  const sum = given.reduce((all, weight) => all + weight, 0);
  if (given.length > 0 && sum !== 100) throw badWeights(`together they are ${sum}`);
  for (const id of Object.keys(weights)) {
    const task = await findTask(context, id);
    if (!task || !taggedRelease(tagsOf(task.tags))) throw unknownDeployment(id);
  }
}
