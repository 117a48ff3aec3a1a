import { putImage, putRepository, registryHost } from './ecr/handlers.ts';
import type { FakeImage, FakeRepository } from './ecr/state.ts';
import { withDefaults } from './ecs/answers.ts';
import { serviceHandlers } from './ecs/services.ts';
import type { DeploymentConfiguration, FakeCluster, FakeService, TaskDefinition, Wire } from './ecs/state.ts';
import { putTaskDefinition } from './ecs/task-definitions.ts';
import type { FakeListener, FakeRule, FakeTargetGroup } from './elbv2/state.ts';
import type { World } from './world.ts';

/** A usual account: one cluster, one repository, one service behind a load balancer that can shift traffic. */
export interface Account {
  readonly cluster: FakeCluster;
  readonly repository: FakeRepository;
  readonly image: FakeImage;
  readonly taskDefinition: TaskDefinition;
  readonly service: FakeService;
  readonly balancer: Balancer;
}

export interface Balancer {
  readonly arn: string;
  readonly production: FakeListener;
  readonly test: FakeListener;
  readonly productionRule: FakeRule;
  readonly testRule: FakeRule;
  readonly blue: FakeTargetGroup;
  readonly green: FakeTargetGroup;
}

export interface AccountOptions {
  readonly serviceName?: string;
  readonly desiredCount?: number;
  readonly configuration?: DeploymentConfiguration;
  readonly controller?: FakeService['controller'];
  /** False: the service has no load balancer. */
  readonly balanced?: boolean;
  /** False: no test listener. */
  readonly testListener?: boolean;
  readonly taskDefinition?: Wire;
  /** Host and ports that the listeners are reached at. */
  readonly address?: { readonly host: string; readonly productionPort: number; readonly testPort: number };
}

export const EXECUTION_ROLE = 'pricing-execution';
export const TASK_ROLE = 'pricing-task';
export const BALANCER_ROLE = 'pricing-ecs-load-balancers';
export const LOG_GROUP = '/ecs/motor-pricing';
export const CONTAINER_PORT = 8080;

/** Virtual time that it takes until a service is complete. */
const COMING_UP_MS = 10 * 60_000;

/** Fills a world with the account, its service running and complete. */
export function furnish(world: World, options: AccountOptions = {}): Account {
  const cluster: FakeCluster = {
    arn: world.arn('ecs', 'cluster/pricing'),
    name: 'pricing',
    status: 'ACTIVE',
    tags: [],
    services: [],
  };
  world.clusters.push(cluster);
  world.logs.groups.set(LOG_GROUP, new Map());
  addRoles(world);
  const arn = world.arn('secretsmanager', 'secret:motor/postcode-AbCdEf');
  world.secrets.push({ arn, name: 'motor/postcode', stages: ['AWSCURRENT'] });
  world.parameters.set('/motor/table-key', 'alias/aws/ssm');
  const repository = putRepository(world, 'pricing/motor');
  const image = putImage(world, repository, { tags: ['first'], label: 'first' });
  const taskDefinition = putTaskDefinition(world, { ...definitionOf(world, image.digest), ...options.taskDefinition });
  const balancer = addBalancer(world, options);
  const service = addService(world, cluster, taskDefinition, balancer, options);
  return { cluster, repository, image, taskDefinition, service, balancer };
}

/** The service to test in: of the same shape, task by task, behind a load balancer of its own. */
export function addStaging(
  world: World,
  { cluster, taskDefinition }: Account,
  address: NonNullable<AccountOptions['address']>,
): Pick<Account, 'service' | 'balancer'> {
  const options = { address, serviceName: 'motor-pricing-staging', desiredCount: 1 };
  const balancer = addBalancer(world, options, {
    name: 'pricing-staging',
    id: world.nextId(16),
    groups: 'motor-staging',
  });
  return { balancer, service: addService(world, cluster, taskDefinition, balancer, options) };
}

/** The image of a release, beside the ones that are there. */
export function pushImage(
  world: World,
  repository: FakeRepository,
  label: string,
  platforms?: readonly string[],
): FakeImage {
  return putImage(world, repository, { tags: [label], label, ...(platforms && { platforms }) });
}

/** A task definition such as a platform team registers: two containers' worth of settings in one. */
export function definitionOf(world: World, digest: string): Wire {
  const role = (name: string) => `arn:aws:iam::${world.account}:role/${name}`;
  return {
    family: 'motor-pricing',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '512',
    memory: '1024',
    executionRoleArn: role(EXECUTION_ROLE),
    taskRoleArn: role(TASK_ROLE),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    containerDefinitions: [
      {
        name: 'app',
        image: `${registryHost(world)}/pricing/motor@${digest}`,
        portMappings: [{ containerPort: CONTAINER_PORT }],
        environment: [{ name: 'RATING_YEAR', value: '2026' }],
        secrets: [
          { name: 'POSTCODE_KEY', valueFrom: world.arn('secretsmanager', 'secret:motor/postcode-AbCdEf') },
          { name: 'TABLE_KEY', valueFrom: world.arn('ssm', 'parameter/motor/table-key') },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': LOG_GROUP, 'awslogs-region': world.region, 'awslogs-stream-prefix': 'app' },
        },
      },
    ],
  };
}

