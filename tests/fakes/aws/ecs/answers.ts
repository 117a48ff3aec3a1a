import type { World } from '../world.ts';
import { thresholdOf } from './monitors.ts';
import type {
  DeploymentConfiguration,
  FakeCluster,
  FakeService,
  FakeTask,
  ServiceDeploymentState,
  ServiceRevision,
  TaskDefinition,
  Wire,
} from './state.ts';

/** Times go over the wire in seconds. */
export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

export function clusterWire(cluster: FakeCluster): Wire {
  const tasks = cluster.services.flatMap((service) => service.tasks);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => PENDING.has(lastStatus)).length,
    activeServicesCount: cluster.services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  };
}

const PENDING = new Set<string>(['PROVISIONING', 'PENDING', 'ACTIVATING']);

export function taskDefinitionWire(definition: TaskDefinition): Wire {
  return {
    ...definition.given,
    taskDefinitionArn: definition.arn,
    revision: definition.revision,
    status: definition.status,
    registeredAt: seconds(definition.registeredAt),
    deregisteredAt: seconds(definition.deregisteredAt),
    registeredBy: 'arn:aws:sts::123456789012:assumed-role/ci/session',
  };
}

export function serviceWire(world: World, service: FakeService, withTags: boolean): Wire {
  const running = service.tasks.filter(
    ({ lastStatus, desiredStatus }) => `${lastStatus}${desiredStatus}` === 'RUNNINGRUNNING',
  );
  const pending = service.tasks.filter(({ lastStatus }) => PENDING.has(lastStatus));
  const current = service.deployments.find(({ line }) => line === 'PRIMARY');
  return {
    ...service.kept,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running.length,
    pendingCount: pending.length,
    ...(service.taskDefinition && { taskDefinition: service.taskDefinition.arn }),
    loadBalancers: service.loadBalancers,
    deploymentConfiguration: service.configuration,
    deploymentController: { type: service.controller },
    deployments: service.deployments
      .filter(({ line }) => line !== 'gone')
      .map((state) => deploymentWire(service, state)),
    ...(current && { currentServiceDeployment: current.arn }),
    currentServiceRevisions: service.deployments
      .filter(({ line }) => line !== 'gone')
      .map((state) => ({ ...countsOf(service, state.revision), arn: state.revision.arn })),
    events: service.events.map(({ id, at, message }) => ({ id, createdAt: seconds(at), message })),
    createdAt: seconds(service.createdAt),
    createdBy: `arn:aws:iam::${world.account}:role/platform`,
    placementConstraints: [],
    placementStrategy: [],
    ...(withTags && { tags: service.tags }),
  };
}

