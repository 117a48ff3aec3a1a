import type { DeploymentRecord, EnvironmentRecord, LocalState } from './schema.ts';
import { environmentsUsing, environmentsWarming } from './standing.ts';

/** The state with one environment changed. */
export function withEnvironment(
  state: LocalState,
  name: string,
  change: (environment: EnvironmentRecord) => EnvironmentRecord,
): LocalState {
  const before = state.environments[name];
  return before === undefined ? state : { ...state, environments: { ...state.environments, [name]: change(before) } };
}

/** The state with one deployment changed. */
export function withDeployment(
  state: LocalState,
  id: string,
  change: (deployment: DeploymentRecord) => DeploymentRecord,
): LocalState {
  const before = state.deployments[id];
  return before === undefined ? state : { ...state, deployments: { ...state.deployments, [id]: change(before) } };
}

/** The environment without any place for a deployment; its history stays. */
export function withoutMember(environment: EnvironmentRecord, id: string): EnvironmentRecord {
  return {
    ...environment,
    members: environment.members.filter(({ deploymentId }) => deploymentId !== id),
    retiring: environment.retiring.filter(({ deploymentId }) => deploymentId !== id),
  };
}

/** The state in which a deployment is to go: no environment holds it, and the gateway ends and forgets it. */
export function withDeleted(state: LocalState, id: string): LocalState {
  const names = Object.keys(state.environments);
  const left = names.reduce((now, name) => withEnvironment(now, name, (each) => withoutMember(each, id)), state);
  const going = withDeployment(left, id, (deployment) => ({ ...deployment, desired: 'deleted', deployer: null }));
  return withoutUnused(going);
}

/** Without environments that a deployment was meant for that never came to be. */
export function withoutUnused(state: LocalState): LocalState {
  const isUsed = ({ members, history, promotion, weights }: EnvironmentRecord) =>
    members.length + history.length + Object.keys(weights).length > 0 || promotion !== null;
  const used = Object.entries(state.environments).filter(([, environment]) => isUsed(environment));
  return { ...state, environments: Object.fromEntries(used) };
}

/** The state without the record of a deployment. */
export function withoutDeployment(state: LocalState, id: string): LocalState {
  const { [id]: _gone, ...deployments } = state.deployments;
  return { ...state, deployments };
}

/** True when some retirement is due. */
export function hasDue(state: LocalState, nowMs: number): boolean {
  return Object.values(state.environments).some((environment) => dueIn(environment, nowMs).length > 0);
}

/**
 * Carries out the retirements that are due: in its environment the deployment becomes cold; it is turned off, where
 * that is the policy, unless another environment uses or warms it.
 * @returns the new state, and the deployments that nobody keeps warm or routes to any more
 */
export function applyDue(
  state: LocalState,
  nowMs: number,
): { readonly state: LocalState; readonly asleep: readonly string[] } {
  let next = state;
  const asleep: string[] = [];
  for (const [name, environment] of Object.entries(state.environments)) {
    for (const { deploymentId: id, policy } of dueIn(environment, nowMs)) {
      next = withEnvironment(next, name, (each) => cooled(each, id));
      if (environmentsUsing(next, id).length > 0 || environmentsWarming(next, id).length > 0) continue;
      asleep.push(id);
      if (policy !== 'deactivate') continue;
      next = withDeployment(next, id, (each) => (each.desired === 'active' ? { ...each, desired: 'inactive' } : each));
    }
  }
  return { state: next, asleep };
}

/** What still has traffic in the environment waits until it has none. */
function dueIn({ retiring, weights }: EnvironmentRecord, nowMs: number): EnvironmentRecord['retiring'] {
  return retiring.filter(({ deploymentId, dueAt }) => dueAt <= nowMs && (weights[deploymentId] ?? 0) === 0);
}

function cooled(environment: EnvironmentRecord, id: string): EnvironmentRecord {
  const retiring = environment.retiring.filter(({ deploymentId }) => deploymentId !== id);
  // What the environment serves is never cold, whatever was planned for it before.
  if (environment.history[0]?.deploymentId === id) return { ...environment, retiring };
  const members = environment.members.map((member) =>
    member.deploymentId === id ? { ...member, warm: false } : member,
  );
  return { ...environment, retiring, members };
}
