import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Autoscaling } from '../../../release/deployment.ts';
import { type Load, wantedReplicas } from './autoscale.ts';
import { LoadMeter } from './load-meter.ts';

const SETTINGS: Autoscaling = {
  min: 1,
  max: 4,
  concurrency: 8,
  windowMs: 60_000,
  scaleDownDelayMs: 900_000,
  utilization: 70,
};
const QUIET: Load = { average: 0, now: 0, idleMs: 0, belowMs: 0 };

describe('wanted replicas', () => {
  it.each([
    ['stays where the load fits', 1, { average: 5.6, now: 6 }, {}, 1],
    ['goes out when the window’s average is over the utilization', 1, { average: 5.7, now: 6 }, {}, 2],
    ['goes out at once by as many as it takes', 1, { average: 20, now: 20 }, {}, 4],
    ['never goes above the maximum', 2, { average: 500, now: 500 }, {}, 4],
    ['does not go in before the delay', 4, { average: 1, now: 1, belowMs: 899_999 }, {}, 4],
    ['goes in after the delay', 4, { average: 1, now: 1, belowMs: 900_000 }, {}, 1],
    ['goes in to what the load still takes', 4, { average: 10, now: 10, belowMs: 900_000 }, {}, 2],
    ['never goes below the minimum', 3, { idleMs: 1e9, belowMs: 1e9 }, { min: 2 }, 2],
    ['goes to zero when idle for the delay', 1, { idleMs: 900_000, belowMs: 900_000 }, { min: 0 }, 0],
    ['does not go to zero for few requests', 2, { idleMs: 1_000, belowMs: 1e9 }, { min: 0 }, 1],
    ['wakes for one request', 0, { now: 1 }, { min: 0 }, 1],
    ['is not woken by the memory of requests', 0, { average: 3 }, { min: 0 }, 0],
    ['comes up to a raised minimum', 1, {}, { min: 3 }, 3],
    ['comes down to a lowered maximum', 4, { average: 40, now: 40 }, { max: 2 }, 2],
  ])('%s', (_what, wanted, load, settings, expected) => {
    expect(wantedReplicas(wanted, { ...QUIET, ...load }, { ...SETTINGS, ...settings })).toBe(expected);
  });

  it('is always between minimum and maximum, and never zero under load', () => {
    const load = fc.record({
      average: fc.double({ min: 0, max: 1_000, noNaN: true }),
      now: fc.nat(1_000),
      idleMs: fc.nat(2_000_000),
      belowMs: fc.nat(2_000_000),
    });
    fc.assert(
      fc.property(load, fc.nat(10), fc.nat(4), fc.integer({ min: 1, max: 6 }), (given, wanted, min, room) => {
        const settings = { ...SETTINGS, min, max: min + room };
        const next = wantedReplicas(wanted, given, settings);
        expect(next).toBeGreaterThanOrEqual(given.now > 0 ? Math.max(min, 1) : min);
        expect(next).toBeLessThanOrEqual(settings.max);
      }),
    );
  });
});

describe('the average load', () => {
  it('is over the window, and what was before counts as none', () => {
    const meter = new LoadMeter(0);
    meter.enter(0);
    meter.enter(0);
    expect(meter.average(500, 1_000)).toBe(1);
    expect(meter.average(1_000, 1_000)).toBe(2);
    meter.leave(1_000);
    meter.leave(1_000);
    expect(meter.average(1_250, 1_000)).toBe(1.5);
    expect(meter.average(3_000, 1_000)).toBe(0);
  });

  it('does not depend on how often it is looked at', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 });
    fc.assert(
      fc.property(looks, (gaps) => {
        const [often, once] = [new LoadMeter(0), new LoadMeter(0)];
        let now = 0;
        for (const [index, gap] of gaps.entries()) {
          for (const meter of [often, once]) {
            if (index % 3 === 2) meter.leave(now);
            else meter.enter(now);
          }
          now += gap;
          often.average(now, 1e9);
        }
        expect(often.average(now, 1e9)).toBeCloseTo(once.average(now, 1e9), 9);
      }),
    );
  });

  it('knows since when nothing was asked', () => {
    const meter = new LoadMeter(0);
    expect(meter.idleMs(70)).toBe(70);
    meter.enter(100);
    expect(meter.idleMs(150)).toBe(0);
    meter.leave(200);
    expect(meter.idleMs(260)).toBe(60);
    meter.touch(300);
    expect(meter.idleMs(310)).toBe(10);
  });

  it('survives a clock that was set back', () => {
    const meter = new LoadMeter(1_000);
    meter.enter(1_000);
    meter.leave(500);
    meter.enter(600);
    expect(meter.average(1_100, 1_000)).toBeGreaterThanOrEqual(0);
  });
});
