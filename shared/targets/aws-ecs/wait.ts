import {
  ContinueServiceDeploymentCommand,
  type Service,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { ProviderError } from '../../errors.ts';
import { nameOf } from './aws-error.ts';
import type { EcsContext, Watch } from './context.ts';
import { type Carried, isOver, listDeployments, readCarried } from './deployments.ts';
import { deployFailed, deployOvertaken, deployTimeout } from './errors.ts';
import { judgeDeployment, judgeRollout, type Look, type Standing } from './outcome.ts';
import { CONSISTENCY_MS, LOOKS, LOOKS_AFTER_FAILURE, MOST_FAILED_LOOKS, Pauses } from './pace.ts';
import { ProgressReport } from './progress.ts';
import { findService, primaryOf, type Snapshot } from './snapshot.ts';

/** A deployment that we began, or take up. */
export interface Ours {
  readonly serviceName: string;
  /** Id of the definition that it brings. */
  readonly task: string;
  /** ARNs of the deployments that were there before it began. */
  readonly older: readonly string[];
  /** What UpdateService said of it: `ecs-svc/…`; empty where it is taken up. */
  readonly deploymentId: string;
  /** It began after this, where that is known: what brought the same definition before is none of it. */
  readonly since?: Date | undefined;
  /** Its own ARN, once it is known. */
  readonly arn: string | undefined;
  /** As it was when it began. */
  readonly before: Service | undefined;
}

/** AWS writes down a service's line and its deployment one after the other. */
const APART_MS = 60_000;

/**
 * What AWS is in the middle of, taken up as ours. Where it is not in AWS' list yet, it is looked for among those that
 * began with the service's own line of it: the same definition may have been deployed, and rolled back, days before.
 * @param task id of the definition that it brings
 */
export function takenUp({ service, underWay }: Pick<Snapshot, 'service' | 'underWay'>, task: string): Ours {
  const { id: deploymentId = '', createdAt } = primaryOf(service) ?? {};
  const since = createdAt && new Date(createdAt.getTime() - APART_MS);
  const { serviceName = '' } = service;
  return { serviceName, task, older: [], since, deploymentId, arn: underWay?.arn, before: service };
}

/** Until when a wait goes on. */
export type Goal =
  | { readonly until: 'dark' }
  | { readonly until: 'percent'; readonly percent: number }
  | { readonly until: 'done' };

/**
 * Waits for this very deployment, letting it go on at pauses on the way, and tells what changes.
 * @returns its ARN where AWS lists it
 * @throws ProviderError ECS-DEPLOY-FAILED, ECS-DEPLOY-OVERTAKEN or ECS-DEPLOY-TIMEOUT; Interrupted
 */
export async function waitFor(context: EcsContext, ours: Ours, goal: Goal, watch: Watch): Promise<string | undefined> {
  const { clock, policy } = context;
  const startedAt = clock.now();
  const report = new ProgressReport(watch.progress, ours.before, toldOf(context, ours));
  const passed = new Set<string>();
  const pauses = new Pauses(context, LOOKS);
  for (let arn = ours.arn; ; await pauses.pass(watch.signal)) {
    const known = arn;
    const { look, carried } = await patiently(context, watch, () =>
      lookAt(context, { ...ours, arn: known }, watch.signal),
    );
    arn = carried?.arn ?? arn;
    report.tell(look);
    const ageMs = clock.now() - startedAt;
    const standing = judge(look, ours, ageMs);
    if (standing.state === 'failed') throw deployFailed(ours.serviceName, standing.why);
    if (standing.state === 'overtaken') throw deployOvertaken(ours.serviceName, standing.why);
    if (isThere(standing, goal)) return arn;
    if (standing.state === 'going' && standing.waitsAt?.hookId && arn !== undefined && mayPass(standing, goal, passed))
      await letGoOn(context, arn, standing.waitsAt.hookId, passed, watch.signal);
    const timeoutMs = policy.deployTimeoutMs + bakeMs(look);
    if (ageMs >= timeoutMs) throw deployTimeout(ours.serviceName, timeoutMs / 60_000, describe(standing, look));
  }
}

/** Where a deployment came to rest: with all traffic back where it was, or otherwise. */
export type Rest = 'back' | 'elsewhere';

/**
 * Has AWS give all traffic back to what served before a deployment, and waits until it has, or does nothing more.
 * @returns `elsewhere` when it was done before it could be stopped, or was stopped by others where it stood: what serves
 *   now has to be looked at
 * @throws ProviderError ECS-DEPLOY-TIMEOUT while it has not, ECS-DEPLOY-FAILED when it could not
 */
export async function rollBack(context: EcsContext, serviceName: string, arn: string, watch: Watch): Promise<Rest> {
  const { aws, clock, policy } = context;
  await aws.ask(`the end of the deployment of ${serviceName}`, async ({ ecs }, options) => {
    try {
      await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }), options);
    } catch (error) {
      // It is over, or going back, already: what it came to is looked at below.
      if (!isTooLate(error)) throw error;
    }
  });
  const giveUpAt = clock.now() + policy.deployTimeoutMs;
  const pauses = new Pauses(context, LOOKS);
  for (let told = ''; ; await pauses.pass(watch.signal)) {
    const deployment = (await patiently(context, watch, () => readCarried(context, arn)))?.deployment;
    const status = deployment?.status ?? 'unknown';
    if (status !== told) watch.progress(`giving traffic back: the deployment is ${status}`);
    told = status;
    if (status === 'ROLLBACK_SUCCESSFUL') return 'back';
    if (deployment && status === 'STOPPED') return hadNoCallers(deployment) ? 'back' : 'elsewhere';
    if (status === 'SUCCESSFUL') return 'elsewhere';
    if (status === 'ROLLBACK_FAILED')
      throw deployFailed(serviceName, `AWS could not roll it back: ${deployment?.statusReason ?? ''}`);
    if (clock.now() >= giveUpAt)
      throw deployTimeout(serviceName, policy.deployTimeoutMs / 60_000, `the rollback is ${status}`);
  }
}

