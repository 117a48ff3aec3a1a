import type { Service } from '@aws-sdk/client-ecs';
import type {
  Autoscaling,
  Deployment,
  DeploymentStatus,
  EnvironmentState,
  HistoryEntry,
  PromotionMark,
  ServingAddress,
  Weights,
} from '../../release/deployment.ts';
import { addressOf } from './addresses.ts';
import type { EcsContext, RegisteredTask } from './context.ts';
import { type Carried, percentOf } from './deployments.ts';
import { unknownDeployment } from './errors.ts';
import { deploymentId } from './names.ts';
import { isSplit, primaryOf, readSnapshot, type Snapshot } from './snapshot.ts';
import { ownerOf, readHistory, readMark, type StoredMark, taggedRelease, tagsOf } from './tags.ts';
import { imageRunBy } from './task-definition.ts';
import { findTask, readTask } from './tasks.ts';
import { mannerOf } from './traffic.ts';

/** An environment as the target reports it, from one snapshot of its service. */
export async function describeEnvironment(context: EcsContext, snapshot: Snapshot): Promise<EnvironmentState> {
  const { environment, service, tags } = snapshot;
  const mark = readMark(tags);
  const settled = readHistory(tags);
  const ids = [...settled.map((each) => each.deploymentId), ...(mark ? [mark.candidate] : [])];
  const deployments = await describeAll(context, snapshot, ids);
  const find = (id: string | undefined) => deployments.find((each) => each.id === id);
  const history = settled.flatMap((each): HistoryEntry[] => {
    const releaseId = find(each.deploymentId)?.releaseId;
    return releaseId === undefined ? [] : [{ ...each, releaseId }];
  });
  const manner = mannerOf(service);
  const foreign = isOff(service) ? undefined : unknownOf(snapshot, ids);
  return {
    name: environment,
    address: ids.length === 0 ? undefined : await addressOf(context, environment, service, 'production'),
    weights: weightsOf(snapshot, ids),
    current: find(settled[0]?.deploymentId),
    ...(foreign !== undefined && { foreign }),
    candidate: find(mark?.candidate),
    promotion: mark && describeMark(mark, snapshot, context.clock.now()),
    history,
    deployments,
    autoscaling: context.autoscaling(environment),
    ...(manner.kind === 'rolling' && { cannot: { weights: manner.why, darkAddress: manner.why } }),
  };
}

/** What serves and was never promoted, by the tags: of others, or of ours after somebody took the tags away. */
function unknownOf({ serving }: Snapshot, known: readonly string[]): string | undefined {
  return serving === undefined || known.includes(serving) ? undefined : serving;
}

export function neverDeployed(name: string, autoscaling: Autoscaling): EnvironmentState {
  return {
    name,
    address: undefined,
    weights: {},
    current: undefined,
    candidate: undefined,
    promotion: undefined,
    history: [],
    deployments: [],
    autoscaling,
    cannot: { darkAddress: 'its service is made with the release, and serves at once' },
  };
}

/** A deployment: a definition of ours, and what the service makes of it. */
export async function describeDeployment(
  context: EcsContext,
  snapshot: Snapshot,
  id: string,
  task: RegisteredTask,
): Promise<Deployment | undefined> {
  const release = taggedRelease(tagsOf(task.tags));
  if (!release) return undefined;
  const { status, raw, replicas } = statusOf(snapshot, id, task);
  const image = imageRunBy(task.definition, release.releaseId);
  return {
    id,
    ...release,
    status,
    rawStatus: raw,
    address: await darkAddress(context, snapshot, id),
    ...(image !== undefined && { image }),
    createdAt: (task.definition.registeredAt ?? new Date(0)).toISOString(),
    replicas,
  };
}

/** A deployment of ours as it is now. @throws ConfigError ECS-DEPLOYMENT-UNKNOWN for what is none */
export async function readDeployment(
  context: EcsContext,
  environment: string,
  id: string,
  signal?: AbortSignal,
): Promise<Deployment> {
  const snapshot = await readSnapshot(context, environment, signal);
  const deployment = await describeDeployment(context, snapshot, id, await readTask(context, id, signal));
  if (!deployment) throw unknownDeployment(id);
  return deployment;
}

/**
 * Percent of production traffic by deployment: as AWS asked its load balancer for, or as many tasks as run of each
 * where it has none. What is none of ours is left out.
 */
