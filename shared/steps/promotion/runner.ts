import { Interrupted, messageOf } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { nextEffect, reduce } from '../../release/promotion/reduce.ts';
import type { PromotionEffect, PromotionEvent, PromotionState } from '../../release/promotion/state.ts';
import type { Verdict } from '../../release/verdict.ts';

export interface CheckOutcome {
  readonly verdict: Verdict;
  /** One line: what was looked at and what it showed. */
  readonly detail: string;
}

/** What the state machine asks of the world. Each throws when it could not be done. */
export interface PromotionWorld {
  /** The candidate is up with the environment's minimum of replicas. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Looks at the candidate on its own address, before any traffic. */
  verify(signal: AbortSignal): Promise<CheckOutcome>;
  /**
   * Moves traffic; returns when the platform confirmed it. The signal ends it only where the platform takes minutes and
   * can be told to go back.
   */
  shift(percent: number, signal: AbortSignal): Promise<void>;
  check(percent: number, signal: AbortSignal): Promise<CheckOutcome>;
  settle(): Promise<void>;
  /** All traffic back to what served before; returns when confirmed. */
  revert(reason: string): Promise<void>;
}

export interface RunnerOptions {
  readonly clock: Clock;
  /** Aborted: the promotion is cancelled and reverts. */
  readonly signal: AbortSignal;
  /** Told every event and the state it led to. */
  readonly onEvent: (event: PromotionEvent, state: PromotionState) => void;
  /** A reason to leave the promotion where it stands, for somebody else to carry on; undefined to go on. */
  readonly leave?: (state: PromotionState) => string | undefined;
}

/** How a run ended. */
export interface RunEnd {
  readonly state: PromotionState;
  /** What was thrown first and made it revert; undefined where a check or a person said no. */
  readonly cause: unknown;
}

/**
 * Carries a promotion to its end: done, reverted, paused or stuck. Looks at the signal between any two effects, and
 * hands it to those that may be broken off; settling and reverting always run to their end.
 * @returns the state it ended in, and what went wrong; never throws for what the world does
 */
export async function runPromotion(
  start: PromotionState,
  world: PromotionWorld,
  options: RunnerOptions,
): Promise<RunEnd> {
  let state = start;
  let cause: unknown;
  const pace = { lastCheckMs: 0 };
  let cancelled = false;
  for (let effect = nextEffect(state); effect; effect = nextEffect(state)) {
    const event: PromotionEvent =
      options.signal.aborted && !cancelled && effect.type !== 'revert'
        ? { type: 'cancel', reason: cancelReason(options.signal) }
        : await perform(effect, world, options, pace, (error) => {
            cause ??= error;
          });
    cancelled ||= event.type === 'cancel';
    state = reduce(state, event);
    options.onEvent(event, state);
    const reason = options.leave?.(state);
    if (reason !== undefined) state = reduce(state, { type: 'pause', reason });
  }
  return { state, cause };
}

async function perform(
  effect: PromotionEffect,
  world: PromotionWorld,
  { clock, signal }: RunnerOptions,
  pace: { lastCheckMs: number },
  onError: (error: unknown) => void,
): Promise<PromotionEvent> {
  try {
    switch (effect.type) {
      case 'prepare':
        await world.prepare(signal);
        return { type: 'prepared' };
      case 'verify':
        return { type: 'checked', ...(await world.verify(signal)) };
      case 'shift':
        await world.shift(effect.percent, signal);
        return { type: 'shifted' };
      case 'soak':
        // Checks are part of the window: what they took last time is not waited for on top.
        await clock.sleep(Math.max(0, effect.ms - pace.lastCheckMs), signal);
        return { type: 'soaked' };
      case 'check': {
        const startedAt = clock.now();
        const outcome = await world.check(effect.percent, signal);
        pace.lastCheckMs = clock.now() - startedAt;
        return { type: 'checked', ...outcome };
      }
      case 'hold':
        await clock.sleep(effect.ms, signal);
        return { type: 'held', ms: effect.ms };
      case 'settle':
        await world.settle();
        return { type: 'settled' };
      case 'revert':
        await world.revert(effect.reason);
        return { type: 'reverted' };
    }
  } catch (error) {
    if (signal.aborted && (error instanceof Interrupted || isAbort(error))) {
      return { type: 'cancel', reason: cancelReason(signal) };
    }
    onError(error);
    return { type: 'failed', detail: messageOf(error) };
  }
}

function cancelReason(signal: AbortSignal): string {
  return `cancelled (${messageOf(signal.reason)})`;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
