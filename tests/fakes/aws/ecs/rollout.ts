import type { Process } from '../virtual-time.ts';
import type { World } from '../world.ts';
import { say } from './events.ts';
import { rolling } from './rolling.ts';
import { leftOf, reconcile, wellOf } from './scheduler.ts';
import { shifting, shiftTest, shiftTo } from './shifting.ts';
import type { FakeService, ServiceDeploymentState } from './state.ts';

/** Why a rollout did not get to its end, and what ECS does about it. */
export interface RolloutFailure {
  /** Goes into `statusReason`. */
  readonly reason: string;
  /** Goes into `rolloutStateReason`. */
  readonly rolloutReason: string;
  readonly rollback: boolean;
}

export type RolloutSteps = Generator<number, RolloutFailure | undefined, void>;

const START_MS = 3_000;
const ROUND_MS = 5_000;
const IN_PROGRESS = 'IN_PROGRESS';

/** Runs a deployment from PENDING to its end. */
export function* rollout(world: World, service: FakeService, deployment: ServiceDeploymentState): Process {
  yield START_MS;
  change(world, deployment, IN_PROGRESS, undefined);
  deployment.startedAt = world.now;
  const steps = deployment.strategy === 'ROLLING' ? rolling : shifting;
  const failure = yield* steps(world, service, deployment);
  if (!failure) {
    complete(world, service, deployment);
    return;
  }
  deployment.launches = false;
  say(world, service, `(deployment ${deployment.id}) deployment failed: ${spoken(failure)}`);
  if (failure.rollback) {
    yield* rollBack(world, service, deployment, failure);
    return;
  }
  deployment.rolloutState = 'FAILED';
  deployment.rolloutReason = failure.rolloutReason;
  deployment.stoppedAt = world.now;
  deployment.process = undefined;
  change(world, deployment, 'STOPPED', failure.reason);
}

function spoken({ reason, rolloutReason }: RolloutFailure): string {
  return rolloutReason.startsWith('ECS deployment circuit breaker: ')
    ? rolloutReason.slice('ECS deployment circuit breaker: '.length)
    : reason;
}

function complete(world: World, service: FakeService, deployment: ServiceDeploymentState): void {
  for (const other of service.deployments) if (other !== deployment) other.line = 'gone';
  deployment.rolloutState = 'COMPLETED';
  deployment.rolloutReason = `ECS deployment ${deployment.id} completed.`;
  deployment.finishedAt = world.now;
  deployment.process = undefined;
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE';
  if (deployment.alarms === 'MONITORING') deployment.alarms = 'MONITORING_COMPLETE';
  change(world, deployment, 'SUCCESSFUL', undefined);
  say(world, service, `(deployment ${deployment.id}) deployment completed.`);
  say(world, service, 'has reached a steady state.');
}

/** Takes a service back to the last deployment that completed. */
export function* rollBack(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
  failure: RolloutFailure,
): Process {
  const { previous } = deployment;
  deployment.launches = false;
  deployment.rolloutReason = failure.rolloutReason;
  if (!previous) {
    deployment.rolloutState = 'FAILED';
    deployment.process = undefined;
    deployment.finishedAt = world.now;
    const none = 'No rollback candidate was found to run the rollback.';
    say(world, service, `(deployment ${deployment.id}) rollback failed: ${none}`);
    change(world, deployment, 'ROLLBACK_FAILED', none);
    return;
  }
  change(world, deployment, 'ROLLBACK_REQUESTED', failure.reason);
  yield START_MS;
  change(world, deployment, 'ROLLBACK_IN_PROGRESS', failure.reason);
  deployment.rollback = {
    reason: failure.reason,
    startedAt: world.now,
    revisionArn: previous.revision.arn,
  };
  say(world, service, `rolling back to deployment ${previous.id}.`);
  deployment.line = 'ACTIVE';
  previous.line = 'PRIMARY';
  previous.launches = true;
  previous.rolloutState = IN_PROGRESS;
  const who = deployment.breaker === 'TRIGGERED' ? 'ECS deployment circuit breaker' : 'ECS deployment';
  previous.rolloutReason = `${who}: rolling back to deploymentId ${previous.id}.`;
  previous.updatedAt = world.now;
  service.taskDefinition = previous.revision.taskDefinition;
  previous.wanted = service.desiredCount;
  do {
    reconcile(world, service);
    yield ROUND_MS;
    previous.wanted = service.desiredCount;
  } while (wellOf(service, previous) < service.desiredCount);
  shiftTest(world, service, previous, 100);
  shiftTo(world, service, deployment, previous.revision, 100);
  deployment.revision.testWeight = 0;
  deployment.rolloutState = 'FAILED';
  for (const other of service.deployments) if (other !== previous) other.wanted = 0;
  do {
    reconcile(world, service);
    yield ROUND_MS;
  } while (leftOf(service, deployment) > 0);
  for (const other of service.deployments) if (other !== previous) other.line = 'gone';
  previous.rolloutState = 'COMPLETED';
  previous.rolloutReason = `ECS deployment ${previous.id} completed.`;
  previous.updatedAt = world.now;
  deployment.finishedAt = world.now;
  deployment.process = undefined;
  change(world, deployment, 'ROLLBACK_SUCCESSFUL', failure.reason);
  say(world, service, 'has reached a steady state.');
}

/** A deployment in its way through the states, with the time of the change. */
export function change(
  world: World,
  deployment: ServiceDeploymentState,
  status: string,
  reason: string | undefined,
): void {
  deployment.status = status;
  deployment.statusReason = reason;
  deployment.updatedAt = world.now;
}
