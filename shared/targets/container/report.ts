import type {
  Autoscaling,
  Deployment,
  EnvironmentState,
  PromotionMark,
  ServingAddress,
  Weights,
} from '../../release/deployment.ts';
import { type Digest, shortDigest } from '../../release/digest.ts';
import { ownerOf } from './record.ts';
import type { EnvironmentRecord } from './schema.ts';

export interface Seen {
  readonly record: EnvironmentRecord;
  /** Where its images are. */
  readonly repository: string;
  /** What the environment's tag names now. */
  readonly served: Digest | undefined;
  readonly address: ServingAddress | undefined;
  readonly noAddress: string | undefined;
  readonly autoscaling: Autoscaling;
  readonly nowMs: number;
}

/**
 * The environment as its tag and its record say. The tag is what is served, so the traffic is read from it alone. A
 * tag that is not where the record left it, with no promotion to explain it, is told as a move that nobody finished:
 * steps report it, and give it back.
 */
export function describeEnvironment(seen: Seen): EnvironmentState {
  const { record, repository, served, address, noAddress, autoscaling } = seen;
  const { history } = record;
  const astray = strayed(record, served);
  const promotion = astray ?? describePromotion(seen);
  const find = (id: string | undefined): Deployment | undefined => describeDeployment(record, id, repository);
  return {
    name: record.environment,
    address,
    ...(noAddress !== undefined && { noAddress }),
    ...foreignOf(record, served),
    weights: astray ? { [astray.candidate]: 100 } : weightsOf(record, served),
    current: find(history[0]?.deploymentId),
    candidate: find(promotion?.candidate),
    promotion,
    history,
    deployments: Object.keys(record.deployments).flatMap((id) => find(id) ?? []),
    autoscaling,
  };
}

/** What the tag names that nobody has promoted, before anything was: others pull it, and serve it. */
function foreignOf(record: EnvironmentRecord, served: Digest | undefined): Pick<EnvironmentState, 'foreign'> {
  const isFirst = record.history.length === 0 && record.promotion === null;
  return isFirst && served !== undefined && deploymentOf(record, served) === undefined ? { foreign: served } : {};
}

/** @param served what the tag names all the same */
export function neverDeployed(name: string, autoscaling: Autoscaling, served: Digest | undefined): EnvironmentState {
  return {
    name,
    ...(served !== undefined && { foreign: served }),
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

/** A deployment is an image in the registry: it has no status of its own, and no address. */
export function describeDeployment(
  record: EnvironmentRecord,
  id: string | undefined,
  repository: string,
): Deployment | undefined {
  const found = id === undefined ? undefined : record.deployments[id];
  if (id === undefined || found === undefined) return undefined;
  return {
    id,
    releaseId: found.releaseId,
    packageDigest: found.packageDigest,
    status: 'active',
    rawStatus: 'in the registry',
    address: undefined,
    image: `${repository}@${found.image}`,
    createdAt: found.createdAt,
    replicas: 0,
  };
}

/** What the tag was left at by what settled last, or by a promotion that is under way; undefined where nobody knows. */
export function strayed(record: EnvironmentRecord, served: Digest | undefined): PromotionMark | undefined {
  const [last] = record.history;
  const expected = last && record.deployments[last.deploymentId]?.image;
  if (!last || record.promotion !== null || served === expected) return undefined;
  return {
    id: `unknown-${served ? shortDigest(served) : 'nothing'}`,
    candidate: deploymentOf(record, served) ?? served ?? 'nothing',
    current: last.deploymentId,
    startedAt: 'at a time that the registry does not keep',
    run: 'something that is not this suite',
    owner: 'gone',
  };
}

function describePromotion({ record, nowMs }: Seen): PromotionMark | undefined {
  if (record.promotion === null) return undefined;
  const { id, candidate, current, startedAt, run } = record.promotion;
  return { id, candidate, current: current ?? undefined, startedAt, run, owner: ownerOf(record.promotion, nowMs) };
}

function weightsOf(record: EnvironmentRecord, served: Digest | undefined): Weights {
  const id = deploymentOf(record, served);
  return id === undefined ? {} : { [id]: 100 };
}

/** The deployment of an image. Of several with the same image it is the one that the environment speaks of. */
function deploymentOf(record: EnvironmentRecord, served: Digest | undefined): string | undefined {
  const { deployments, promotion, history } = record;
  const spokenOf = [promotion?.candidate, promotion?.current, ...history.map((entry) => entry.deploymentId)];
  const ids = [...spokenOf, ...Object.keys(deployments)].filter((id) => typeof id === 'string');
  return served === undefined ? undefined : ids.find((id) => deployments[id]?.image === served);
}