/** A deployment without weights has callers from its first task on. */
function hadNoCallers({ deploymentConfiguration, targetServiceRevision }: ServiceDeployment): boolean {
  const strategy = deploymentConfiguration?.strategy ?? 'ROLLING';
  return strategy !== 'ROLLING' && (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) === 0;
}

/**
 * A look in the middle of a wait. AWS may be out of reach for a while, and goes on with what it was told: one look that
 * fails is no reason to give up what it looks at.
 */
async function patiently<T>(context: EcsContext, watch: Watch, look: () => Promise<T>): Promise<T> {
  const pauses = new Pauses(context, LOOKS_AFTER_FAILURE);
  for (let failed = 1; ; failed += 1) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable || failed === MOST_FAILED_LOOKS) throw error;
      watch.progress(`${error.problem.what}; it is asked again`);
      await pauses.pass(watch.signal);
    }
  }
}

function toldOf({ told }: EcsContext, { deploymentId }: Ours): Map<string, string> {
  const known = told.get(deploymentId) ?? new Map<string, string>();
  if (deploymentId !== '') told.set(deploymentId, known);
  return known;
}

async function lookAt(
  context: EcsContext,
  ours: Ours,
  signal: AbortSignal | undefined,
): Promise<{ readonly look: Look; readonly carried: Carried | undefined }> {
  const service = (await findService(context, ours.serviceName, signal)) ?? {};
  const known = ours.arn === undefined ? undefined : await readCarried(context, ours.arn, signal);
  // One that goes on was not overtaken: AWS ends it first.
  if (known && !isOver(known))
    return { look: { service, deployment: known.deployment, newer: undefined }, carried: known };
  const listed = await listDeployments(context, ours.serviceName, ours.since, signal);
  const fresh = listed.filter((arn) => !ours.older.includes(arn));
  const carried = known ?? (await oldestOf(context, ours.task, fresh, signal));
  const newest = fresh.find((arn) => arn !== carried?.arn);
  const isNewer = newest !== undefined && (!carried || fresh.indexOf(newest) < fresh.indexOf(carried.arn));
  const newer = isNewer ? (await readCarried(context, newest, signal))?.to : undefined;
  return { look: { service, deployment: carried?.deployment, newer }, carried };
}

