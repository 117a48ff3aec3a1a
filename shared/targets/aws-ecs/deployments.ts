import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  type ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import { nameOf } from './aws-error.ts';
import type { EcsContext } from './context.ts';
import { deploymentUnseen } from './errors.ts';
import { deploymentId, shortArn } from './names.ts';
import { MOST_SIGHTINGS, Pauses, SIGHTINGS } from './pace.ts';

/** A deployment as AWS carries it out, with the task definitions that it is about. */
export interface Carried {
  readonly deployment: ServiceDeployment;
  readonly arn: string;
  /** Id of the definition that it brings. */
  readonly to: string;
  /** Id of the definition that served before; undefined for the first. */
  readonly from: string | undefined;
}

/** The longest that a deployment may wait at a pause, 14 days: older ones are over. */
const LONGEST_MS = 14 * 86_400_000;
/** Pages of a list that are read at most. */
const MOST_PAGES = 20;
export const UNDER_WAY: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/**
 * ARNs of a service's deployments, newest first; none where AWS, or what stands in for it, keeps no list.
 * @param which those of these statuses, or those that began after a moment; undefined: all that may still matter
 */
export async function listDeployments(
  { aws, place, clock }: EcsContext,
  name: string,
  which: readonly ServiceDeploymentStatus[] | Date | undefined,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const after = which instanceof Date ? which : new Date(clock.now() - LONGEST_MS);
  const wanted = which && !(which instanceof Date) ? { status: [...which] } : { createdAt: { after } };
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const input = {
      cluster: place.cluster,
      service: name,
      maxResults: 100,
      ...wanted,
      ...(nextToken && { nextToken }),
    };
    const answer = await aws.ask(
      `the deployments of the service ${name}`,
      async ({ ecs }, options) => {
        try {
          return await ecs.send(new ListServiceDeploymentsCommand(input), options);
        } catch (error) {
          if (keepsNoList(error)) return undefined;
          throw error;
        }
      },
      signal,
    );
    found.push(...(answer?.serviceDeployments ?? []));
    nextToken = answer?.nextToken;
    if (nextToken === undefined) break;
  }
  return found
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

/**
 * A deployment that AWS has in its list: what the list has and the description has not is only not to be seen yet, and
 * must not be taken for nothing.
 * @throws ProviderError ECS-DEPLOYMENT-NOT-SEEN
 */
export async function readListed(context: EcsContext, arn: string, signal?: AbortSignal): Promise<Carried> {
  const pauses = new Pauses(context, SIGHTINGS);
  for (let look = 1; ; look += 1) {
    const carried = await readCarried(context, arn, signal);
    if (carried) return carried;
    if (look === MOST_SIGHTINGS) throw deploymentUnseen(shortArn(arn));
    await pauses.pass(signal);
  }
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

/** Emulators and older partitions have no service deployments; then rollout states must do. */
function keepsNoList(error: unknown): boolean {
  return (
    /^(UnknownOperationException|UnsupportedFeatureException|NotImplemented|InvalidAction)/.test(nameOf(error)) ||
    /not (yet )?(been )?implemented/i.test(String(error))
  );
}
