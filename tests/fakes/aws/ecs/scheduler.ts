import type { Process } from '../virtual-time.ts';
import type { World } from '../world.ts';
import { say } from './events.ts';
import type { FakeService, FakeTask, ServiceDeploymentState } from './state.ts';
import { isWell, startTask, stopTask } from './task-life.ts';

const ROUND_MS = 5_000;

/** Tasks of a deployment that are not on their way out. */
export function aliveOf(service: FakeService, deployment: ServiceDeploymentState): readonly FakeTask[] {
  return service.tasks.filter((task) => task.deployment === deployment && task.desiredStatus === 'RUNNING');
}

export function wellOf(service: FakeService, deployment: ServiceDeploymentState): number {
  return aliveOf(service, deployment).filter(isWell).length;
}

/** Tasks of a deployment that are not stopped yet, on their way out or not. */
export function leftOf(service: FakeService, deployment: ServiceDeploymentState): number {
  return service.tasks.filter((task) => task.deployment === deployment && task.lastStatus !== 'STOPPED').length;
}

/** Starts and stops tasks until each deployment has as many as are wanted of it. */
export function reconcile(world: World, service: FakeService): void {
  for (const deployment of service.deployments) {
    const alive = aliveOf(service, deployment);
    const missing = deployment.launches ? deployment.wanted - alive.length : 0;
    for (let count = 0; count < missing; count += 1) startTask(world, service, deployment);
    const surplus = alive.slice(0, Math.max(0, alive.length - deployment.wanted));
    for (const task of surplus) {
      stopTask(world, task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${deployment.id})`);
      say(world, service, `has stopped 1 running tasks: (task ${task.id}).`);
    }
  }
}

/** Keeps a service at its count for as long as it is there. */
export function* scheduling(world: World, service: FakeService): Process {
  while (service.status !== 'INACTIVE') {
    followDesiredCount(service);
    reconcile(world, service);
    yield ROUND_MS;
  }
}

/** Outside of a rollout, the deployment that is complete has the service's own count. */
function followDesiredCount(service: FakeService): void {
  const [newest] = service.deployments;
  const busy = service.deployments.some(({ process }) => process !== undefined);
  if (busy || service.controller !== 'ECS') return;
  const primary = service.deployments.find(({ line }) => line === 'PRIMARY') ?? newest;
  if (primary) primary.wanted = service.desiredCount;
}
