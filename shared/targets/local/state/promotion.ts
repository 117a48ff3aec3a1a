import type { RouteMark, SettleOptions } from '../../../ports/target.ts';
import type { PromotionMark, Weights } from '../../../release/deployment.ts';
import { environmentMoved, promotionActive, promotionSuperseded } from '../../../release/promotion/refusals.ts';
import { badWeights, inactiveDeployment, notSettled, unknownDeployment, unknownEnvironment } from '../errors.ts';
import type { ProcessRef } from '../process/processes.ts';
import { withEnvironment } from './housekeeping.ts';
import type { EnvironmentRecord, HistoryRecord, LocalState, Member, Retirement } from './schema.ts';

const KEPT_HISTORY = 100;
const KEPT_SUPERSEDED = 50;

/** Who does something, and when. */
export interface Doing {
  readonly owner: ProcessRef;
  readonly nowMs: number;
  /** Tells whether the process that holds a promotion still lives. */
  readonly holder: PromotionMark['owner'];
}

/**
 * The state with the environment's traffic split and marked as this promotion says.
 * @throws ConfigError for weights that cannot be; GateFailure PROMOTION-ACTIVE when another promotion holds it,
 *   ENVIRONMENT-MOVED when nothing holds it and it serves something else than the mark says
 */
export function withRoute(
  state: LocalState,
  name: string,
  weights: Weights,
  mark: RouteMark,
  doing: Doing,
): LocalState {
  const environment = state.environments[name];
  if (environment === undefined) throw unknownEnvironment(name);
  checkWeights(state, weights);
  checkHolder(environment, name, mark.promotionId, mark.supersede, doing.holder);
  checkUnmoved(state, environment, name, mark.current);
  const held = environment.promotion;
  const takenOver = held !== null && held.id !== mark.promotionId ? held : undefined;
  const routed = Object.keys(weights).filter((id) => (weights[id] ?? 0) > 0);
  return withEnvironment(state, name, (each) => ({
    ...each,
    weights,
    members: routed.reduce((members, id) => warmed(members, id, each), each.members),
    retiring: [
      ...each.retiring.filter(({ deploymentId }) => !routed.includes(deploymentId)),
      // Nobody will settle what was superseded, so its candidate retires now.
      ...(takenOver ? retired(takenOver.candidate, 'scale-to-zero', doing.nowMs, mark.candidate) : []),
    ],
    superseded: takenOver ? [...each.superseded, takenOver.id].slice(-KEPT_SUPERSEDED) : each.superseded,
    promotion: {
      id: mark.promotionId,
      candidate: mark.candidate,
      current: mark.current ?? null,
      startedAt: held?.id === mark.promotionId ? held.startedAt : iso(doing.nowMs),
      run: mark.run,
      paused: mark.paused,
      owner: doing.owner,
    },
  }));
}

/** The state after a route was refused: nobody will settle that promotion, so what was deployed for it retires now. */
export function withRefused(state: LocalState, name: string, candidate: string, nowMs: number): LocalState {
  return withEnvironment(state, name, (each) => {
    const { history, weights, promotion, retiring } = each;
    const inUse = [promotion?.candidate, promotion?.current, ...history.map(({ deploymentId }) => deploymentId)];
    if (inUse.includes(candidate) || (weights[candidate] ?? 0) > 0) return each;
    return { ...each, retiring: [...retiring, ...retired(candidate, 'scale-to-zero', nowMs, undefined)] };
  });
}

/**
 * The state with the promotion over: its mark gone, history written, and what does not serve any more retiring.
 * @throws ProviderError LOCAL-NOT-SETTLED while traffic is still split; GateFailure PROMOTION-ACTIVE
 */
