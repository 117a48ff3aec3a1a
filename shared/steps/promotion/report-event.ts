import type { Log } from '../../ports/log.ts';
import type { PromotionEvent, PromotionState } from '../../release/promotion/state.ts';

/** Tells a person what a promotion just did: what changed, not what stayed. */
export function reportEvent(log: Log, environment: string, event: PromotionEvent, state: PromotionState): void {
  if (event.type === 'shifted') {
    log.progress(`traffic of ${environment} on the candidate`, state.confirmed ?? 0, 100, '%');
    return;
  }
  const [level, line] = describe(event, state);
  if (line !== '') log[level](line);
}

type Line = readonly ['info' | 'warn' | 'debug', string];

function describe(event: Exclude<PromotionEvent, { type: 'shifted' }>, state: PromotionState): Line {
  switch (event.type) {
    case 'prepared':
      // Where tasks are replaced one by one none of it runs yet.
      return ['info', 'candidate is ready'];
    case 'checked':
      return event.verdict === 'pass' ? ['debug', event.detail] : ['warn', `check ${event.verdict}: ${event.detail}`];
    case 'settled':
      return ['info', 'settled'];
    case 'reverted':
      return ['warn', 'reverted: all traffic is where it was before'];
    case 'failed':
      return ['warn', state.phase === 'stuck' ? `the revert failed: ${event.detail}` : event.detail];
    case 'cancel':
    case 'pause':
      return ['warn', event.reason];
    case 'held':
      return ['info', `held for ${Math.round(state.heldMs / 1000)} s for lack of evidence`];
    case 'soaked':
    case 'resume':
      return ['debug', ''];
  }
}
