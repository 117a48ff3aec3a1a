import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import { clusterWire, serviceWire, withDefaults } from './answers.ts';
import { checkConfiguration } from './configuration.ts';
import { activeService, clusterOf, findService, findTaskDefinition, page, serviceOf } from './lookup.ts';
import { scheduling } from './scheduler.ts';
import { startDeployment } from './start.ts';
import type { DeploymentConfiguration, FakeService, ServiceLoadBalancer, Tag, TaskDefinition, Wire } from './state.ts';

/** Members that are given back as they came. */
const KEPT = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'healthCheckGracePeriodSeconds',
  'schedulingStrategy',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'roleArn',
  'serviceRegistries',
] as const;
/** Members whose change starts a deployment. */
const REDEPLOYS = ['networkConfiguration', 'platformVersion', 'loadBalancers', 'serviceConnectConfiguration'] as const;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

export const serviceHandlers: Handlers = {
  DescribeClusters(world, { clusters = ['default'] }) {
    const asked = (clusters as readonly string[]).map((given) => {
      const name = given.split('/').at(-1) ?? given;
      return { given, cluster: world.clusters.find((candidate) => candidate.name === name) };
    });
    return {
      clusters: asked.flatMap(({ cluster }) => (cluster ? [clusterWire(cluster)] : [])),
      failures: asked
        .filter(({ cluster }) => !cluster)
        .map(({ given }) => ({ arn: clusterArn(world, given), reason: 'MISSING' })),
    };
  },
  DescribeServices(world, { cluster, services, include }) {
    const where = clusterOf(world, cluster);
    const found: Wire[] = [];
    const failures: Wire[] = [];
    for (const given of services as readonly string[]) {
      const service = findService(where, given);
      if (service && !world.lagging(service.arn)) {
        const isPast = service.before !== undefined && world.lagging(updateOf(service));
        const { tags = [], ...now } = serviceWire(world, service, true);
        found.push({ ...(isPast ? service.before : now), ...(Array.isArray(include) && { tags }) });
      } else {
        const name = given.split('/').at(-1);
        failures.push({ arn: world.arn('ecs', `service/${where.name}/${name}`), reason: 'MISSING' });
      }
    }
    return { services: found, failures };
  },
  ListServices(world, { cluster, maxResults, nextToken }) {
    const arns = clusterOf(world, cluster)
      .services.filter(({ status }) => status !== 'INACTIVE')
      .map(({ arn }) => arn);
    const { items, nextToken: next } = page(arns, maxResults ?? 10, nextToken, 100);
    return { serviceArns: items, nextToken: next };
  },
  CreateService(world, input) {
    return { service: serviceWire(world, createService(world, input), true) };
  },
  UpdateService(world, input) {
    const service = activeService(clusterOf(world, input.cluster), input.service);
    service.before = serviceWire(world, service, false);
    world.lag(updateOf(service), 'updates');
    return { service: serviceWire(world, updateService(world, service, input), false) };
  },
  DeleteService(world, { cluster, service: given, force }) {
    const service = serviceOf(clusterOf(world, cluster), given);
    if (service.desiredCount > 0 && force !== true) {
      throw invalid('The service cannot be stopped while it is scaled above 0.');
    }
    service.status = 'INACTIVE';
    service.desiredCount = 0;
    for (const state of service.deployments) state.process?.stop();
    return { service: serviceWire(world, service, false) };
  },
};

/** What the reads of a service may miss for a while. Its tags are none of it. */
function updateOf({ arn }: FakeService): string {
  return `update of ${arn}`;
}

function clusterArn(world: World, given: string): string {
  return given.startsWith('arn:') ? given : world.arn('ecs', `cluster/${given}`);
}