export function withSettled(state: LocalState, name: string, options: SettleOptions, doing: Doing): LocalState {
  const environment = state.environments[name];
  if (environment === undefined) throw unknownEnvironment(name);
  const kept = state.deployments[options.keep];
  if (kept === undefined) throw unknownDeployment(options.keep);
  checkHolder(environment, name, options.promotionId, false, doing.holder);
  const percent = environment.weights[options.keep] ?? 0;
  const isEmptyAgain = options.outcome === 'reverted' && Object.keys(environment.weights).length === 0;
  if (percent !== 100 && !isEmptyAgain) throw notSettled(name, options.keep, percent);
  const entry: HistoryRecord = {
    deploymentId: options.keep,
    releaseId: kept.release.id,
    settledAt: iso(doing.nowMs),
    evidence: options.evidence,
  };
  return withEnvironment(state, name, (each) => ({
    ...each,
    promotion: null,
    history: options.outcome === 'reverted' ? each.history : withEntry(each.history, entry),
    retiring: [
      ...each.retiring.filter(({ deploymentId }) => deploymentId !== options.keep && deploymentId !== options.previous),
      ...leaving(each, options, doing.nowMs, isEmptyAgain),
    ],
  }));
}

/** What served before goes after the rollback window; a candidate that was turned down goes at once. */
function leaving(
  environment: EnvironmentRecord,
  options: SettleOptions,
  nowMs: number,
  isEmptyAgain: boolean,
): readonly Retirement[] {
  const { outcome, keep, previous, previousPolicy, rollbackWindowMs } = options;
  if (outcome !== 'reverted')
    return previous === undefined ? [] : retired(previous, previousPolicy, nowMs + rollbackWindowMs, keep);
  const candidate = previous ?? environment.promotion?.candidate;
  const policy = previousPolicy === 'keep' ? 'scale-to-zero' : previousPolicy;
  return candidate === undefined ? [] : retired(candidate, policy, nowMs, isEmptyAgain ? undefined : keep);
}

function retired(
  id: string,
  policy: Retirement['policy'],
  dueAt: number,
  keep: string | undefined,
): readonly Retirement[] {
  return id === keep || policy === 'keep' ? [] : [{ deploymentId: id, policy, dueAt }];
}

/** Newest first; a deployment that settles again where it is has one line, the latest. */
function withEntry(history: readonly HistoryRecord[], entry: HistoryRecord): readonly HistoryRecord[] {
  const older = history[0]?.deploymentId === entry.deploymentId ? history.slice(1) : history;
  return [entry, ...older].slice(0, KEPT_HISTORY);
}

/** The members with this one warm, taken in where it was none. */
export function warmed(
  members: readonly Member[],
  id: string,
  environment: Pick<EnvironmentRecord, 'autoscaling'>,
): readonly Member[] {
  const known = members.find(({ deploymentId }) => deploymentId === id);
  if (known?.warm) return members;
  const member = { deploymentId: id, autoscaling: known?.autoscaling ?? environment.autoscaling, warm: true };
  return [...members.filter((other) => other !== known), member];
}

function checkWeights(state: LocalState, weights: Weights): void {
  const entries = Object.entries(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  if (!entries.every(([, weight]) => Number.isInteger(weight) && weight >= 0))
    throw badWeights('not all are whole numbers');
  if (entries.length > 0 && total !== 100) throw badWeights(`they add up to ${total}`);
  for (const [id, weight] of entries) {
    const deployment = state.deployments[id];
    if (deployment === undefined || deployment.desired === 'deleted') throw unknownDeployment(id);
    if (weight > 0 && deployment.desired === 'inactive') throw inactiveDeployment(id);
  }
}

/** A promotion that another one took over from may not come back, whoever holds the environment now. */
function checkHolder(
  environment: EnvironmentRecord,
  name: string,
  promotionId: string,
  supersede: boolean,
  owner: PromotionMark['owner'],
): void {
  if (environment.superseded.includes(promotionId)) throw promotionSuperseded(name, promotionId);
  const held = environment.promotion;
  if (held !== null && held.id !== promotionId && !supersede) {
    throw promotionActive(name, { ...held, current: held.current ?? undefined, owner });
  }
}

/** What was decided before another promotion settled would take that one back without anybody's word for it. */
function checkUnmoved(
  { deployments }: LocalState,
  { promotion, history }: EnvironmentRecord,
  name: string,
  expected: string | undefined,
): void {
  if (promotion !== null) return;
  const settled = history[0]?.deploymentId ?? '';
  const isThere = (deployments[settled]?.desired ?? 'deleted') !== 'deleted';
  const serves = isThere ? settled : undefined;
  if (serves !== expected) throw environmentMoved(name, serves, expected);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
