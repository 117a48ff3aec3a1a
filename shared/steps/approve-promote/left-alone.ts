import type { Phase } from '../../release/promotion/state.ts';

/** A promotion that the step leaves on purpose, for somebody else to carry on: no failure of the step, and no success. */
export interface LeftAlone {
  readonly title: 'PROMOTION-HANDED-OVER' | 'PROMOTION-AWAITS-APPROVAL';
  readonly reason: string;
}

/** What keeps a step from staying with its promotion to the end. */
export interface Leaving {
  /** Whether it is to stay until everything has settled. */
  readonly wait: boolean;
  /** Which approvals are missing; undefined where there are enough. */
  readonly awaited: string | undefined;
}

/**
 * Whether a promotion is left where it stands. Without its approvals it gets no traffic, or no more than it has: it was
 * brought up and looked at. On a platform that goes through the stages by itself it is left after the first one: that
 * was given after the look in the dark, and from there on the platform's own alarms watch.
 */
export function whyLeft(phase: Phase, { wait, awaited }: Leaving): LeftAlone | undefined {
  if (awaited !== undefined && phase === 'shifting')
    return {
      title: 'PROMOTION-AWAITS-APPROVAL',
      reason: `the candidate is up, was checked, and waits: ${awaited}; run the step again when it is approved`,
    };
  if (!wait && phase === 'soaking')
    return {
      title: 'PROMOTION-HANDED-OVER',
      reason: 'handed over: the platform goes through the stages by itself; run the step again to settle it',
    };
  return undefined;
}
