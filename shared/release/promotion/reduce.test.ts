import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../verdict.ts';
import { rampPlan } from './plan.ts';
import { isOver, nextEffect, reduce } from './reduce.ts';
import { type PromotionEvent, type PromotionState, resumePromotion, startPromotion } from './state.ts';

const plan = rampPlan(100_000, 10, 20_000);
const pass: PromotionEvent = { type: 'checked', verdict: 'pass', detail: 'all quotes right' };

function play(state: PromotionState, ...events: PromotionEvent[]): PromotionState {
  return events.reduce(reduce, state);
}

/** The event that says an effect went well. */
function success(state: PromotionState): PromotionEvent {
  const effect = nextEffect(state);
  switch (effect?.type) {
    case 'prepare':
      return { type: 'prepared' };
    case 'verify':
    case 'check':
      return pass;
    case 'shift':
      return { type: 'shifted' };
    case 'soak':
      return { type: 'soaked' };
    case 'hold':
      return { type: 'held', ms: effect.ms };
    case 'settle':
      return { type: 'settled' };
    case 'revert':
      return { type: 'reverted' };
    case undefined:
      throw new Error('over');
  }
}

function toTheEnd(start: PromotionState): { state: PromotionState; shifts: number[] } {
  const shifts: number[] = [];
  let state = start;
  for (let effect = nextEffect(state); effect; effect = nextEffect(state)) {
    if (effect.type === 'shift') shifts.push(effect.percent);
    state = reduce(state, success(state));
  }
  return { state, shifts };
}

const anyVerdict = fc.constantFrom<Verdict>('pass', 'warn', 'fail', 'inconclusive', 'error');
const anyEvent: fc.Arbitrary<PromotionEvent> = fc.oneof(
  fc.constantFrom<PromotionEvent>(
    { type: 'prepared' },
    { type: 'shifted' },
    { type: 'soaked' },
    { type: 'settled' },
    { type: 'reverted' },
    { type: 'resume' },
    { type: 'failed', detail: 'platform said no' },
    { type: 'cancel', reason: 'cancelled' },
    { type: 'pause', reason: 'wait for me' },
  ),
  anyVerdict.map((verdict): PromotionEvent => ({ type: 'checked', verdict, detail: verdict })),
  fc.integer({ min: 0, max: 30_000 }).map((ms): PromotionEvent => ({ type: 'held', ms })),
);

describe('a promotion that goes well', () => {
  it('moves traffic in ten even stages and settles', () => {
    const { state, shifts } = toTheEnd(startPromotion(plan));
    expect(shifts).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(state).toMatchObject({ phase: 'done', confirmed: 100 });
  });

  it('moves everything at once when the ramp is zero', () => {
    expect(toTheEnd(startPromotion(rampPlan(0, 10, 0))).shifts).toEqual([100]);
  });

  it('goes on from the stage its traffic stands at when it is resumed', () => {
    expect(toTheEnd(resumePromotion(plan, 40)).shifts).toEqual([40, 50, 60, 70, 80, 90, 100]);
  });
});

describe('a promotion that does not go well', () => {
  const at20 = play(
    startPromotion(plan),
    { type: 'prepared' },
    pass,
    { type: 'shifted' },
    { type: 'soaked' },
    pass,
    { type: 'shifted' },
    { type: 'soaked' },
  );

  it.each<[string, PromotionEvent]>([
    ['a failed check', { type: 'checked', verdict: 'fail', detail: 'quote 3 is 2.00 too dear' }],
    ['a check that could not be made', { type: 'checked', verdict: 'error', detail: 'no answer' }],
    ['a cancel', { type: 'cancel', reason: 'SIGTERM' }],
    ['a failed effect', { type: 'failed', detail: 'disk full' }],
  ])('reverts on %s', (_, event) => {
    const state = play(at20, event);
    expect(nextEffect(state)?.type).toBe('revert');
    expect(play(state, { type: 'reverted' })).toMatchObject({ phase: 'reverted', confirmed: 0 });
  });

  it('holds a stage without evidence, and pauses when patience is over', () => {
    const noEvidence: PromotionEvent = { type: 'checked', verdict: 'inconclusive', detail: 'no quotes' };
    let state = play(at20, noEvidence);
    for (let round = 0; state.phase === 'holding' && round < 100; round += 1) {
      state = play(state, success(state), noEvidence);
    }
    expect(state).toMatchObject({ phase: 'paused', confirmed: 20, heldMs: plan.patienceMs });
  });

  it('is stuck, not whole, when the revert itself fails', () => {
    const state = play(at20, { type: 'cancel', reason: 'SIGINT' }, { type: 'failed', detail: 'gateway gone' });
    expect(state).toMatchObject({ phase: 'stuck', reason: 'gateway gone', confirmed: undefined });
  });

  it('does not move traffic before the candidate passed its dark check', () => {
    const state = play(
      startPromotion(plan),
      { type: 'prepared' },
      { type: 'checked', verdict: 'fail', detail: 'wrong' },
    );
    expect(state).toMatchObject({ phase: 'reverting', confirmed: 0 });
  });
});

describe('any interleaving of events', () => {
  it('ends whole (0 or 100 percent) or in a promotion that is still reported', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 80 }), fc.integer({ min: 1, max: 100 }), (events, stages) => {
        const state = events.reduce(reduce, startPromotion(rampPlan(60_000, stages, 10_000)));
        if (state.phase === 'done') expect(state.confirmed).toBe(100);
        else if (state.phase === 'reverted') expect(state.confirmed).toBe(0);
        else expect(isOver(state) ? state.phase : 'active').toMatch(/stuck|active/);
      }),
    );
  });

  it('never settles without a passing check at 100 percent right before', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        let state = startPromotion(plan);
        for (const event of events) {
          const before = state;
          state = reduce(state, event);
          if (state.phase !== 'settling' || before.phase === 'settling') continue;
          expect(before).toMatchObject({ phase: 'checking', confirmed: 100 });
          expect(event.type === 'checked' && (event.verdict === 'pass' || event.verdict === 'warn')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing once it is over', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), anyEvent, (events, late) => {
        const state = events.reduce(reduce, startPromotion(plan));
        if (isOver(state)) expect(reduce(state, late)).toEqual(state);
      }),
    );
  });

  it('always comes to an end when every effect succeeds', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const state = events.reduce(reduce, startPromotion(plan));
        const end = toTheEnd(state.phase === 'paused' ? reduce(state, { type: 'resume' }) : state).state;
        expect(['done', 'reverted', 'stuck']).toContain(end.phase);
      }),
    );
  });
});
