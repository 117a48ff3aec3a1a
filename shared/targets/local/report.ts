import type {
  Autoscaling,
  Deployment,
  EnvironmentState,
  PromotionMark,
  ServingAddress,
} from '../../release/deployment.ts';
import type { LiveDeployment } from './gateway/protocol.ts';
import { HOST } from './ports.ts';
import type { DeploymentRecord, LocalState, PromotionRecord } from './state/schema.ts';

type LiveDeployments = Readonly<Record<string, LiveDeployment>>;

/** Address of an environment, at a port of the gateway. */
export function environmentAddress(port: number): ServingAddress {
  return { url: `http://${HOST}:${port}`, wire: 'haute' };
}

/**
 * A deployment's own address: a path at one port of the gateway, the same for life. It is the gateway's and not the
 * server's own, so that it stays when the server is restarted, wakes a sleeping one, and says 404 for one that is off.
 */
export function deploymentAddress(state: LocalState, id: string): ServingAddress | undefined {
  const { deploymentsPort } = state;
  return deploymentsPort === null
    ? undefined
    : { url: `http://${HOST}:${deploymentsPort}/deployments/${id}`, wire: 'haute' };
}

/** A deployment as the target reports it. */
export function describeDeployment(
  state: LocalState,
  id: string,
  record: DeploymentRecord,
  live: LiveDeployments,
): Deployment {
  const now = live[id];
  return {
    id,
    releaseId: record.release.id,
    packageDigest: record.packageDigest,
    status: now?.status ?? 'unknown',
    rawStatus: now?.raw ?? 'the gateway does not know it yet',
    address: deploymentAddress(state, id),
    createdAt: record.createdAt,
    replicas: now?.ready ?? 0,
  };
}

/** @param owner whether the process that holds the promotion lives */
export function describeEnvironment(
  state: LocalState,
  name: string,
  live: LiveDeployments,
  owner: PromotionMark['owner'],
  defaults: Autoscaling,
): EnvironmentState {
  const record = state.environments[name];
  if (record === undefined) return neverDeployed(name, defaults);
  const { promotion, history } = record;
  const ids = new Set([...record.members, ...history].map(({ deploymentId }) => deploymentId));
  const deployments = [...ids].flatMap((id) => describe(id) ?? []);
  return {
    name,
    address: environmentAddress(record.port),
    weights: record.weights,
    current: describe(history[0]?.deploymentId),
    candidate: describe(promotion?.candidate),
    promotion: promotion ? describePromotion(promotion, owner) : undefined,
    history,
    deployments,
    autoscaling: record.autoscaling,
  };

  function describe(id: string | undefined): Deployment | undefined {
    const deployment = id === undefined ? undefined : state.deployments[id];
    if (id === undefined || deployment === undefined || deployment.desired === 'deleted') return undefined;
    return describeDeployment(state, id, deployment, live);
  }
}

function neverDeployed(name: string, autoscaling: Autoscaling): EnvironmentState {
  return {
    name,
    address: undefined,
    weights: {},
    current: undefined,
    candidate: undefined,
    promotion: undefined,
    history: [],
    deployments: [],
    autoscaling,
  };
}

function describePromotion(record: PromotionRecord, owner: PromotionMark['owner']): PromotionMark {
  const { id, candidate, current, startedAt, run } = record;
  return { id, candidate, current: current ?? undefined, startedAt, run, owner };
}
