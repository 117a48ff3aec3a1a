import { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { FakeCluster, FakeService, ServiceDeploymentState, TaskDefinition } from './state.ts';

/** The cluster that a name or an ARN means; `default` where none is given. */
export function clusterOf(world: World, given: unknown): FakeCluster {
  const name = String(given ?? 'default').replace(/^arn:aws:ecs:[^:]+:\d+:cluster\//, '');
  const cluster = world.clusters.find((candidate) => candidate.name === name && candidate.status === 'ACTIVE');
  if (!cluster) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** Undefined where there is none of the name. */
export function findService(cluster: FakeCluster, given: unknown): FakeService | undefined {
  const name = String(given).split('/').at(-1);
  const named = cluster.services.filter((service) => service.name === name);
  return named.find(({ status }) => status !== 'INACTIVE') ?? named.at(-1);
}

export function serviceOf(cluster: FakeCluster, given: unknown): FakeService {
  const service = findService(cluster, given);
  if (!service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service;
}

export function activeService(cluster: FakeCluster, given: unknown): FakeService {
  const service = serviceOf(cluster, given);
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
}

/** A task definition by ARN, `family:revision` or family alone (its newest active revision). */
export function findTaskDefinition(world: World, given: unknown): TaskDefinition | undefined {
  const name = String(given).replace(/^arn:aws:ecs:[^:]+:\d+:task-definition\//, '');
  const [family, revision] = name.split(':');
  if (String(given).startsWith('arn:') && !String(given).startsWith(world.arn('ecs', ''))) return undefined;
  const ofFamily = world.taskDefinitions.filter((definition) => definition.family === family);
  return revision === undefined
    ? ofFamily.filter(({ status }) => status === 'ACTIVE').at(-1)
    : ofFamily.find((definition) => definition.revision === Number(revision));
}

/** The service deployment of an ARN, with its service. */
export function deploymentOf(world: World, arn: unknown): { service: FakeService; state: ServiceDeploymentState } {
  for (const service of world.clusters.flatMap((cluster) => cluster.services)) {
    const state = service.deployments.find((candidate) => candidate.arn === arn);
    if (state) return { service, state };
  }
  throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
}

/** One page of a list, by a token that is the place to go on from. */
export function page<T>(
  items: readonly T[],
  size: unknown,
  token: unknown,
  most: number,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const from = token === undefined ? 0 : Number(Buffer.from(String(token), 'base64').toString('utf8'));
  if (!Number.isInteger(from)) throw new AwsError('InvalidParameterException', 'Invalid token.');
  const until = from + Math.min(Number(size ?? most), most);
  const nextToken = until < items.length ? Buffer.from(String(until)).toString('base64') : undefined;
  return { items: items.slice(from, until), nextToken };
}