/** Ours in AWS' list, whatever has become of it; undefined where it is not listed, or not yet. */
export async function findOurs(context: EcsContext, ours: Ours, signal?: AbortSignal): Promise<Carried | undefined> {
  const listed = await listDeployments(context, ours.serviceName, ours.since, signal);
  const fresh = listed.filter((arn) => !ours.older.includes(arn));
  return oldestOf(context, ours.task, fresh, signal);
}

/** The oldest of those that began after ours was asked for and bring our definition. */
async function oldestOf(
  context: EcsContext,
  task: string,
  fresh: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Carried | undefined> {
  for (const each of fresh.toReversed()) {
    const carried = await readCarried(context, each, signal);
    if (carried?.to === task) return carried;
  }
  return undefined;
}

function judge(look: Look, ours: Ours, ageMs: number): Standing {
  const { service, deployment } = look;
  const going: Standing = { state: 'going', percent: 0, waitsAt: undefined, isDark: false };
  if (deployment) return judgeDeployment({ ...look, deployment }, ours.task);
  const older = (ours.before?.deployments ?? []).flatMap(({ id }) => (id === ours.deploymentId ? [] : (id ?? [])));
  const isSeen = service.deployments?.some(({ id }) => id === ours.deploymentId) ?? false;
  if (!isSeen && ageMs < CONSISTENCY_MS) return going;
  if (look.newer !== undefined) return { state: 'overtaken', why: `the service is to run ${look.newer} now` };
  // AWS' own list comes a moment after the service itself, and is the better witness.
  return ageMs < CONSISTENCY_MS && isListing(service)
    ? going
    : judgeRollout(service, ours.task, { ours: ours.deploymentId, older });
}

/** Services of AWS name their current deployment; emulators, which have no list, do not. */
export function isListing({ currentServiceDeployment }: Service): boolean {
  return currentServiceDeployment !== undefined;
}

function isThere(standing: Standing, goal: Goal): boolean {
  if (standing.state === 'done') return true;
  if (standing.state !== 'going') return false;
  if (goal.until === 'dark') return standing.isDark;
  return goal.until === 'percent' && standing.percent >= goal.percent;
}

/** How long AWS itself stays at a step: no time that a deployment loses. */
function bakeMs({ deployment }: Look): number {
  const { linearConfiguration, canaryConfiguration, bakeTimeInMinutes = 0 } = deployment?.deploymentConfiguration ?? {};
  const step = linearConfiguration?.stepBakeTimeInMinutes ?? canaryConfiguration?.canaryBakeTimeInMinutes ?? 0;
  return (step + bakeTimeInMinutes) * 60_000;
}

/** Before the candidate is up and dark nothing is at stake; after that each pause is passed for one more step. */
function mayPass(standing: Standing & { readonly state: 'going' }, goal: Goal, passed: ReadonlySet<string>): boolean {
  if (passed.has(standing.waitsAt?.hookId ?? '')) return false;
  return goal.until === 'dark' ? !standing.isDark && standing.percent === 0 : true;
}

async function letGoOn(
  { aws }: EcsContext,
  arn: string,
  hookId: string,
  passed: Set<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  passed.add(hookId);
  const input = { serviceDeploymentArn: arn, hookId, action: 'CONTINUE' as const };
  await aws.ask(
    'the next step of the deployment',
    async ({ ecs }, options) => {
      try {
        await ecs.send(new ContinueServiceDeploymentCommand(input), options);
      } catch (error) {
        // An old answer: the pause is over already. Each pause has an id of its own, so no step is skipped.
        if (!isTooLate(error)) throw error;
      }
    },
    signal,
  );
}

/** What AWS says to a word on a deployment, or a pause of it, that is over. */
function isTooLate(error: unknown): boolean {
  return /^(ConflictException|InvalidParameterException|ClientException)$/.test(nameOf(error));
}

function describe(standing: Standing, { service, deployment }: Look): string {
  const stage = deployment?.lifecycleStage ? ` at ${deployment.lifecycleStage}` : '';
  const percent = standing.state === 'going' ? `${standing.percent} % of the traffic` : '';
  return `${deployment?.status ?? 'not listed'}${stage}, ${percent}, ${service.runningCount ?? 0} of ${service.desiredCount ?? 0} tasks run`;
}
