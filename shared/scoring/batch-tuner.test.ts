import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchTuner } from './batch-tuner.ts';

/** Lets a tuner send batches to a server that takes a fixed time and a time for each row. */
function run(tuner: BatchTuner, fixedMs: number, rowMs: number, batches = 20): number {
  for (let i = 0; i < batches; i++) tuner.took(tuner.size, fixedMs + rowMs * tuner.size);
  return tuner.size;
}

function tuner(over: Partial<ConstructorParameters<typeof BatchTuner>[0]> = {}): BatchTuner {
  return new BatchTuner({ start: 500, timeoutMs: 120_000, maxBodyBytes: 1e9, ...over });
}

describe('the size of a batch', () => {
  it.each([
    ['a thin server', 1, 0.01, 2_000, 8_000],
    ['a server with a fixed cost', 1_050, 0.012, 256_000, 2_100_000],
    ['a server that has no fixed cost at all', 0, 1, 500, 500],
  ])('grows while that makes a row cheaper: %s', (_, fixedMs, rowMs, least, most) => {
    const size = run(tuner(), fixedMs, rowMs);
    expect(size).toBeGreaterThanOrEqual(least);
    expect(size).toBeLessThanOrEqual(most);
  });

  it.each([
    ['a quick server', 2, 0.01, 2_500],
    ['a server that is quick with large batches only', 100, 0.01, 10_000],
    ['a server with a fixed cost of a second', 1_050, 0.012, 640_000],
  ])('starts large where that is likely to be best, and comes down for %s', (_, fixedMs, rowMs, expected) => {
    const size = run(tuner({ start: 10_000 }), fixedMs, rowMs);
    expect(size).toBeGreaterThanOrEqual(expected);
    expect(size).toBeLessThan(expected * 3);
  });

  it('tries the smaller one again before it keeps the large one', () => {
    const busy = tuner({ start: 10_000 });
    for (const ms of [100, 80, 25]) busy.took(busy.size, ms);
    expect([busy.size, busy.settled]).toEqual([2_500, true]);
    const slow = tuner({ start: 10_000 });
    for (const ms of [100, 80, 80, 80]) slow.took(slow.size, ms);
    expect([slow.size, slow.settled]).toEqual([10_000, true]);
  });

  it('needs few batches to get there, as each costs a second', () => {
    const container = tuner({ start: 10_000, timeoutMs: 180_000, maxBodyBytes: 8_388_608 });
    container.rowsAreAbout(100);
    run(container, 1_050, 0.012, 1);
    expect(container.size).toBe(75_497);
  });

  it('stays below the body limit', () => {
    const limited = tuner({ maxBodyBytes: 8_388_608 });
    limited.rowsAreAbout(300);
    expect(run(limited, 1_050, 0.012)).toBe(25_165);
    expect(limited.settled).toBe(true);
  });

  it.each([
    ['a busy server', 1_000, [false, false, true]],
    ['a quick one', 10, [false, true, true]],
  ])(
    'is settled after one more batch alone with %s, so that a small portfolio goes one by one',
    (_, fixedMs, settled) => {
      const limited = tuner({ start: 2_000, maxBodyBytes: 8_388_608 });
      limited.rowsAreAbout(3_000);
      const seen = settled.map(() => {
        limited.took(limited.size, fixedMs + limited.size / 14);
        return limited.settled;
      });
      expect(seen).toEqual(settled);
    },
  );

  it('tells whether the server is quick once the size is found', () => {
    const quick = tuner({ start: 25_000 });
    expect(quick.quick).toBe(false);
    run(quick, 2, 0.01);
    expect(quick.quick).toBe(true);
    const slow = tuner();
    run(slow, 1_050, 0.012);
    expect(slow.quick).toBe(false);
  });

  it('is one row when a row is larger than the limit', () => {
    const limited = tuner({ maxBodyBytes: 10 });
    limited.rowsAreAbout(300);
    expect(limited.size).toBe(1);
  });

  it('stops growing when a request comes near its time limit', () => {
    expect(run(tuner({ timeoutMs: 8_000 }), 1_000, 1)).toBeLessThanOrEqual(2_000);
  });

  it('is at most half of what was too many, and does not grow again', () => {
    const refused = tuner();
    run(refused, 1_050, 0, 1);
    refused.tooMany(4_000);
    expect(refused.size).toBe(2_000);
    expect(run(refused, 1_050, 0)).toBe(2_000);
  });

  it('learns nothing from the small batch at the end', () => {
    const small = tuner();
    small.took(3, 1_000);
    expect([small.size, small.settled]).toEqual([500, false]);
  });

  it('is always at least one and never above half of what was too many', () => {
    const events = fc.array(
      fc.oneof(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 50_000 }).map((n) => -n),
      ),
    );
    fc.assert(
      fc.property(events, (all) => {
        const any = tuner();
        let most = Number.POSITIVE_INFINITY;
        for (const event of all) {
          if (event >= 0) any.took(any.size, event);
          else {
            any.tooMany(-event);
            most = Math.min(most, Math.max(1, Math.floor(-event / 2)));
          }
          expect(any.size).toBeGreaterThanOrEqual(1);
          expect(any.size).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
