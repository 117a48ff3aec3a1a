import { GateFailure } from '../../errors.ts';
import type { PromotionMark } from '../deployment.ts';

/** Why a target refuses a move, worded once for all of them. */

export function promotionActive(environment: string, holder: PromotionMark): GateFailure {
  const how = {
    alive: 'is under way',
    paused: 'is paused',
    gone: 'was left half-done: its process is gone',
    unknown: 'is under way',
  };
  return new GateFailure({
    code: 'PROMOTION-ACTIVE',
    what: `promotion ${holder.id} of ${holder.candidate} in ${environment}, started ${holder.startedAt} by ${holder.run}, ${how[holder.owner]}`,
    fix: 'Wait for it, cancel it with rollback, or take over from it with supersede',
  });
}

export function promotionSuperseded(environment: string, promotionId: string): GateFailure {
  return new GateFailure({
    code: 'PROMOTION-ACTIVE',
    what: `promotion ${promotionId} does not hold ${environment} any more: another one took over from it`,
    fix: 'Look at what serves now before you start anew',
  });
}

export function environmentMoved(
  environment: string,
  serves: string | undefined,
  expected: string | undefined,
): GateFailure {
  return new GateFailure({
    code: 'ENVIRONMENT-MOVED',
    what: `${environment} serves ${serves ?? 'nothing'} now, and served ${expected ?? 'nothing'} when this promotion began: another one was faster`,
    fix: 'Look at what serves now, then run the step again if it is still wanted',
  });
}
