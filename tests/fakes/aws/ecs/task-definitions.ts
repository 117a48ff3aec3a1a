import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import { taskDefinitionWire } from './answers.ts';
import { findTaskDefinition, page } from './lookup.ts';
import type { ContainerDefinition, Tag, TaskDefinition, Wire } from './state.ts';

const client = (message: string): AwsError => new AwsError('ClientException', message);

export const taskDefinitionHandlers: Handlers = {
  RegisterTaskDefinition(world, { tags, ...given }) {
    checkDefinition(given);
    const family = String(given.family);
    const revision = world.taskDefinitions.filter((other) => other.family === family).length + 1;
    const definition: TaskDefinition = {
      arn: world.arn('ecs', `task-definition/${family}:${revision}`),
      family,
      revision,
      given: filledIn(given),
      registeredAt: world.now,
      status: 'ACTIVE',
      deregisteredAt: undefined,
    };
    world.taskDefinitions.push(definition);
    world.taskDefinitionTags.set(definition.arn, [...((tags ?? []) as Tag[])]);
    return { taskDefinition: taskDefinitionWire(definition), ...(tags ? { tags } : {}) };
  },
  DescribeTaskDefinition(world, { taskDefinition, include }) {
    const found = findTaskDefinition(world, taskDefinition);
    if (!found) throw client('Unable to describe task definition.');
    const tags = world.taskDefinitionTags.get(found.arn) ?? [];
    return { taskDefinition: taskDefinitionWire(found), ...(Array.isArray(include) ? { tags } : {}) };
  },
  DeregisterTaskDefinition(world, { taskDefinition }) {
    const found = String(taskDefinition).includes(':') ? findTaskDefinition(world, taskDefinition) : undefined;
    if (!found) throw client('The specified task definition does not exist.');
    found.status = 'INACTIVE';
    found.deregisteredAt = world.now;
    return { taskDefinition: taskDefinitionWire(found) };
  },
  ListTaskDefinitions(world, { familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults, nextToken }) {
    const found = world.taskDefinitions
      .filter((definition) => definition.status === status)
      .filter(({ family }) => familyPrefix === undefined || family === familyPrefix)
      .sort((a, b) => a.family.localeCompare(b.family) || a.revision - b.revision);
    const sorted = sort === 'DESC' ? found.reverse() : found;
    const { items, nextToken: next } = page(
      sorted.map(({ arn }) => arn),
      maxResults,
      nextToken,
      100,
    );
    return { taskDefinitionArns: items, nextToken: next };
  },
};

/** Registers without the API, as somebody else did before. */
export function putTaskDefinition(world: World, given: Wire): TaskDefinition {
  const handler = taskDefinitionHandlers.RegisterTaskDefinition;
  handler?.(world, given, { arn: '', userId: '', endpoint: '' });
  const registered = world.taskDefinitions.at(-1);
  if (!registered) throw new Error('nothing was registered');
  return registered;
}

function checkDefinition(given: Wire): void {
  const containers = given.containerDefinitions as readonly ContainerDefinition[];
  if (containers.length === 0) throw client('Container list cannot be empty.');
  if (!/^[\w-]{1,255}$/.test(String(given.family))) {
    throw client(`Invalid task definition family: ${given.family}`);
  }
  const names = containers.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw client('Container.name should be unique.');
  if (!containers.some(({ essential }) => essential !== false)) {
    throw client('A task definition must have at least one essential container.');
  }
  for (const { name, image, memory, memoryReservation } of containers) {
    if (!image) throw client('Container.image should not be null or empty.');
    if (given.memory === undefined && memory === undefined && memoryReservation === undefined) {
      const what = "At least one of 'memory' or 'memoryReservation' must be specified.";
      throw client(`Invalid setting for container '${name}'. ${what}`);
    }
  }
  if (Array.isArray(given.requiresCompatibilities) && given.requiresCompatibilities.includes('FARGATE'))
    checkFargate(given, containers);
}

function checkFargate(given: Wire, containers: readonly ContainerDefinition[]): void {
  for (const what of ['cpu', 'memory']) {
    if (given[what] === undefined) throw client(`Fargate requires that '${what}' be defined at the task level.`);
  }
  if (given.networkMode !== 'awsvpc') throw client("Fargate only supports network mode 'awsvpc'.");
  if (given.executionRoleArn !== undefined) return;
  const needs = containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs');
  if (needs) {
    throw client('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
  }
  if (containers.some(({ image }) => image.includes('.dkr.ecr.'))) {
    throw client('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
}

/** What the API adds on its own: this comes back from a description and is refused by a registration. */
function filledIn(given: Wire): TaskDefinition['given'] {
  const containers = given.containerDefinitions as readonly ContainerDefinition[];
  const fargate = Array.isArray(given.requiresCompatibilities) && given.requiresCompatibilities.includes('FARGATE');
  return {
    volumes: [],
    placementConstraints: [],
    ...given,
    compatibilities: fargate ? ['EC2', 'FARGATE'] : ['EC2'],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    containerDefinitions: containers.map((container) => ({
      cpu: 0,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      essential: true,
      ...container,
      portMappings: ((container.portMappings ?? []) as readonly Wire[]).map((mapping) => ({
        ...(given.networkMode === 'awsvpc' && { hostPort: mapping.containerPort }),
        protocol: 'tcp',
        ...mapping,
      })),
    })),
  };
}
