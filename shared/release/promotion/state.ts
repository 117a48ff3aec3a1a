import type { Verdict } from '../verdict.ts';
import type { RampPlan } from './plan.ts';

/**
 * Where a promotion stands. `done`, `reverted` and `paused` end a run: in the first two the environment is whole
 * (candidate or current has all traffic), `paused` and `stuck` leave a promotion that is reported until somebody
 * resumes or reverts it.
 */
export type Phase =
  | 'preparing'
  | 'verifying'
  | 'shifting'
  | 'soaking'
  | 'checking'
  | 'holding'
  | 'settling'
  | 'reverting'
  | 'paused'
  | 'done'
  | 'reverted'
  | 'stuck';

export interface PromotionState {
  readonly plan: RampPlan;
  readonly phase: Phase;
  /** Index into plan.stages of the stage being worked on. */
  readonly stage: number;
  /** Percent on the candidate that the platform confirmed last; undefined where nobody knows, after a revert that failed. */
  readonly confirmed: number | undefined;
  /** Milliseconds this stage has been held for lack of evidence. */
  readonly heldMs: number;
  /** Why it reverts, paused or is stuck. */
  readonly reason: string | undefined;
}

/** What happened, as the runner saw it. */
export type PromotionEvent =
  | { readonly type: 'prepared' }
  | { readonly type: 'shifted' }
  | { readonly type: 'soaked' }
  | { readonly type: 'checked'; readonly verdict: Verdict; readonly detail: string }
  | { readonly type: 'held'; readonly ms: number }
  | { readonly type: 'settled' }
  | { readonly type: 'reverted' }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' };

/** What is to be done next. */
export type PromotionEffect =
  | { readonly type: 'prepare' }
  | { readonly type: 'verify' }
  | { readonly type: 'shift'; readonly percent: number }
  | { readonly type: 'soak'; readonly ms: number }
  | { readonly type: 'check'; readonly percent: number }
  | { readonly type: 'hold'; readonly ms: number }
  | { readonly type: 'settle' }
  | { readonly type: 'revert'; readonly reason: string };

/** A promotion that has not begun: no traffic on the candidate. */
export function startPromotion(plan: RampPlan): PromotionState {
  return { plan, phase: 'preparing', stage: 0, confirmed: 0, heldMs: 0, reason: undefined };
}

/** A paused promotion taken up again at the stage its traffic stands at: verified anew, then on from there. */
export function resumePromotion(plan: RampPlan, percentOnCandidate: number): PromotionState {
  const reached = plan.stages.findLastIndex((percent) => percent <= percentOnCandidate);
  return {
    plan,
    phase: 'preparing',
    stage: Math.max(reached, 0),
    confirmed: percentOnCandidate,
    heldMs: 0,
    reason: undefined,
  };
}
