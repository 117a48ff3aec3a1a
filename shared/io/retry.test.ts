import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { parseRetryAfter, type RetryPlan, type RetryTools, retry } from './retry.ts';

const PLAN: RetryPlan = { attempts: 4, baseMs: 100, capMs: 1_000 };

class Waits implements Clock {
  readonly ms: number[] = [];
  now(): number {
    return 0;
  }
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Interrupted();
    this.ms.push(ms);
  }
}

function tools(clock: Clock, over: Partial<RetryTools> = {}): RetryTools {
  return { clock, random: () => 0.5, signal: new AbortController().signal, ...over };
}

function failure(retryable = true, retryAfterMs?: number): ProviderError {
  const detail = retryAfterMs === undefined ? { retryable } : { retryable, retryAfterMs };
  return new ProviderError({ code: 'HTTP-503', what: 'busy', fix: 'Wait' }, detail);
}

/** Fails with each error in turn, then answers. */
function failing(...errors: readonly unknown[]): (attempt: number) => Promise<string> {
  return async (attempt) => {
    if (attempt <= errors.length) throw errors[attempt - 1];
    return `attempt ${attempt}`;
  };
}

describe('retry', () => {
  it('does not wait when the first call succeeds', async () => {
    const clock = new Waits();
    expect(await retry(PLAN, tools(clock), failing())).toBe('attempt 1');
    expect(clock.ms).toEqual([]);
  });

  it('doubles the upper bound of its waits, up to the cap', async () => {
    const clock = new Waits();
    const plan = { attempts: 7, baseMs: 100, capMs: 1_000 };
    await expect(retry(plan, tools(clock), failing(...Array(9).fill(failure())))).rejects.toThrow('busy');
    expect(clock.ms).toEqual([50, 100, 200, 400, 500, 500]);
  });

  it('waits as long as the provider asks', async () => {
    const clock = new Waits();
    expect(await retry(PLAN, tools(clock), failing(failure(true, 700), failure(true, 0)))).toBe('attempt 3');
    expect(clock.ms).toEqual([700, 0]);
  });

  it.each<[string, unknown]>([
    ['a provider that wants a longer wait than the cap', failure(true, 1_001)],
    ['a provider error that will not go away', failure(false)],
    ['a bug', new TypeError('x is not a function')],
    ['an interruption', new Interrupted()],
  ])('does not call again after %s', async (_, error) => {
    const clock = new Waits();
    await expect(retry(PLAN, tools(clock), failing(error))).rejects.toBe(error);
    expect(clock.ms).toEqual([]);
  });

  it('gives the last error when no attempt is left', async () => {
    const last = failure();
    await expect(retry(PLAN, tools(new Waits()), failing(failure(), failure(), failure(), last))).rejects.toBe(last);
  });

  it('does not call when it is cancelled already', async () => {
    const signal = AbortSignal.abort();
    await expect(retry(PLAN, tools(new Waits(), { signal }), failing())).rejects.toThrow(Interrupted);
  });

  it('does not call again when it is cancelled while waiting', async () => {
    const stop = new AbortController();
    let calls = 0;
    const call = async () => {
      calls++;
      throw failure();
    };
    await expect(
      retry(PLAN, tools(new Waits(), { signal: stop.signal, onRetry: () => stop.abort() }), call),
    ).rejects.toThrow(Interrupted);
    expect(calls).toBe(1);
  });

  it('tells about each wait', async () => {
    const told: number[][] = [];
    const onRetry: RetryTools['onRetry'] = (_, waitMs, attempt) => told.push([attempt, waitMs]);
    await retry(PLAN, tools(new Waits(), { onRetry }), failing(failure(), failure()));
    expect(told).toEqual([
      [1, 50],
      [2, 100],
    ]);
  });

  it('never waits longer than the cap, nor calls more often than planned', async () => {
    const plans = fc.record({
      attempts: fc.integer({ min: 1, max: 20 }),
      baseMs: fc.nat(10_000),
      capMs: fc.nat(60_000),
    });
    await fc.assert(
      fc.asyncProperty(plans, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (plan, random) => {
        const clock = new Waits();
        await retry(plan, tools(clock, { random: () => random }), failing(...Array(30).fill(failure()))).catch(
          () => {},
        );
        expect(clock.ms).toHaveLength(plan.attempts - 1);
        for (const ms of clock.ms) expect(ms).toBeLessThanOrEqual(plan.capMs);
      }),
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each<[string | null | undefined, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %s ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});
