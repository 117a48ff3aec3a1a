import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Interrupted } from '../errors.ts';
import { MAX_TIMER_MS, SystemClock } from './system-clock.ts';

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('sleeps longer than the longest timer', async () => {
    let awake = false;
    const slept = new SystemClock().sleep(MAX_TIMER_MS * 2 + 5, new AbortController().signal).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(MAX_TIMER_MS * 2 + 4);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
    expect(awake).toBe(true);
  });

  it('is woken by the signal, at once and for good', async () => {
    const stop = new AbortController();
    const slept = new SystemClock().sleep(60_000, stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    const woken = expect(slept).rejects.toThrow(Interrupted);
    stop.abort();
    await woken;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not fall asleep when the signal has fired already', async () => {
    await expect(new SystemClock().sleep(60_000, AbortSignal.abort())).rejects.toThrow(Interrupted);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not stay asleep for no time at all', async () => {
    const slept = new SystemClock().sleep(-1, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1);
    await expect(slept).resolves.toBeUndefined();
  });
});
