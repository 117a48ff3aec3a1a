import { DescribeServicesCommand, type Service, type ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { nameOf } from './aws-error.ts';
import { type EcsContext, serviceName } from './context.ts';
import { type Carried, listDeployments, percentOf, readListed, UNDER_WAY } from './deployments.ts';
import { clusterMissing, foreignController, serviceInactive, serviceMissing } from './errors.ts';
import { deploymentId } from './names.ts';
import { type Tags, tagsOf } from './tags.ts';

/** A service as it is now. */
export interface Snapshot {
  readonly environment: string;
  readonly service: Service;
  readonly tags: Tags;
  /** The deployment that AWS is in the middle of. */
  readonly underWay: Carried | undefined;
  /** The newest deployment where it ended half-way and AWS does nothing more to it: tasks of two definitions run. */
  readonly halted: Carried | undefined;
  /** Id of the definition that has the production traffic, or most of it; undefined where nothing ever ran. */
  readonly serving: string | undefined;
}

/** Ends of a deployment that may leave what served before and what was to come side by side. */
const HALF_WAY: readonly ServiceDeploymentStatus[] = ['STOPPED', 'ROLLBACK_FAILED'];

/** The environment's service, with what AWS is doing to it; undefined where there is no such service, or no more. */
export async function findSnapshot(
  context: EcsContext,
  environment: string,
  signal?: AbortSignal,
): Promise<Snapshot | undefined> {
  context.environments.add(environment);
  const service = await findService(context, serviceName(context, environment), signal);
  if (!service || service.status === 'INACTIVE') return undefined;
  const [newest] = await listDeployments(context, service.serviceName ?? '', UNDER_WAY, signal);
  const underWay = newest === undefined ? undefined : await readListed(context, newest, signal);
  const halted = underWay ? undefined : await findHalted(context, service, signal);
  const primary = primaryOf(service)?.taskDefinition ?? service.taskDefinition;
  const running = primary === undefined ? undefined : deploymentId(primary);
  const between = underWay ?? halted;
  const serving = between ? servingBetween(between, running) : running;
  return { environment, service, tags: tagsOf(service.tags), underWay, halted, serving };
}

/**
 * A deployment that somebody stopped half-way, or that AWS failed to roll back. It is over, so that nothing is under
 * way, and the traffic may be split all the same.
 */
async function findHalted(context: EcsContext, service: Service, signal?: AbortSignal): Promise<Carried | undefined> {
  const running = (service.currentServiceRevisions ?? []).filter(({ runningTaskCount = 0 }) => runningTaskCount > 0);
  if (running.length < 2) return undefined;
  const [newest] = await listDeployments(context, service.serviceName ?? '', undefined, signal);
  const last = newest === undefined ? undefined : await readListed(context, newest, signal);
  return last && HALF_WAY.includes(last.deployment.status ?? 'PENDING') ? last : undefined;
}

/**
 * Like {@link findSnapshot}, of a service that can be deployed to.
 * @throws ConfigError ECS-SERVICE-MISSING, ECS-SERVICE-INACTIVE or ECS-CONTROLLER
 */
export async function readSnapshot(context: EcsContext, environment: string, signal?: AbortSignal): Promise<Snapshot> {
  const snapshot = await findSnapshot(context, environment, signal);
  const { cluster } = context.place;
  if (!snapshot) throw serviceMissing(serviceName(context, environment), cluster, environment);
  checkService(snapshot.service);
  return snapshot;
}

/** @throws ConfigError ECS-SERVICE-INACTIVE or ECS-CONTROLLER */
export function checkService({ serviceName: name = '', status = '', deploymentController }: Service): void {
  if (status !== 'ACTIVE') throw serviceInactive(name, status);
  const controller = deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') throw foreignController(name, controller);
}

/** A service by its name, whatever its status; undefined where AWS knows none. @throws ConfigError ECS-CLUSTER-MISSING */
export async function findService(
  { aws, place }: EcsContext,
  name: string,
  signal?: AbortSignal,
): Promise<Service | undefined> {
  const answer = await aws.ask(
    `the service ${name}`,
    async ({ ecs }, options) => {
      try {
        const input = { cluster: place.cluster, services: [name], include: ['TAGS' as const] };
        const { services = [], failures = [] } = await ecs.send(new DescribeServicesCommand(input), options);
        // Only a service that AWS says is missing is missing: what it failed to look up may well be there.
        const failure = services.length === 0 ? failures.find(({ reason }) => reason !== 'MISSING') : undefined;
        if (failure)
          throw Object.assign(new Error(failure.detail ?? 'no details'), { name: failure.reason ?? 'Failure' });
        return services;
      } catch (error) {
        if (nameOf(error) === 'ClusterNotFoundException') throw clusterMissing(place.cluster, place.region);
        throw error;
      }
    },
    signal,
  );
  return answer[0];
}

/** True when the deployment under way may have callers already. A rolling one has no weights: its first task has them. */
export function hasTraffic({ underWay }: Pick<Snapshot, 'underWay'>): boolean {
  if (!underWay) return false;
  const { deploymentConfiguration, targetServiceRevision } = underWay.deployment;
  if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING') return true;
  return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}

/** True when callers are split between two, or may be: a stop in the dark leaves them where they were. */
export function isSplit({ halted }: Pick<Snapshot, 'halted'>): boolean {
  if (!halted) return false;
  const { deploymentConfiguration, targetServiceRevision } = halted.deployment;
  if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING') return true;
  return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}

function servingBetween({ deployment, to, from }: Carried, running: string | undefined): string | undefined {
  return percentOf(deployment) < 50 ? (from ?? running) : to;
}

/** The deployment that DescribeServices calls primary: what the service is to run. */
export function primaryOf(service: Service) {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}
