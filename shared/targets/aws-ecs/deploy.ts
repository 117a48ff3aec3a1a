import { Interrupted } from '../../errors.ts';
import type { DeployOptions } from '../../ports/target.ts';
import type { Deployment } from '../../release/deployment.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import { addressOf } from './addresses.ts';
import { begin } from './begin.ts';
import { type EcsContext, serviceName, type Watch } from './context.ts';
import { createService } from './create-service.ts';
import { listDeployments } from './deployments.ts';
import { cannotHandOver, cannotHold, deploymentActive, promotionActive, stepsUnguarded } from './errors.ts';
import { rememberOwn } from './own-configuration.ts';
import { readDeployment } from './report.ts';
import { applyScaling } from './scaling.ts';
import { checkService, findSnapshot, hasTraffic, type Snapshot } from './snapshot.ts';
import { ownerOf, readHistory, readMark, taggedRelease, tagsOf } from './tags.ts';
import { takeBack } from './take-back.ts';
import { shapeOf, type TaskShape, taskFor } from './task-definition.ts';
import { findSame, findTask, readTask, registerTask } from './tasks.ts';
import { mannerOf, steppedConfiguration, waitsAtSteps } from './traffic.ts';
import { verify } from './verify/verify.ts';
import { type Ours, takenUp, waitFor } from './wait.ts';

/** For the checks at a stage, over the time that it is soaked and held. */
const MARGIN_MS = 15 * 60_000;

/**
 * A deployment of the release. At a service that moves traffic in steps its tasks are up behind the test listener, with
 * AWS waiting for the word to go on; at any other it is registered, and starts when traffic is given to it.
 */
export async function deploy(
  context: EcsContext,
  release: Release,
  environment: string,
  options: DeployOptions,
): Promise<Deployment> {
  const { signal, progress } = options;
  if (signal.aborted) throw new Interrupted();
  const found = await findSnapshot(context, environment, signal);
  if (!found && options.hold) throw cannotHold(serviceName(context, environment));
  if (!found) return createService(context, release, environment, options);
  checkService(found.service);
  await checkFree(context, found, release);
  const manner = mannerOf(found.service);
  const { shape, id: known } = await derive(context, found, release, options);
  if (manner.kind === 'rolling') checkIdle(found, known);
  const subject = { context, service: found.service, shape, release, registers: known === undefined, signal };
  for (const note of await verify(subject)) progress(note);
  await addressOf(context, environment, found.service, 'production');
  const id = known ?? (await registerTask(context, shape, release, await inheritedTags(context, found), signal));
  progress(
    known === undefined
      ? `${id} is registered for ${describeRelease(release)}`
      : `${known} has ${describeRelease(release)} already; no new revision is made`,
  );
  // What nobody approved yet changes nothing of what serves.
  if (context.policy.autoscaling && !options.hold) await applyScaling(context, environment, options.autoscaling);
  if (manner.kind === 'stepped' && found.serving !== id) await darken(context, found, id, options);
  return readDeployment(context, environment, id);
}

/** What would be registered, and the id of a definition that says the same already. */
export async function derive(
  context: EcsContext,
  snapshot: Snapshot,
  release: Release,
  { fresh, signal }: Partial<Pick<DeployOptions, 'fresh' | 'signal'>>,
): Promise<{ readonly running: TaskShape; readonly shape: TaskShape; readonly id: string | undefined }> {
  const running = await runningTask(context, snapshot, signal);
  const shape = taskFor(running.definition, release, context.policy.container);
  const mark = readMark(snapshot.tags);
  const known = [
    ...(snapshot.serving === undefined ? [] : [snapshot.serving]),
    ...(mark ? [mark.candidate] : []),
    ...readHistory(snapshot.tags).map(({ deploymentId }) => deploymentId),
  ];
  const id = fresh ? undefined : await findSame(context, shape, release, known, signal);
  return { running: shapeOf(running.definition), shape, id };
}

function runningTask(context: EcsContext, { serving }: Snapshot, signal?: AbortSignal) {
  return readTask(context, serving ?? '', signal);
}

async function inheritedTags(context: EcsContext, snapshot: Snapshot) {
  return (await runningTask(context, snapshot)).tags;
}

/** @throws GateFailure PROMOTION-ACTIVE while the service is held for another release */
async function checkFree(context: EcsContext, { tags, service }: Snapshot, release: Release): Promise<void> {
  const mark = readMark(tags);
  const owner = mark && ownerOf(mark, context.clock.now());
  if (!mark || owner === 'gone') return;
  const held = await findTask(context, mark.candidate);
  if (held && taggedRelease(tagsOf(held.tags))?.releaseId === release.id) return;
  throw promotionActive(service.serviceName ?? '', mark, owner ?? 'unknown');
}

/** Starts the tasks behind the test listener, or takes up what is there; ended by anything, it is taken back. */
async function darken(context: EcsContext, snapshot: Snapshot, id: string, options: DeployOptions): Promise<void> {
  const { environment, service, underWay } = snapshot;
  const watch: Watch = { signal: options.signal, progress: options.progress };
  await addressOf(context, environment, service, 'test');
  if (underWay?.to === id) {
    const isGuarded = waitsAtSteps(underWay.deployment.deploymentConfiguration ?? {});
    if (options.handOff && isGuarded) throw cannotHandOver(id);
    if (!options.handOff && !isGuarded && !hasTraffic(snapshot)) throw stepsUnguarded(id);
    options.progress(`AWS is in the middle of deploying ${id}; it is taken up`);
    await waitFor(context, takenUp(snapshot, id), { until: 'dark' }, watch);
    return;
  }
  await checkMayReplace(context, snapshot, options.progress);
  const own = service.deploymentConfiguration ?? {};
  const ramp = options.ramp ?? rampPlan(0, 1, 0);
  const holdMs = Math.max(context.policy.holdTimeoutMs, ramp.soakMs + ramp.patienceMs + MARGIN_MS);
  context.holds.set(environment, holdMs);
  const { handOff = false, hold = false } = options;
  const approvalMs = hold ? context.policy.approvalTimeoutMs : undefined;
  const configuration = steppedConfiguration(own, ramp, { holdMs, handOff, approvalMs });
  const older = await listDeployments(context, service.serviceName ?? '', undefined, options.signal);
  await rememberOwn(context, snapshot);
  let begun: Ours | undefined;
  try {
    begun = await begin(context, snapshot, id, configuration, watch, older);
    await waitFor(context, begun, { until: 'dark' }, watch);
  } catch (cause) {
    throw await takeBack(context, { environment, id, begun, cause }, watch);
  }
}

/** Task by task there is nothing to take up but our own: the next update would end what somebody else is at. */
function checkIdle({ underWay, service }: Snapshot, id: string | undefined): void {
  if (underWay && underWay.to !== id) throw deploymentActive(service.serviceName ?? '', underWay.to);
}

/** Nothing that another one waits for is cut off: only what was left dark and unmarked by a run that is no more. */
async function checkMayReplace(context: EcsContext, snapshot: Snapshot, progress: (line: string) => void) {
  const { underWay, service, tags } = snapshot;
  if (!underWay) return;
  const { serviceName = '' } = service;
  const task = await findTask(context, underWay.to);
  const isOurs = task !== undefined && taggedRelease(tagsOf(task.tags)) !== undefined;
  if (!isOurs || hasTraffic(snapshot) || readMark(tags)) throw deploymentActive(serviceName, underWay.to);
  progress(`${underWay.to} was left without traffic by an earlier run; it is replaced`);
}
