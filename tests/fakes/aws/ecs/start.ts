import type { World } from '../world.ts';
import { say } from './events.ts';
import { rollBack, rollout } from './rollout.ts';
import { leftOf } from './scheduler.ts';
import type { FakeService, ServiceDeploymentState, ServiceRevision, TaskDefinition } from './state.ts';

/** A new deployment of a service: it is PRIMARY from now on, and one that is on its way is overtaken. */
export function startDeployment(
  world: World,
  service: FakeService,
  taskDefinition: TaskDefinition,
): ServiceDeploymentState {
  const running = service.deployments.filter((other) => other.line !== 'gone');
  overtake(world, service);
  const strategy = service.configuration.strategy ?? 'ROLLING';
  const id = world.nextId(21);
  const { deploymentCircuitBreaker: breaker, alarms } = service.configuration;
  const state: ServiceDeploymentState = {
    id: `ecs-svc/${world.nextNumber()}`,
    arn: world.arn('ecs', `service-deployment/${service.cluster.name}/${service.name}/${id}`),
    strategy,
    revision: newRevision(world, service, taskDefinition, running),
    sources: running
      .filter((other) => leftOf(service, other) > 0 || other.status === 'SUCCESSFUL')
      .map((other) => other.revision),
    previous: running.find(({ status, line }) => status === 'SUCCESSFUL' && line !== 'gone') ?? lastComplete(service),
    createdAt: world.now,
    configuration: service.configuration,
    hooks: [],
    wanted: 0,
    launches: true,
    failedTasks: 0,
    status: 'PENDING',
    statusReason: undefined,
    stage: undefined,
    startedAt: undefined,
    updatedAt: world.now,
    finishedAt: undefined,
    stoppedAt: undefined,
    rollback: undefined,
    breaker: breaker?.enable ? 'MONITORING' : 'DISABLED',
    alarms: alarms?.enable ? 'MONITORING' : 'DISABLED',
    triggeredAlarms: [],
    line: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutReason: '',
    process: undefined,
  };
  state.rolloutReason = `ECS deployment ${state.id} in progress.`;
  for (const other of running) other.line = 'ACTIVE';
  service.deployments.unshift(state);
  world.lag(state.arn, 'serviceDeployments');
  world.lag(state.revision.arn, 'serviceRevisions');
  service.taskDefinition = taskDefinition;
  state.process = world.time.spawn(rollout(world, service, state));
  return state;
}

function lastComplete(service: FakeService): ServiceDeploymentState | undefined {
  return service.deployments.find(({ status }) => status === 'SUCCESSFUL');
}

/** The deployments that are on their way end here; their tasks are replaced by the newest. */
function overtake(world: World, service: FakeService): void {
  for (const other of service.deployments.filter(({ process }) => process !== undefined)) {
    other.process?.stop();
    other.process = undefined;
    other.launches = false;
    other.stoppedAt = world.now;
    other.updatedAt = world.now;
    other.status = 'STOPPED';
    other.statusReason = 'Service deployment stopped because a new service deployment was started.';
    say(world, service, `(deployment ${other.id}) was replaced by a new deployment.`);
  }
}

function newRevision(
  world: World,
  service: FakeService,
  taskDefinition: TaskDefinition,
  running: readonly ServiceDeploymentState[],
): ServiceRevision {
  const [balancer] = service.loadBalancers;
  const groups = [balancer?.targetGroupArn, balancer?.advancedConfiguration?.alternateTargetGroupArn].filter(
    (arn) => arn !== undefined,
  );
  const taken = new Set(running.map(({ revision }) => revision.targetGroupArn));
  const moves = (service.configuration.strategy ?? 'ROLLING') !== 'ROLLING';
  const serving = running.find(({ status }) => status === 'SUCCESSFUL')?.revision.targetGroupArn;
  const free = groups.find((arn) => !taken.has(arn)) ?? groups.find((arn) => arn !== serving);
  const stays = serving ?? groups[0];
  return {
    arn: world.arn('ecs', `service-revision/${service.cluster.name}/${service.name}/${world.nextNumber()}`),
    taskDefinition,
    createdAt: world.now,
    targetGroupArn: moves ? free : stays,
    productionWeight: moves ? 0 : 100,
    testWeight: 0,
  };
}

/** Ends a deployment where it stands: what it has of the traffic it keeps, and nothing goes back. */
export function abortDeployment(world: World, state: ServiceDeploymentState): void {
  state.process?.stop();
  state.process = undefined;
  state.launches = false;
  state.rolloutState = 'FAILED';
  state.rolloutReason = 'ECS deployment failed: the deployment was stopped.';
  state.stoppedAt = world.now;
  state.updatedAt = world.now;
  state.status = 'STOPPED';
  state.statusReason = 'Service deployment stopped because of a user request.';
}

/** Stops a deployment and takes the service back, as StopServiceDeployment does it. */
export function stopDeployment(world: World, service: FakeService, state: ServiceDeploymentState): void {
  if (state.status.startsWith('ROLLBACK_')) return;
  state.process?.stop();
  state.status = 'ROLLBACK_REQUESTED';
  state.updatedAt = world.now;
  const failure = {
    reason: 'Service deployment rolled back because of a user request.',
    rolloutReason: 'ECS deployment failed: the deployment was stopped.',
    rollback: true,
  };
  state.process = world.time.spawn(rollBack(world, service, state, failure));
}
