import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.ts';

/** A server with some workers that takes 100 ms a request: how many requests a limit settles on. */
async function settle(workers: number, most: number): Promise<{ readonly peak: number; readonly last: number }> {
  let nowMs = 0;
  const limit = new ConcurrencyLimit(most, () => nowMs);
  const queue: (() => void)[] = [];
  let peak = 0;
  let last = 0;
  let done = 0;
  const all = Array.from({ length: 200 }, () =>
    limit.run(async () => {
      peak = Math.max(peak, limit.inFlight);
      last = limit.inFlight;
      await new Promise<void>((resolve) => queue.push(resolve));
      done += 1;
      limit.answered(1_000);
    }),
  );
  while (done < all.length) {
    await new Promise((resolve) => setImmediate(resolve));
    nowMs += 100;
    for (const finish of queue.splice(0, workers)) finish();
  }
  await Promise.all(all);
  return { peak, last };
}

describe('requests in flight', () => {
  it('become as many as the server has workers, and no more than asked', async () => {
    expect((await settle(4, 8)).peak).toBeGreaterThanOrEqual(4);
    expect((await settle(4, 8)).peak).toBeLessThanOrEqual(6);
    expect((await settle(4, 2)).peak).toBe(2);
  });

  it('go back to one when a second one brings nothing', async () => {
    const { peak } = await settle(1, 8);
    expect(peak).toBe(2);
  });

  it('are as many from the beginning as are said to be worth it, and no more than allowed', async () => {
    const begin = async (requests: number, most: number): Promise<number> => {
      const limit = new ConcurrencyLimit(most, () => 0);
      limit.startWith(requests);
      let atOnce = 0;
      const body = async (): Promise<void> => {
        atOnce = Math.max(atOnce, limit.inFlight);
        await new Promise((resolve) => setImmediate(resolve));
      };
      await Promise.all(Array.from({ length: 8 }, () => limit.run(body)));
      return atOnce;
    };
    expect(await begin(3, 4)).toBe(3);
    expect(await begin(3, 2)).toBe(2);
  });

  it('stay as few as the server asked for', () => {
    const limit = new ConcurrencyLimit(4, () => 0);
    limit.startWith(3);
    limit.lower();
    limit.startWith(3);
    expect(limit.limit).toBe(2);
  });

  it('become fewer when the server has too much to do, and never none', async () => {
    const limit = new ConcurrencyLimit(8, () => 0);
    limit.lower();
    limit.lower();
    let most = 0;
    const body = async (): Promise<void> => {
      most = Math.max(most, limit.inFlight);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await Promise.all([limit.run(body), limit.run(body), limit.run(body)]);
    expect(most).toBe(1);
  });

  it('leave room for the next one when one fails', async () => {
    const limit = new ConcurrencyLimit(1, () => 0);
    await expect(limit.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit.run(async () => 'yes')).toBe('yes');
  });
});
