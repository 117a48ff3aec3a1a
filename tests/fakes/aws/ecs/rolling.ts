import type { World } from '../world.ts';
import { tripped } from './monitors.ts';
import type { RolloutSteps } from './rollout.ts';
import { aliveOf, leftOf, reconcile, wellOf } from './scheduler.ts';
import type { FakeService, ServiceDeploymentState } from './state.ts';

const ROUND_MS = 5_000;
/** How long alarms are watched after the last task was replaced. */
const ALARM_WATCH_MS = 60_000;

/** Replaces tasks a few at a time, between the least healthy and the most running that the service allows. */
export function* rolling(world: World, service: FakeService, deployment: ServiceDeploymentState): RolloutSteps {
  for (;;) {
    const failure = tripped(world, service, deployment);
    if (failure) return failure;
    const older = service.deployments.filter((other) => other !== deployment && leftOf(service, other) > 0);
    const wanted = service.desiredCount;
    if (older.length === 0 && aliveOf(service, deployment).length === wanted && wellOf(service, deployment) === wanted)
      break;
    step(service, deployment, older, wanted);
    reconcile(world, service);
    yield ROUND_MS;
  }
  if (deployment.configuration.alarms?.enable) {
    for (let left = ALARM_WATCH_MS; left > 0; left -= ROUND_MS) {
      const failure = tripped(world, service, deployment);
      if (failure) return failure;
      yield ROUND_MS;
    }
  }
  return undefined;
}

function step(
  service: FakeService,
  deployment: ServiceDeploymentState,
  older: readonly ServiceDeploymentState[],
  wanted: number,
): void {
  const { maximumPercent = 200, minimumHealthyPercent = 100 } = deployment.configuration;
  const most = Math.floor((wanted * maximumPercent) / 100);
  const least = Math.ceil((wanted * minimumHealthyPercent) / 100);
  const olderAlive = older.reduce((sum, other) => sum + aliveOf(service, other).length, 0);
  const olderWell = older.reduce((sum, other) => sum + wellOf(service, other), 0);
  const well = wellOf(service, deployment);
  deployment.wanted = Math.max(0, Math.min(wanted, most - olderAlive));
  // Tasks that are not well may go at once; of the others, as many as the new ones make up for.
  let spare = olderAlive - olderWell + Math.max(0, well + olderWell - least);
  for (const other of [...older].reverse()) {
    other.launches = false;
    const alive = aliveOf(service, other).length;
    const stopped = Math.min(alive, spare);
    other.wanted = alive - stopped;
    spare -= stopped;
  }
}
