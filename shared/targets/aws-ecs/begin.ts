import { type DeploymentConfiguration, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type EcsContext, SILENT, type Watch } from './context.ts';
import { listDeployments } from './deployments.ts';
import { scaledToZero } from './errors.ts';
import { deploymentId } from './names.ts';
import { primaryOf, type Snapshot } from './snapshot.ts';
import { readCount } from './tags.ts';
import { type Goal, type Ours, waitFor } from './wait.ts';

/**
 * Begins a deployment of a definition at a service: only what it needs is sent, the rest of the service stays.
 * @param known ARNs of the deployments that there are, where somebody has looked already
 * @throws ConfigError ECS-SCALED-TO-ZERO when nothing would start
 */
export async function begin(
  context: EcsContext,
  snapshot: Snapshot,
  task: string,
  configuration: DeploymentConfiguration,
  { signal, progress }: Watch = SILENT,
  known?: readonly string[],
): Promise<Ours> {
  const { aws, place } = context;
  const { service } = snapshot;
  const { serviceName = '' } = service;
  const older = known ?? (await listDeployments(context, serviceName, undefined, signal));
  const desiredCount = wantedCount(context, snapshot);
  const isThere = [snapshot.serving, deploymentId(primaryOf(service)?.taskDefinition ?? '')].includes(task);
  const answer = await aws.ask(
    `an update of the service ${serviceName}`,
    ({ ecs }, options) =>
      ecs.send(
        new UpdateServiceCommand({
          cluster: place.cluster,
          service: serviceName,
          taskDefinition: task,
          deploymentConfiguration: configuration,
          ...(desiredCount !== undefined && { desiredCount }),
          // The definition that is there, for an environment that is to be made anew all the same.
          ...(isThere && { forceNewDeployment: true }),
        }),
        options,
      ),
    signal,
  );
  progress(`${serviceName} is to run ${task}`);
  const begunId = (answer.service && primaryOf(answer.service)?.id) ?? '';
  return { serviceName, task, older, deploymentId: begunId, arn: undefined, before: service };
}

/** Begins a deployment and waits for it. @returns its ARN where AWS lists it */
export async function beginAndWait(
  context: EcsContext,
  snapshot: Snapshot,
  task: string,
  configuration: DeploymentConfiguration,
  goal: Goal,
  watch: Watch,
): Promise<string | undefined> {
  const ours = await begin(context, snapshot, task, configuration, watch);
  return waitFor(context, ours, goal, watch);
}

/**
 * Tasks that a service must be given because it wants none now; undefined where it wants some.
 * @throws ConfigError ECS-SCALED-TO-ZERO when the environment wants none either
 */
export function wantedCount(context: EcsContext, { service, environment, tags }: Snapshot): number | undefined {
  if ((service.desiredCount ?? 0) > 0) return undefined;
  const count = readCount(tags) ?? context.autoscaling(environment).min;
  if (count === 0) throw scaledToZero(service.serviceName ?? '');
  return count;
}