function deploymentWire(service: FakeService, state: ServiceDeploymentState): Wire {
  const tasks = service.tasks.filter(({ deployment }) => deployment === state);
  return {
    id: state.id,
    status: state.line,
    taskDefinition: state.revision.taskDefinition.arn,
    desiredCount: state.wanted,
    runningCount: tasks.filter(
      ({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING',
    ).length,
    pendingCount: tasks.filter(({ lastStatus }) => PENDING.has(lastStatus)).length,
    failedTasks: state.failedTasks,
    createdAt: seconds(state.createdAt),
    updatedAt: seconds(state.updatedAt),
    rolloutState: state.rolloutState,
    rolloutStateReason: state.rolloutReason,
    ...fromKept(service, [
      'launchType',
      'platformVersion',
      'platformFamily',
      'networkConfiguration',
      'capacityProviderStrategy',
    ]),
  };
}

function fromKept(service: FakeService, names: readonly string[]): Wire {
  return Object.fromEntries(names.filter((name) => name in service.kept).map((name) => [name, service.kept[name]]));
}

function countsOf(service: FakeService, revision: ServiceRevision): Wire {
  const tasks = service.tasks.filter((task) => task.revision === revision);
  const state = service.deployments.find((candidate) => candidate.revision === revision);
  return {
    requestedTaskCount: state?.wanted ?? 0,
    runningTaskCount: tasks.filter(
      ({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING',
    ).length,
    pendingTaskCount: tasks.filter(({ lastStatus }) => PENDING.has(lastStatus)).length,
  };
}

function summaryWire(service: FakeService, state: ServiceDeploymentState, revision: ServiceRevision): Wire {
  const weights = {
    requestedTestTrafficWeight: revision.testWeight,
    requestedProductionTrafficWeight: revision.productionWeight,
  };
  return { arn: revision.arn, ...countsOf(service, revision), ...(state.strategy === 'ROLLING' ? {} : weights) };
}

export function serviceDeploymentWire(service: FakeService, state: ServiceDeploymentState): Wire {
  const { deploymentCircuitBreaker: breaker, alarms } = state.configuration;
  return {
    serviceDeploymentArn: state.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: seconds(state.createdAt),
    startedAt: seconds(state.startedAt),
    finishedAt: seconds(state.finishedAt),
    stoppedAt: seconds(state.stoppedAt),
    updatedAt: seconds(state.updatedAt),
    sourceServiceRevisions: state.sources.map((revision) => summaryWire(service, state, revision)),
    targetServiceRevision: summaryWire(service, state, state.revision),
    status: state.status,
    statusReason: state.statusReason,
    lifecycleStage: state.stage,
    ...(state.hooks.length > 0 && { lifecycleHookDetails: state.hooks.map(hookWire) }),
    deploymentConfiguration: state.configuration,
    ...(state.rollback && {
      rollback: {
        reason: state.rollback.reason,
        startedAt: seconds(state.rollback.startedAt),
        serviceRevisionArn: state.rollback.revisionArn,
      },
    }),
    ...(breaker && {
      deploymentCircuitBreaker: {
        status: state.breaker,
        failureCount: state.failedTasks,
        threshold: thresholdOf(service, state),
      },
    }),
    ...(alarms && {
      alarms: { status: state.alarms, alarmNames: alarms.alarmNames, triggeredAlarmNames: state.triggeredAlarms },
    }),
  };
}

function hookWire(hook: ServiceDeploymentState['hooks'][number]): Wire {
  return {
    hookId: hook.id,
    targetType: 'PAUSE',
    status: hook.status,
    expiresAt: seconds(hook.expiresAt),
    timeoutAction: hook.timeoutAction,
  };
}

export function serviceDeploymentBrief(service: FakeService, state: ServiceDeploymentState): Wire {
  return {
    serviceDeploymentArn: state.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedAt: seconds(state.startedAt),
    createdAt: seconds(state.createdAt),
    finishedAt: seconds(state.finishedAt),
    targetServiceRevisionArn: state.revision.arn,
    status: state.status,
    statusReason: state.statusReason,
  };
}

export function serviceRevisionWire(service: FakeService, revision: ServiceRevision): Wire {
  const images = new Map(
    service.tasks
      .filter((task) => task.revision === revision)
      .flatMap(({ containers }) => containers.map(({ name, imageDigest }) => [name, imageDigest] as const)),
  );
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    loadBalancers: service.loadBalancers,
    containerImages: revision.taskDefinition.given.containerDefinitions.map(({ name, image }) => {
      const imageDigest = image.split('@')[1] ?? images.get(name);
      return { containerName: name, image, ...(imageDigest !== undefined && { imageDigest }) };
    }),
    guardDutyEnabled: false,
    createdAt: seconds(revision.createdAt),
    ...(revision.targetGroupArn !== undefined && {
      resolvedConfiguration: {
        loadBalancers: service.loadBalancers.map(({ advancedConfiguration }) => ({
          targetGroupArn: revision.targetGroupArn,
          ...(advancedConfiguration?.productionListenerRule !== undefined && {
            productionListenerRule: advancedConfiguration.productionListenerRule,
          }),
        })),
      },
    }),
    ...fromKept(service, [
      'launchType',
      'platformVersion',
      'platformFamily',
      'networkConfiguration',
      'capacityProviderStrategy',
    ]),
  };
}

export function taskWire(service: FakeService, task: FakeTask): Wire {
  const { revision, containers } = task;
  return {
    taskArn: task.arn,
    clusterArn: service.cluster.arn,
    taskDefinitionArn: revision.taskDefinition.arn,
    group: `service:${service.name}`,
    startedBy: task.deployment.id,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.health,
    createdAt: seconds(task.createdAt),
    startedAt: seconds(task.startedAt),
    stoppingAt: seconds(task.stoppedAt),
    stoppedAt: seconds(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    launchType: 'FARGATE',
    version: 1,
    containers: containers.map((container) => ({
      containerArn: `${task.arn.replace(':task/', ':container/')}/${container.name}`,
      taskArn: task.arn,
      name: container.name,
      image: container.image,
      imageDigest: container.imageDigest,
      lastStatus: container.lastStatus,
      exitCode: container.exitCode,
      reason: container.reason,
      healthStatus: task.health,
      networkInterfaces: [{ attachmentId: task.id, privateIpv4Address: task.address }],
    })),
    tags: [],
  };
}

/** A service's deployment settings with what AWS fills in. */
export function withDefaults(given: DeploymentConfiguration = {}): DeploymentConfiguration {
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
    ...given,
  };
}