function createService(world: World, input: Wire): FakeService {
  const cluster = clusterOf(world, input.cluster);
  const name = String(input.serviceName);
  if (findService(cluster, name)?.status === 'ACTIVE') throw invalid('Creation of service was not idempotent.');
  const { type: controller = 'ECS' } = (input.deploymentController ?? {}) as { type?: FakeService['controller'] };
  const taskDefinition = input.taskDefinition === undefined ? undefined : usable(world, input.taskDefinition);
  const loadBalancers = (input.loadBalancers ?? []) as readonly ServiceLoadBalancer[];
  const configuration = withDefaults(input.deploymentConfiguration as DeploymentConfiguration | undefined);
  checkConfiguration(configuration, loadBalancers, input.serviceConnectConfiguration !== undefined);
  if (!taskDefinition && controller === 'ECS') throw invalid('TaskDefinition can not be blank.');
  if (taskDefinition) checkWiring(world, taskDefinition, loadBalancers, input.networkConfiguration);
  const service: FakeService = {
    arn: world.arn('ecs', `service/${cluster.name}/${name}`),
    name,
    cluster,
    createdAt: world.now,
    controller,
    kept: { schedulingStrategy: 'REPLICA', propagateTags: 'NONE', ...pick(input, KEPT) },
    loadBalancers,
    configuration,
    status: 'ACTIVE',
    desiredCount: Number(input.desiredCount ?? 0),
    taskDefinition,
    tags: [...((input.tags ?? []) as readonly Tag[])],
    events: [],
    deployments: [],
    tasks: [],
  };
  cluster.services.push(service);
  world.lag(service.arn, 'services');
  if (taskDefinition && controller === 'ECS') startDeployment(world, service, taskDefinition);
  world.time.spawn(scheduling(world, service));
  return service;
}

function updateService(world: World, service: FakeService, input: Wire): FakeService {
  if (service.controller !== 'ECS' && input.taskDefinition !== undefined) {
    const how = service.controller === 'CODE_DEPLOY' ? ' Use AWS CodeDeploy to trigger a new deployment.' : '';
    const what = `Unable to update task definition on services with a ${service.controller} deployment controller.`;
    throw invalid(`${what}${how}`);
  }
  const wanted = input.taskDefinition === undefined ? service.taskDefinition : usable(world, input.taskDefinition);
  const loadBalancers = (input.loadBalancers ?? service.loadBalancers) as readonly ServiceLoadBalancer[];
  const given = (input.deploymentConfiguration ?? {}) as DeploymentConfiguration;
  const configuration = withoutStale({ ...service.configuration, ...given });
  checkConfiguration(configuration, loadBalancers, input.serviceConnectConfiguration !== undefined);
  if (wanted) {
    checkWiring(world, wanted, loadBalancers, input.networkConfiguration ?? service.kept.networkConfiguration);
  }
  const starts =
    input.forceNewDeployment === true ||
    wanted !== service.taskDefinition ||
    REDEPLOYS.some((name) => input[name] !== undefined);
  service.loadBalancers = loadBalancers;
  service.configuration = configuration;
  service.kept = { ...service.kept, ...pick(input, KEPT) };
  if (input.desiredCount !== undefined) service.desiredCount = Number(input.desiredCount);
  if (starts && wanted && service.controller === 'ECS') startDeployment(world, service, wanted);
  return service;
}

/** Settings of another strategy do not stay behind when the strategy changes. */
function withoutStale(merged: DeploymentConfiguration): DeploymentConfiguration {
  const { linearConfiguration, canaryConfiguration, ...rest } = merged;
  return {
    ...rest,
    ...(linearConfiguration && merged.strategy === 'LINEAR' && { linearConfiguration }),
    ...(canaryConfiguration && merged.strategy === 'CANARY' && { canaryConfiguration }),
  };
}

function usable(world: World, given: unknown): TaskDefinition {
  const found = findTaskDefinition(world, given);
  if (!found) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
  return found;
}

function checkWiring(
  world: World,
  { given }: TaskDefinition,
  loadBalancers: readonly ServiceLoadBalancer[],
  networkConfiguration: unknown,
): void {
  if (given.networkMode === 'awsvpc' && networkConfiguration === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  for (const { containerName, containerPort, targetGroupArn } of loadBalancers) {
    const container = given.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) throw invalid(`The container ${containerName} does not exist in the task definition.`);
    const ports = ((container.portMappings ?? []) as readonly Wire[]).map((mapping) => mapping.containerPort);
    if (!ports.includes(containerPort)) {
      throw invalid(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
    if (!world.elb.targetGroups.some(({ arn }) => arn === targetGroupArn)) {
      throw invalid(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
    }
  }
}

function pick(input: Wire, names: readonly string[]): Wire {
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}
