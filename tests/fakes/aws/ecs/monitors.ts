import type { World } from '../world.ts';
import type { RolloutFailure } from './rollout.ts';
import type { FakeService, ServiceDeploymentState } from './state.ts';

/** Failed tasks at which the circuit breaker trips: half of the desired count, at least 3 and at most 200. */
export function thresholdOf(service: FakeService, { configuration }: ServiceDeploymentState): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((service.desiredCount * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}

/** What the monitors of a deployment have against it now. */
export function tripped(
  world: World,
  service: FakeService,
  deployment: ServiceDeploymentState,
): RolloutFailure | undefined {
  const { deploymentCircuitBreaker: breaker, alarms } = deployment.configuration;
  if (breaker?.enable && deployment.failedTasks >= thresholdOf(service, deployment)) {
    deployment.breaker = 'TRIGGERED';
    const what = breaker.rollback ? 'rolled back' : 'stopped';
    return {
      reason: `Service deployment ${what} because the circuit breaker threshold was exceeded.`,
      rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.',
      rollback: breaker.rollback,
    };
  }
  const active = alarms?.enable ? alarms.alarmNames.filter((name) => world.alarms.has(name)) : [];
  if (!alarms || active.length === 0) return undefined;
  deployment.alarms = 'TRIGGERED';
  deployment.triggeredAlarms = active;
  const what = alarms.rollback ? 'rolled back' : 'stopped';
  return {
    reason: `Service deployment ${what} because of one or more active alarms.`,
    rolloutReason: 'ECS deployment failed: alarm detected.',
    rollback: alarms.rollback,
  };
}