export function weightsOf(snapshot: Snapshot, known: readonly string[]): Weights {
  const { service, serving } = snapshot;
  const between = snapshot.underWay ?? (isSplit(snapshot) ? snapshot.halted : undefined);
  const split = between ? splitOf(service, between) : serving === undefined ? {} : { [serving]: 100 };
  const ours = Object.entries(split).filter(([id, weight]) => weight > 0 && known.includes(id));
  return isOff(service) ? {} : Object.fromEntries(ours);
}

function splitOf(service: Service, { deployment, to, from }: Carried): Weights {
  const isWeighted = (deployment.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING';
  const percent = isWeighted ? percentOf(deployment) : shareOf(service, to);
  if (from === undefined || from === to) return { [to]: 100 };
  return { [to]: percent, [from]: 100 - percent };
}

/** Percent of the running tasks that are of a definition. */
function shareOf({ deployments = [] }: Service, id: string): number {
  const running = deployments.map((each) => ({
    count: each.runningCount ?? 0,
    isOf: deploymentId(each.taskDefinition ?? '') === id,
  }));
  const all = running.reduce((sum, { count }) => sum + count, 0);
  const ours = running.filter(({ isOf }) => isOf).reduce((sum, { count }) => sum + count, 0);
  return all === 0 ? 0 : Math.round((100 * ours) / all);
}

async function describeAll(context: EcsContext, snapshot: Snapshot, ids: readonly string[]) {
  const found: Deployment[] = [];
  for (const id of new Set(ids)) {
    const task = await findTask(context, id);
    const deployment = task && (await describeDeployment(context, snapshot, id, task));
    if (deployment) found.push(deployment);
  }
  return found;
}

interface Status {
  readonly status: DeploymentStatus;
  readonly raw: string;
  readonly replicas: number;
}

function statusOf({ service, underWay }: Snapshot, id: string, { definition }: RegisteredTask): Status {
  if (underWay?.to === id) return underWayStatus(underWay);
  const primary = primaryOf(service);
  const runs = deploymentId(primary?.taskDefinition ?? '') === id;
  const replicas = runs ? (primary?.runningCount ?? service.runningCount ?? 0) : 0;
  if (!runs && underWay?.from === id)
    return { status: 'active', raw: 'serves beside its successor', replicas: service.runningCount ?? 0 };
  if (!runs && definition.status !== 'ACTIVE') return off(`the task definition is ${definition.status}`);
  if (!runs) return off('registered; it runs when traffic is given to it');
  if (isOff(service)) return off('the service wants 0 tasks');
  const raw = `${service.status} ${primary?.rolloutState ?? ''}`.trim();
  if (primary?.rolloutState === 'FAILED') return { status: 'failed', raw, replicas };
  if (primary?.rolloutState === 'IN_PROGRESS') return { status: 'deploying', raw, replicas };
  return { status: replicas > 0 ? 'active' : 'unhealthy', raw, replicas };
}

function underWayStatus({ deployment }: Carried): Status {
  const { status = '', lifecycleStage, targetServiceRevision } = deployment;
  const replicas = targetServiceRevision?.runningTaskCount ?? 0;
  const raw = [status, lifecycleStage].filter(Boolean).join(' ');
  if (status.startsWith('ROLLBACK') || status.startsWith('STOP')) return { status: 'deactivating', raw, replicas };
  const wanted = targetServiceRevision?.requestedTaskCount ?? 1;
  return { status: replicas >= wanted && wanted > 0 ? 'active' : 'deploying', raw, replicas };
}

function off(raw: string): Status {
  return { status: 'inactive', raw, replicas: 0 };
}

function isOff({ desiredCount }: Service): boolean {
  return desiredCount === 0;
}

/** The test listener's, while what is deployed waits behind it. */
async function darkAddress(
  context: EcsContext,
  { environment, service, underWay }: Snapshot,
  id: string,
): Promise<ServingAddress | undefined> {
  if (underWay?.to !== id || mannerOf(service).kind !== 'stepped') return undefined;
  return addressOf(context, environment, service, 'test');
}

/**
 * A promotion that waits for somebody is given up where AWS took back, meanwhile, what it would go on with. Task by task
 * there is nothing to be taken back before it has traffic.
 */
function describeMark(mark: StoredMark, { underWay, serving, service }: Snapshot, nowMs: number): PromotionMark {
  const { id, candidate, current, startedAt, run } = mark;
  const isThere = underWay?.to === candidate || serving === candidate || mannerOf(service).kind === 'rolling';
  const owner = ownerOf(mark, nowMs);
  return { id, candidate, current, startedAt, run, owner: owner === 'paused' && !isThere ? 'gone' : owner };
}
