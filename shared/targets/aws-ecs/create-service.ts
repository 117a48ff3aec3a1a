import { CreateServiceCommand, type CreateServiceRequest, type Service } from '@aws-sdk/client-ecs';
import type { DeployOptions } from '../../ports/target.ts';
import type { Deployment } from '../../release/deployment.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import { type EcsContext, serviceName } from './context.ts';
import { addressUnknown, serviceMissing, withCause } from './errors.ts';
import { tellStopped } from './explain.ts';
import { environmentPolicy } from './policy.ts';
import { readDeployment } from './report.ts';
import { checkService, findService, primaryOf } from './snapshot.ts';
import { chooseContainer, shapeOf, type TaskShape, taskFor } from './task-definition.ts';
import { findSame, readTask, registerTask } from './tasks.ts';
import type { Subject } from './verify/look.ts';
import { verify } from './verify/verify.ts';
import { waitFor } from './wait.ts';

/** What a service that is not there would be made from. */
export interface Model {
  /** Production's service. */
  readonly service: Service;
  /** Definition that it runs. */
  readonly task: string;
}

/**
 * The service that an environment's would be made from.
 * @throws ConfigError ECS-SERVICE-MISSING where the policy does not allow it, or production has none either
 */
export async function modelFor(context: EcsContext, environment: string, signal?: AbortSignal): Promise<Model> {
  const { policy, place } = context;
  const missing = serviceMissing(serviceName(context, environment), place.cluster, environment);
  if (environment === 'production' || !policy.create.includes(environment)) throw missing;
  const service = await findService(context, serviceName(context, 'production'), signal);
  if (!service?.taskDefinition) throw missing;
  checkService(service);
  const { url, targetGroup } = environmentPolicy(policy, environment);
  if (url === undefined && targetGroup === undefined)
    throw addressUnknown(serviceName(context, environment), environment, 'it would be made without a load balancer');
  return { service, task: service.taskDefinition };
}

/**
 * A service in production's shape, with production's network and launch type, and without its load balancer: a target
 * group that two services share would send production's callers to staging.
 */
export function serviceLike(
  { service }: Model,
  more: { readonly name: string; readonly cluster: string; readonly task: string; readonly desiredCount: number },
  balancer: CreateServiceRequest['loadBalancers'],
): CreateServiceRequest {
  const { capacityProviderStrategy: providers = [], platformVersion, networkConfiguration } = service;
  const { launchType, placementConstraints, placementStrategy, propagateTags, enableECSManagedTags } = service;
  return {
    cluster: more.cluster,
    serviceName: more.name,
    taskDefinition: more.task,
    desiredCount: more.desiredCount,
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: { strategy: 'ROLLING', deploymentCircuitBreaker: { enable: true, rollback: true } },
    ...(providers.length > 0 ? { capacityProviderStrategy: providers } : { launchType }),
    ...(platformVersion !== undefined && launchType === 'FARGATE' && { platformVersion }),
    ...(networkConfiguration && { networkConfiguration }),
    ...(placementConstraints?.length && { placementConstraints }),
    ...(placementStrategy?.length && { placementStrategy }),
    ...(propagateTags && { propagateTags }),
    ...(enableECSManagedTags !== undefined && { enableECSManagedTags }),
    ...(balancer && { loadBalancers: balancer }),
  };
}

/** What {@link verify} finds of a service that is not there, by the one that it would be made from. */
export function verifyNew(
  context: EcsContext,
  { model, environment, shape, ...more }: Omit<Subject, 'context' | 'service'> & NewService,
): Promise<readonly string[]> {
  const { serviceArn, launchType, capacityProviderStrategy } = model.service;
  const loadBalancers = balancerOf(context, environment, shape) ?? [];
  const service: Service = {
    ...(serviceArn !== undefined && { serviceArn }),
    ...(launchType !== undefined && { launchType }),
    ...(capacityProviderStrategy && { capacityProviderStrategy }),
    loadBalancers,
  };
  return verify({ context, service, shape, ...more });
}

interface NewService {
  readonly model: Model;
  readonly environment: string;
}

/** Makes the environment's service, with the release as the first that it runs. */
export async function createService(
  context: EcsContext,
  release: Release,
  environment: string,
  { signal, progress, fresh, autoscaling }: DeployOptions,
): Promise<Deployment> {
  const model = await modelFor(context, environment, signal);
  const running = await readTask(context, model.task, signal);
  const shape = taskFor(running.definition, release, context.policy.container);
  const known = fresh ? undefined : await findSame(context, shape, release, [], signal);
  const registers = known === undefined;
  for (const note of await verifyNew(context, { model, environment, shape, release, registers, signal }))
    progress(note);
  const id = known ?? (await registerTask(context, shape, release, running.tags, signal));
  const name = serviceName(context, environment);
  const more = { name, cluster: context.place.cluster, task: id, desiredCount: Math.max(1, autoscaling.min) };
  const answer = await context.aws.ask(
    `the new service ${name}`,
    ({ ecs }, options) =>
      ecs.send(new CreateServiceCommand(serviceLike(model, more, balancerOf(context, environment, shape))), options),
    signal,
  );
  progress(`the service ${name} is made for ${describeRelease(release)}`);
  const deploymentId = (answer.service && primaryOf(answer.service)?.id) ?? '';
  const ours = { serviceName: name, task: id, older: [], deploymentId, arn: undefined, before: undefined };
  try {
    await waitFor(context, ours, { until: 'done' }, { signal, progress });
  } catch (error) {
    if (!answer.service || signal.aborted) throw error;
    throw withCause(error, await tellStopped(context, answer.service, id, progress));
  }
  return readDeployment(context, environment, id, signal);
}

/** The definition that a service that is not there would run. */
export async function derivedFromModel(context: EcsContext, model: Model, release: Release) {
  const running = await readTask(context, model.task);
  return {
    running: shapeOf(running.definition),
    shape: taskFor(running.definition, release, context.policy.container),
  };
}

function balancerOf(context: EcsContext, environment: string, shape: TaskShape): CreateServiceRequest['loadBalancers'] {
  const { targetGroup } = environmentPolicy(context.policy, environment);
  if (targetGroup === undefined) return undefined;
  const { name } = chooseContainer(shape, context.policy.container);
  return [{ targetGroupArn: targetGroup, containerName: name, containerPort: context.port }];
}