function addRoles(world: World): void {
  const trustedBy = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  for (const [name, service] of [
    [EXECUTION_ROLE, 'ecs-tasks.amazonaws.com'],
    [TASK_ROLE, 'ecs-tasks.amazonaws.com'],
    [BALANCER_ROLE, 'ecs.amazonaws.com'],
  ] as const) {
    world.roles.push({ name, arn: `arn:aws:iam::${world.account}:role/${name}`, trust: trustedBy(service) });
  }
}

function addBalancer(
  world: World,
  { address, testListener = true }: AccountOptions,
  { name: balancerName, id, groups } = { name: 'pricing', id: '50dc6c495c0c9188', groups: 'motor' },
): Balancer {
  const { elb } = world;
  const path = `app/${balancerName}/${id}`;
  const arn = world.arn('elasticloadbalancing', `loadbalancer/${path}`);
  const dnsName = address?.host ?? `${balancerName}-1234567890.${world.region}.elb.amazonaws.com`;
  elb.loadBalancers.push({ arn, name: balancerName, dnsName });
  const group = (name: string): FakeTargetGroup => {
    const made = {
      arn: world.arn('elasticloadbalancing', `targetgroup/${name}/${world.nextId(16)}`),
      name,
      port: CONTAINER_PORT,
      healthCheckPath: '/health',
    };
    elb.targetGroups.push(made);
    return made;
  };
  const blue = group(`${groups}-blue`);
  const green = group(`${groups}-green`);
  const listen = (port: number): { listener: FakeListener; rule: FakeRule } => {
    const listenerId = world.nextId(16);
    const listener: FakeListener = {
      arn: world.arn('elasticloadbalancing', `listener/${path}/${listenerId}`),
      loadBalancerArn: arn,
      port,
      protocol: 'HTTP',
    };
    const base = `listener-rule/${path}/${listenerId}`;
    const forward = [
      { targetGroupArn: blue.arn, weight: 100 },
      { targetGroupArn: green.arn, weight: 0 },
    ];
    const rule: FakeRule = {
      arn: world.arn('elasticloadbalancing', `${base}/${world.nextId(16)}`),
      listenerArn: listener.arn,
      priority: 10,
      conditions: [{ field: 'path-pattern', values: ['/*'] }],
      forward,
    };
    const fallback: FakeRule = { ...rule, arn: `${rule.arn}0`, priority: 'default', conditions: [], forward };
    elb.rules.push(rule, fallback);
    elb.listeners.push(listener);
    return { listener, rule };
  };
  const production = listen(address?.productionPort ?? 80);
  const test = testListener ? listen(address?.testPort ?? 8443) : production;
  return {
    arn,
    production: production.listener,
    test: test.listener,
    productionRule: production.rule,
    testRule: test.rule,
    blue,
    green,
  };
}

function addService(
  world: World,
  cluster: FakeCluster,
  taskDefinition: TaskDefinition,
  balancer: Balancer,
  options: AccountOptions,
): FakeService {
  const {
    serviceName = 'motor-pricing',
    desiredCount = 2,
    configuration,
    controller = 'ECS',
    balanced = true,
  } = options;
  const moves = (configuration?.strategy ?? 'ROLLING') !== 'ROLLING';
  const advanced = {
    alternateTargetGroupArn: balancer.green.arn,
    productionListenerRule: balancer.productionRule.arn,
    ...(options.testListener !== false && { testListenerRule: balancer.testRule.arn }),
    roleArn: `arn:aws:iam::${world.account}:role/${BALANCER_ROLE}`,
  };
  const loadBalancer = {
    targetGroupArn: balancer.blue.arn,
    containerName: taskDefinition.given.containerDefinitions[0]?.name,
    containerPort: CONTAINER_PORT,
    ...(moves && { advancedConfiguration: advanced }),
  };
  // Comes up at once: steps, hooks, alarms and bake time are for what is deployed afterwards.
  const { maximumPercent, minimumHealthyPercent } = configuration ?? {};
  const plain = {
    strategy: moves ? 'BLUE_GREEN' : 'ROLLING',
    ...(maximumPercent !== undefined && { maximumPercent }),
    ...(minimumHealthyPercent !== undefined && { minimumHealthyPercent }),
  };
  const input: Wire = {
    cluster: cluster.name,
    serviceName,
    taskDefinition: taskDefinition.arn,
    desiredCount,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-0aaa', 'subnet-0bbb'],
        securityGroups: ['sg-0aaa'],
        assignPublicIp: 'DISABLED',
      },
    },
    deploymentController: { type: controller },
    deploymentConfiguration: plain,
    ...(balanced && { loadBalancers: [loadBalancer] }),
  };
  serviceHandlers.CreateService?.(world, input, { arn: '', userId: '', endpoint: '' });
  const service = cluster.services.find(({ name }) => name === serviceName);
  if (!service) throw new Error('the service was not created');
  world.time.pass(COMING_UP_MS);
  service.configuration = withDefaults(configuration);
  service.events.splice(0);
  return service;
}
