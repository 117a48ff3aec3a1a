import type { Autoscaling } from '../../../release/deployment.ts';
import type { EnvironmentRecord, LocalState, Member } from './schema.ts';

/** For a deployment that no environment holds: may sleep, one replica when woken. */
export const ALONE: Autoscaling = {
  min: 0,
  max: 1,
  concurrency: 1,
  windowMs: 60_000,
  scaleDownDelayMs: 60_000,
  utilization: 100,
};

/** Names of the environments that send traffic to a deployment, or are moving to or from it. */
export function environmentsUsing(state: LocalState, deploymentId: string): readonly string[] {
  return namesWhere(state, ({ weights, promotion }) => {
    const moving = promotion?.candidate === deploymentId || promotion?.current === deploymentId;
    return moving || (weights[deploymentId] ?? 0) > 0;
  });
}

/** Names of the environments that a deployment settled in last: what they serve. */
export function environmentsServedBy(state: LocalState, deploymentId: string): readonly string[] {
  return namesWhere(state, ({ history }) => history[0]?.deploymentId === deploymentId);
}

/** Names of the environments that keep a deployment warm. */
export function environmentsWarming(state: LocalState, deploymentId: string): readonly string[] {
  return namesWhere(state, ({ members }) =>
    members.some((member) => member.deploymentId === deploymentId && member.warm),
  );
}

/**
 * The settings a deployment runs under: what every environment that holds it needs of it, together. So no environment
 * can take from a deployment what another one wants of it.
 */
export function effectiveAutoscaling(state: LocalState, deploymentId: string): Autoscaling {
  const [first, ...rest] = Object.values(state.environments)
    .flatMap(({ members }) => members.filter((member) => member.deploymentId === deploymentId))
    .map(standing);
  return first === undefined ? ALONE : rest.reduce(together, first);
}

function standing({ autoscaling, warm }: Member): Autoscaling {
  return warm ? autoscaling : { ...autoscaling, min: 0 };
}

function together(a: Autoscaling, b: Autoscaling): Autoscaling {
  return {
    min: Math.max(a.min, b.min),
    max: Math.max(a.max, b.max),
    concurrency: Math.min(a.concurrency, b.concurrency),
    windowMs: Math.min(a.windowMs, b.windowMs),
    scaleDownDelayMs: Math.max(a.scaleDownDelayMs, b.scaleDownDelayMs),
    utilization: Math.min(a.utilization, b.utilization),
  };
}

function namesWhere(state: LocalState, test: (environment: EnvironmentRecord) => boolean): readonly string[] {
  return Object.entries(state.environments).flatMap(([name, environment]) => (test(environment) ? [name] : []));
}
