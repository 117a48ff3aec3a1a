import type { Limits } from '../../release/policy.ts';
import type { Gate } from './gate.ts';

/** Bounds of a figure for the whole book, in percent, low to high. */
export type Interval = readonly [number, number];

/**
 * What is known of a figure of the whole book: the figure itself, where every row was scored; bounds for it from a sample;
 * nothing, where the sample is too small for bounds.
 */
export type Known = 'exact' | Interval | 'nothing';

export type Judgement = Pick<Gate, 'verdict' | 'value' | 'limit' | 'warn' | 'fail' | 'interval'>;

/**
 * Judges the size of a figure. A limit is broken by what is over it, not by what equals it. Where only a sample was
 * scored, the figure of the whole book may be anywhere in the interval: it passes a limit only if the whole interval
 * does, and it breaks one when the sample's own figure does; in between there is no verdict, and more rows are needed
 * (the idea of an equivalence test: what is not shown to be within the limits is not within them).
 * @param value in percent, of either sign; undefined where there is none
 * @param limits as fractions
 * @see D. J. Schuirmann, A comparison of the two one-sided tests procedure…, J. Pharmacokin. Biopharm. 15 (1987)
 */
export function judgeLimits(value: number | undefined, limits: Limits, known: Known = 'exact'): Judgement {
  const warn = limits.warn === undefined ? undefined : fractionAsPct(limits.warn);
  const fail = limits.fail === undefined ? undefined : fractionAsPct(limits.fail);
  const base = { value, warn, fail, interval: typeof known === 'string' ? undefined : known };
  if (warn === undefined && fail === undefined) return { ...base, verdict: 'pass', limit: undefined };
  if (value === undefined) return { ...base, verdict: 'inconclusive', limit: fail ?? warn };
  const size = Math.abs(value);
  const reach = reachOf(size, known);
  if (fail !== undefined && size > fail) return { ...base, verdict: 'fail', limit: fail };
  if (fail !== undefined && reach > fail) return { ...base, verdict: 'inconclusive', limit: fail };
  if (warn !== undefined && reach > warn) return { ...base, verdict: 'warn', limit: warn };
  return { ...base, verdict: 'pass', limit: warn ?? fail };
}

/** How large the figure of the whole book may be. */
function reachOf(size: number, known: Known): number {
  if (known === 'exact') return size;
  return known === 'nothing' ? Number.POSITIVE_INFINITY : Math.max(Math.abs(known[0]), Math.abs(known[1]));
}

/** 0.07 is 7, not 7.000000000000001: decimals of a policy must not grow digits by being multiplied. */
export function fractionAsPct(fraction: number): number {
  return Number((fraction * 100).toPrecision(12));
}
