import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { GateFailure } from '../../errors.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { startPromotion } from '../../release/promotion/state.ts';
import type { Verdict } from '../../release/verdict.ts';
import { type PromotionWorld, runPromotion } from './runner.ts';

type Call = keyof PromotionWorld;

/** A world that keeps the traffic as a platform would, and does what a test tells it to. */
class World implements PromotionWorld {
  traffic = 0;
  settled = false;
  readonly calls: string[] = [];
  /** Called before each effect; may throw or abort. */
  before: (call: Call, nth: number) => void = () => undefined;
  verdict: (call: 'verify' | 'check', nth: number) => Verdict = () => 'pass';
  readonly #counts = new Map<Call, number>();

  async prepare(): Promise<void> {
    this.#enter('prepare');
  }
  async verify(): Promise<{ verdict: Verdict; detail: string }> {
    return { verdict: this.verdict('verify', this.#enter('verify')), detail: 'looked' };
  }
  async shift(percent: number): Promise<void> {
    this.#enter('shift', percent);
    this.traffic = percent;
  }
  async check(percent: number): Promise<{ verdict: Verdict; detail: string }> {
    return { verdict: this.verdict('check', this.#enter('check', percent)), detail: 'looked' };
  }
  async settle(): Promise<void> {
    this.#enter('settle');
    this.settled = true;
  }
  async revert(): Promise<void> {
    this.#enter('revert');
    this.traffic = 0;
  }

  #enter(call: Call, percent?: number): number {
    const nth = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, nth);
    this.calls.push(percent === undefined ? call : `${call} ${percent}`);
    this.before(call, nth);
    return nth;
  }
}

async function run(
  world: World,
  {
    ramp = 600_000,
    stages = 10,
    patience = 60_000,
    clock = new FakeClock(),
    signal = new AbortController().signal,
  } = {},
) {
  const events: string[] = [];
  const end = await runPromotion(startPromotion(rampPlan(ramp, stages, patience)), world, {
    clock,
    signal,
    onEvent: (event) => events.push(event.type),
  });
  return { ...end, events, clock };
}

describe('running a promotion', () => {
  it('spends the window on its stages and settles', async () => {
    const world = new World();
    const clock = new FakeClock(0);
    const { state } = await run(world, { clock });
    expect(state.phase).toBe('done');
    expect(world).toMatchObject({ traffic: 100, settled: true });
    expect(clock.now()).toBe(600_000);
    expect(world.calls.slice(0, 5)).toEqual(['prepare', 'verify', 'shift 10', 'check 10', 'shift 20']);
  });

  it('counts the time of its checks into the window', async () => {
    const world = new World();
    const clock = new FakeClock(0);
    world.before = (call) => {
      if (call === 'check') clock.pass(20_000);
    };
    await run(world, { clock });
    expect(clock.now()).toBe(600_000 + 20_000);
  });

  it('gives traffic back when a stage fails its check, and says nothing was thrown', async () => {
    const world = new World();
    world.verdict = (call, nth) => (call === 'check' && nth === 3 ? 'fail' : 'pass');
    const { state, cause } = await run(world);
    expect(state).toMatchObject({ phase: 'reverted', reason: 'looked' });
    expect(cause).toBeUndefined();
    expect(world).toMatchObject({ traffic: 0, settled: false });
  });

  it('hands back what was thrown first', async () => {
    const world = new World();
    const first = new GateFailure({ code: 'PROMOTION-ACTIVE', what: 'held', fix: 'wait' });
    world.before = (call) => {
      if (call === 'prepare') throw first;
    };
    expect(await run(world)).toMatchObject({ state: { phase: 'reverted' }, cause: first });
  });

  it('is stuck when reverting fails too', async () => {
    const world = new World();
    world.before = (call) => {
      if (call === 'check' || call === 'revert') throw new Error(`${call} failed`);
    };
    expect((await run(world)).state).toMatchObject({ phase: 'stuck', reason: 'revert failed' });
  });

  it('pauses where there is nothing to judge by, after being patient', async () => {
    const world = new World();
    world.verdict = (call) => (call === 'check' ? 'inconclusive' : 'pass');
    const clock = new FakeClock(0);
    const { state } = await run(world, { patience: 60_000, clock });
    expect(state.phase).toBe('paused');
    expect(world.traffic).toBe(10);
    expect(clock.now()).toBe(60_000 + 60_000);
  });

  it('reverts when cancelled in the middle of a soak', async () => {
    const world = new World();
    const controller = new AbortController();
    const clock = new FakeClock(0);
    let sleeps = 0;
    clock.onSleep = () => {
      sleeps += 1;
      if (sleeps === 4) controller.abort(new Error('SIGTERM'));
    };
    const { state } = await run(world, { clock, signal: controller.signal });
    expect(state).toMatchObject({ phase: 'reverted', reason: 'cancelled (SIGTERM)' });
    expect(world.traffic).toBe(0);
  });

  it('whenever it is cancelled and whatever fails, traffic is whole, or it is reported', async () => {
    const effects = ['prepare', 'verify', 'shift', 'check', 'settle', 'revert'] as const;
    const at = fc.record({ call: fc.constantFrom(...effects), nth: fc.integer({ min: 1, max: 11 }) });
    await fc.assert(
      fc.asyncProperty(fc.option(at), fc.option(at), fc.integer({ min: 1, max: 12 }), async (cancel, fault, stages) => {
        const world = new World();
        const controller = new AbortController();
        world.before = (call, nth) => {
          if (cancel && call === cancel.call && nth === cancel.nth) controller.abort(new Error('SIGINT'));
          if (fault && call === fault.call && nth === fault.nth) throw new Error('broken');
        };
        const { state } = await run(world, { stages, signal: controller.signal });
        if (state.phase === 'done') expect(world).toMatchObject({ traffic: 100, settled: true });
        else if (state.phase === 'reverted') expect(world).toMatchObject({ traffic: 0, settled: false });
        else expect(state.phase).toBe('stuck');
        if (!fault) expect(state.phase).not.toBe('stuck');
      }),
      { numRuns: 300 },
    );
  });
});
