import type { Autoscaling } from '../../../release/deployment.ts';
import type { Digest } from '../../../release/digest.ts';
import { inUse, unknownDeployment } from '../errors.ts';
import type { LocalPolicy } from '../policy.ts';
import { withDeleted, withDeployment, withEnvironment, withoutMember, withoutUnused } from './housekeeping.ts';
import type { DeploymentRecord, EnvironmentRecord, LocalState } from './schema.ts';
import { environmentsServedBy, environmentsUsing } from './standing.ts';

/** Ports that are promised to an address, now or by the policy. */
export function takenPorts(state: LocalState, policy: LocalPolicy): ReadonlySet<number> {
  const promised = Object.values(state.environments).map(({ port }) => port);
  return new Set([
    ...promised,
    state.deploymentsPort ?? 0,
    policy.deploymentsPort ?? 0,
    ...Object.values(policy.ports),
  ]);
}

/** The state with the environment there, at this port; one that is there keeps everything else. */
export function withEnvironmentAt(state: LocalState, name: string, port: number, autoscaling: Autoscaling): LocalState {
  const known = state.environments[name];
  if (known) return known.port === port ? state : withEnvironment(state, name, (each) => ({ ...each, port }));
  const fresh: EnvironmentRecord = {
    port,
    autoscaling,
    weights: {},
    members: [],
    promotion: null,
    history: [],
    retiring: [],
    superseded: [],
  };
  return { ...state, environments: { ...state.environments, [name]: fresh } };
}

/** The state with a deployment held warm by an environment, under these settings. It retires from there no more. */
export function withMember(state: LocalState, name: string, id: string, autoscaling: Autoscaling): LocalState {
  return withEnvironment(state, name, (each) => {
    const without = withoutMember(each, id);
    return { ...without, members: [...without.members, { deploymentId: id, autoscaling, warm: true }] };
  });
}

/** The deployment has answered: it stays, and the environment's settings are those it was deployed with. */
export function withDeployed(state: LocalState, name: string, id: string, autoscaling: Autoscaling): LocalState {
  const done = withDeployment(state, id, (each) => ({ ...each, deployer: null }));
  return withEnvironment(done, name, (each) => ({ ...each, autoscaling }));
}

/** The state in which an environment holds a deployment no more. */
export function withoutHold(state: LocalState, name: string, id: string): LocalState {
  return withoutUnused(withEnvironment(state, name, (each) => withoutMember(each, id)));
}

/** A deployment of the release that is on and has answered before: one that the environment holds, else the newest. */
export function reusable(state: LocalState, name: string, releaseId: Digest): string | undefined {
  const held = new Set(state.environments[name]?.members.map(({ deploymentId }) => deploymentId));
  const fits = ({ release, desired, deployer }: DeploymentRecord) =>
    release.id === releaseId && desired === 'active' && deployer === null;
  const [best] = Object.entries(state.deployments)
    .filter(([, deployment]) => fits(deployment))
    .sort(
      ([a, { createdAt: x }], [b, { createdAt: y }]) => Number(held.has(b)) - Number(held.has(a)) || y.localeCompare(x),
    );
  return best?.[0];
}

/** The state with a deployment turned on or off. @throws ConfigError LOCAL-UNKNOWN-DEPLOYMENT */
export function withDesired(state: LocalState, id: string, desired: 'active' | 'inactive'): LocalState {
  const known = state.deployments[id];
  if (known === undefined || known.desired === 'deleted') throw unknownDeployment(id);
  return known.desired === desired ? state : withDeployment(state, id, (each) => ({ ...each, desired }));
}

/** The state in which the deployment is going for good. @throws ConfigError LOCAL-IN-USE, LOCAL-UNKNOWN-DEPLOYMENT */
export function withRemoved(state: LocalState, id: string): LocalState {
  if (state.deployments[id] === undefined) throw unknownDeployment(id);
  const users = [...new Set([...environmentsUsing(state, id), ...environmentsServedBy(state, id)])];
  if (users.length > 0) throw inUse(id, users);
  return withDeleted(state, id);
}
