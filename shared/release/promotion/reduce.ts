import { allows } from '../verdict.ts';
import type { PromotionEffect, PromotionEvent, PromotionState } from './state.ts';

/**
 * The promotion state machine: the next state after an event. Pure and total: an event that has no meaning in a
 * phase changes nothing, so late or doubled events are harmless.
 */
export function reduce(state: PromotionState, event: PromotionEvent): PromotionState {
  switch (event.type) {
    case 'prepared':
      return when(state, 'preparing', { phase: 'verifying' });
    case 'shifted':
      return when(state, 'shifting', { phase: 'soaking', confirmed: stagePercent(state) });
    case 'soaked':
      return when(state, 'soaking', { phase: 'checking' });
    case 'checked':
      return checked(state, event);
    case 'held':
      return held(state, event.ms);
    case 'settled':
      return when(state, 'settling', { phase: 'done' });
    case 'reverted':
      return when(state, 'reverting', { phase: 'reverted', confirmed: 0 });
    case 'failed':
      return failed(state, event.detail);
    case 'cancel':
      return isOver(state) ? state : { ...state, phase: 'reverting', reason: event.reason };
    case 'pause':
      return canPause(state) ? { ...state, phase: 'paused', reason: event.reason } : state;
    case 'resume':
      return when(state, 'paused', { phase: 'checking', heldMs: 0, reason: undefined });
  }
}

/** What the state asks for next; undefined when the run is over. */
export function nextEffect(state: PromotionState): PromotionEffect | undefined {
  switch (state.phase) {
    case 'preparing':
      return { type: 'prepare' };
    case 'verifying':
      return { type: 'verify' };
    case 'shifting':
      return { type: 'shift', percent: stagePercent(state) };
    case 'soaking':
      return { type: 'soak', ms: state.plan.soakMs };
    case 'checking':
      return { type: 'check', percent: stagePercent(state) };
    case 'holding':
      return { type: 'hold', ms: Math.min(state.plan.recheckMs, state.plan.patienceMs - state.heldMs) };
    case 'settling':
      return { type: 'settle' };
    case 'reverting':
      return { type: 'revert', reason: state.reason ?? 'reverted' };
    case 'paused':
    case 'done':
    case 'reverted':
    case 'stuck':
      return undefined;
  }
}

/** True when nothing more will happen by itself. */
export function isOver(state: PromotionState): boolean {
  return nextEffect(state) === undefined && state.phase !== 'paused';
}

function when(state: PromotionState, phase: PromotionState['phase'], change: Partial<PromotionState>): PromotionState {
  return state.phase === phase ? { ...state, ...change } : state;
}

function checked(state: PromotionState, event: PromotionEvent & { type: 'checked' }): PromotionState {
  if (state.phase !== 'verifying' && state.phase !== 'checking') return state;
  if (event.verdict === 'inconclusive') return hold(state, event.detail);
  if (!allows(event.verdict)) return { ...state, phase: 'reverting', reason: event.detail };
  if (state.phase === 'verifying') return { ...state, phase: 'shifting', heldMs: 0 };
  const next = state.stage + 1;
  if (next === state.plan.stages.length) return { ...state, phase: 'settling' };
  return { ...state, phase: 'shifting', stage: next, heldMs: 0 };
}

/** Nothing to judge by: wait at this stage; when patience is over, pause. Before any traffic moved there is no stage to hold. */
function hold(state: PromotionState, detail: string): PromotionState {
  if (state.phase === 'verifying') return { ...state, phase: 'reverting', reason: detail };
  if (state.heldMs >= state.plan.patienceMs) return { ...state, phase: 'paused', reason: detail };
  return { ...state, phase: 'holding', reason: detail };
}

function held(state: PromotionState, ms: number): PromotionState {
  return when(state, 'holding', { phase: 'checking', heldMs: state.heldMs + ms, reason: undefined });
}

/** A failed effect reverts; a failed revert leaves the environment for a person, reported as stuck. */
function failed(state: PromotionState, detail: string): PromotionState {
  if (isOver(state) || state.phase === 'paused') return state;
  if (state.phase === 'reverting') return { ...state, phase: 'stuck', confirmed: undefined, reason: detail };
  return { ...state, phase: 'reverting', reason: detail };
}

function canPause(state: PromotionState): boolean {
  return ['shifting', 'soaking', 'checking', 'holding'].includes(state.phase);
}

function stagePercent(state: PromotionState): number {
  return state.plan.stages[state.stage] ?? 100;
}
