import { describe, expect, it } from 'vitest';
import { Setbacks } from './setbacks.ts';

/** How long after this the next start has to wait, in milliseconds. */
function wait(setbacks: Setbacks, now: number): number {
  for (let ms = 0; ms <= 60_000; ms += 100) if (setbacks.mayStart(now + ms)) return ms;
  return Number.POSITIVE_INFINITY;
}

describe('setbacks', () => {
  it('have the next start wait ever longer when starts fail', () => {
    const setbacks = new Setbacks();
    const waits = Array.from({ length: 9 }, (_, index) => {
      setbacks.startFailed(index * 100_000);
      return wait(setbacks, index * 100_000);
    });
    expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('are hopeless after three failed starts in a row, and not when one came up in between', () => {
    const setbacks = new Setbacks();
    for (let time = 0; time < 2; time += 1) setbacks.startFailed(0);
    setbacks.cameUp();
    setbacks.startFailed(0);
    expect(setbacks.isHopeless).toBe(false);
    for (let time = 0; time < 2; time += 1) setbacks.startFailed(0);
    expect(setbacks.isHopeless).toBe(true);
  });

  it('let servers that had been up be replaced at once, a few times in a row', () => {
    const setbacks = new Setbacks();
    const waits = Array.from({ length: 8 }, () => {
      setbacks.crashed(0);
      return wait(setbacks, 0);
    });
    expect(waits).toEqual([0, 0, 0, 500, 1_000, 2_000, 4_000, 5_000]);
    expect(setbacks.isHopeless).toBe(false);
    setbacks.crashed(60_000);
    expect(wait(setbacks, 60_000)).toBe(0);
  });

  it('are forgotten after a while without a crash, or on request', () => {
    const setbacks = new Setbacks();
    setbacks.crashed(0);
    expect([setbacks.areRecent(9_999), setbacks.areRecent(10_000)]).toEqual([true, false]);
    setbacks.startFailed(0);
    setbacks.forget();
    expect([setbacks.areRecent(0), setbacks.mayStart(0)]).toEqual([false, true]);
  });
});
