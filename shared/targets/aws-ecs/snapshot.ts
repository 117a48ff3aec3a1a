import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
  type ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import { nameOf } from './aws-error.ts';
import { type EcsContext, serviceName } from './context.ts';
import { clusterMissing, foreignController, serviceInactive, serviceMissing } from './errors.ts';
import { deploymentId } from './names.ts';
import { type Tags, tagsOf } from './tags.ts';

/** A deployment as AWS carries it out, with the task definitions that it is about. */
export interface Carried {
  readonly deployment: ServiceDeployment;
  readonly arn: string;
  /** Id of the definition that it brings. */
  readonly to: string;
  /** Id of the definition that served before; undefined for the first. */
  readonly from: string | undefined;
}

/** A service as it is now. */
export interface Snapshot {
  readonly environment: string;
  readonly service: Service;
  readonly tags: Tags;
  /** The deployment that AWS is in the middle of. */
  readonly underWay: Carried | undefined;
  /** Id of the definition that has the production traffic, or most of it; undefined where nothing ever ran. */
  readonly serving: string | undefined;
}

const DAY_MS = 86_400_000;
const UNDER_WAY: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

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
  const underWay = newest === undefined ? undefined : await readCarried(context, newest, signal);
  const primary = primaryOf(service)?.taskDefinition ?? service.taskDefinition;
  const running = primary === undefined ? undefined : deploymentId(primary);
  const serving = underWay ? servingBetween(underWay, running) : running;
  return { environment, service, tags: tagsOf(service.tags), underWay, serving };
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

/**
 * ARNs of a service's deployments, newest first; none where AWS, or what stands in for it, keeps no list.
 * @param status undefined: all of the last day
 */
export async function listDeployments(
  { aws, place, clock }: EcsContext,
  name: string,
  status: readonly ServiceDeploymentStatus[] | undefined,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const which = status ? { status: [...status] } : { createdAt: { after: new Date(clock.now() - DAY_MS) } };
  const answer = await aws.ask(
    `the deployments of the service ${name}`,
    async ({ ecs }, options) => {
      try {
        const input = { cluster: place.cluster, service: name, maxResults: 100, ...which };
        return await ecs.send(new ListServiceDeploymentsCommand(input), options);
      } catch (error) {
        if (keepsNoList(error)) return undefined;
        throw error;
      }
    },
    signal,
  );
  return (answer?.serviceDeployments ?? [])
    .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
    .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
}

/** A deployment by its ARN, with the definitions it is about; undefined where AWS does not know it (yet). */
export async function readCarried(
  context: EcsContext,
  arn: string,
  signal?: AbortSignal,
): Promise<Carried | undefined> {
  const { serviceDeployments } = await context.aws.ask(
    'what becomes of the deployment',
    ({ ecs }, options) => ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }), options),
    signal,
  );
  const deployment = serviceDeployments?.[0];
  if (!deployment) return undefined;
  const target = deployment.targetServiceRevision?.arn;
  const source = largest(deployment.sourceServiceRevisions ?? [])?.arn;
  await readRevisions(
    context,
    [target, source].filter((each) => each !== undefined),
    signal,
  );
  const taskOf = (revision: string | undefined) => context.revisions.get(revision ?? '');
  const to = taskOf(target);
  return to === undefined ? undefined : { deployment, arn, to, from: taskOf(source) };
}

/** The definitions of revisions, which are for life: each is asked for once. */
async function readRevisions({ aws, revisions }: EcsContext, arns: readonly string[], signal?: AbortSignal) {
  const missing = arns.filter((arn) => !revisions.has(arn));
  if (missing.length === 0) return;
  const { serviceRevisions = [] } = await aws.ask(
    'what the deployment brings',
    ({ ecs }, options) => ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: missing }), options),
    signal,
  );
  for (const { serviceRevisionArn = '', taskDefinition } of serviceRevisions)
    if (taskDefinition !== undefined) revisions.set(serviceRevisionArn, deploymentId(taskDefinition));
}

/** Of several that still run, the one with most of the traffic. */
function largest(sources: readonly ServiceRevisionSummary[]): ServiceRevisionSummary | undefined {
  const weight = (each: ServiceRevisionSummary) => each.requestedProductionTrafficWeight ?? each.runningTaskCount ?? 0;
  return sources.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** True when AWS does nothing more to a deployment. */
export function isOver({ deployment }: Carried): boolean {
  return !UNDER_WAY.includes(deployment.status ?? 'PENDING');
}

/** Percent of production traffic that AWS gave to what the deployment brings; 0 where it replaces task by task. */
export function percentOf({ targetServiceRevision, deploymentConfiguration }: ServiceDeployment): number {
  if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING') return 0;
  return Math.round(targetServiceRevision?.requestedProductionTrafficWeight ?? 0);
}

/** True when the deployment under way may have callers already. A rolling one has no weights: its first task has them. */
export function hasTraffic({ underWay }: Pick<Snapshot, 'underWay'>): boolean {
  if (!underWay) return false;
  const { deploymentConfiguration, targetServiceRevision } = underWay.deployment;
  if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING') return true;
  return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}

/** True when AWS has carried out what it was told last. */
export function isSteady(service: Service): boolean {
  return primaryOf(service)?.rolloutState !== 'IN_PROGRESS';
}

function servingBetween({ deployment, to, from }: Carried, running: string | undefined): string | undefined {
  return percentOf(deployment) < 50 ? (from ?? running) : to;
}

/** The deployment that DescribeServices calls primary: what the service is to run. */
export function primaryOf(service: Service) {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

/** Emulators and older partitions have no service deployments; then rollout states must do. */
function keepsNoList(error: unknown): boolean {
  return (
    /^(UnknownOperationException|UnsupportedFeatureException|NotImplemented|InvalidAction)/.test(nameOf(error)) ||
    /not (yet )?(been )?implemented/i.test(String(error))
  );
}
