import { randomUUID } from 'node:crypto';
import { GateFailure } from '../../errors.ts';
import type { RouteMark, Target } from '../../ports/target.ts';
import type { EnvironmentState, PromotionMark } from '../../release/deployment.ts';
import type { StepContext } from '../context.ts';
import { proveEnvironment, type Served } from '../parts/prove-environment.ts';
import { proofDeadline } from '../parts/prove-serving.ts';
import { howToTakeOver } from '../parts/take-over.ts';
import { whole } from './target-world.ts';

const PROOF_PATIENCE_MS = 30_000;

/**
 * The environment, whole: a promotion whose runner died is reverted first and said so; one that is under way is
 * refused, unless it is to be superseded.
 * @throws GateFailure PROMOTION-ACTIVE with the id of the promotion that holds the environment
 */
export async function settledEnvironment(
  context: StepContext,
  target: Target,
  name: string,
  supersede: boolean,
): Promise<EnvironmentState> {
  const state = await target.inspect(name);
  if (!state.promotion) return state;
  if (state.promotion.owner !== 'gone' && !supersede) throw promotionActive(name, state.promotion);
  context.host.log.warn(`${describePromotion(name, state)}; reverting it first`);
  await finishRevert(context, target, state);
  return target.inspect(name);
}

/**
 * Warns of a promotion that nobody will finish, and of what somebody has put over the release; for steps that only look
 * at the environment.
 */
export function reportAmiss(context: StepContext, state: EnvironmentState): void {
  const { name, current, foreign } = state;
  if (current && foreign !== undefined) {
    const message = `${foreign} serves ${name} in place of ${current.id}. ${howToTakeOver(state)}`;
    context.host.annotate({ level: 'warning', title: 'ENVIRONMENT-NOT-OURS', message });
  }
  if (state.promotion?.owner !== 'gone') return;
  context.host.annotate({
    level: 'warning',
    title: 'PROMOTION-HALF-DONE',
    message: `${describePromotion(state.name, state)}. Run rollback to give all traffic back to what served before`,
  });
}

/**
 * Takes the environment from whoever holds it and gives all traffic back to what served before; proven, then closed.
 * @returns what is known of who answers now; undefined where nothing served before
 */
export async function finishRevert(
  context: StepContext,
  target: Target,
  state: EnvironmentState,
): Promise<Served | undefined> {
  const { promotion } = state;
  if (!promotion) return undefined;
  let served: Served | undefined;
  const promotionId = randomUUID();
  const { run } = context.host.facts;
  const mark: RouteMark = {
    promotionId,
    candidate: promotion.candidate,
    current: state.current?.id,
    run,
    paused: false,
    supersede: true,
  };
  await target.route(state.name, whole(state.current), mark, { progress: (line) => context.host.log.info(line) });
  if (state.current) {
    const deadline = proofDeadline(state.address, PROOF_PATIENCE_MS);
    served = await proveEnvironment(context, state, state.current, PROOF_PATIENCE_MS, deadline);
  }
  await target.settle(state.name, {
    keep: state.current?.id ?? promotion.candidate,
    previous: undefined,
    previousPolicy: 'keep',
    rollbackWindowMs: 0,
    promotionId,
    evidence: '',
    outcome: 'reverted',
  });
  return served;
}

/** `production: promotion 4f… of d-2 stands at 30 %, and its runner is gone`. */
export function describePromotion(name: string, state: EnvironmentState): string {
  const { promotion, weights } = state;
  if (!promotion) return `${name}: no promotion`;
  const owner = {
    alive: 'is running',
    paused: 'is paused',
    gone: 'was interrupted and its runner is gone',
    unknown: 'is open',
  };
  return `${name}: promotion ${promotion.id} of ${promotion.candidate} stands at ${weights[promotion.candidate] ?? 0} % and ${owner[promotion.owner]}`;
}

function promotionActive(name: string, promotion: PromotionMark): GateFailure {
  return new GateFailure({
    code: 'PROMOTION-ACTIVE',
    what: `${name} is held by promotion ${promotion.id} (${promotion.owner}), begun ${promotion.startedAt} by ${promotion.run}`,
    fix: 'Wait for it, end it with rollback and the cancel input, or take its place with the supersede input',
  });
}
