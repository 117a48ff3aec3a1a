import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { Interrupted } from '../../errors.ts';
import { LOOKS, Pauses } from './pace.ts';

const NEVER = new AbortController().signal;

async function pausesOf(count: number, random: () => number): Promise<readonly number[]> {
  const clock = new FakeClock();
  const seen: number[] = [];
  clock.onSleep = (_, ms) => seen.push(ms);
  const pauses = new Pauses({ clock, random }, LOOKS);
  for (let each = 0; each < count; each += 1) await pauses.pass(NEVER);
  return seen;
}

describe('the pauses of a wait', () => {
  it('are short at first, and ten seconds in the long run', async () => {
    expect(await pausesOf(7, () => 0)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('are longer by up to a quarter, so that runners drift apart', async () => {
    expect(await pausesOf(5, () => 1 - Number.EPSILON)).toEqual([1_250, 2_500, 5_000, 10_000, 12_500]);
  });

  it('look no oftener in ten minutes than every ten seconds', async () => {
    const clock = new FakeClock(0);
    const pauses = new Pauses({ clock, random: () => 0.5 }, LOOKS);
    let looks = 0;
    for (; clock.now() < 600_000; looks += 1) await pauses.pass(NEVER);
    expect(looks).toBeLessThanOrEqual(60);
  });

  it('begin anew with every wait, and end with the signal', async () => {
    expect(await pausesOf(1, () => 0)).toEqual([1_000]);
    const pauses = new Pauses({ clock: new FakeClock(), random: () => 0 }, LOOKS);
    await expect(pauses.pass(AbortSignal.abort())).rejects.toBeInstanceOf(Interrupted);
  });
});
