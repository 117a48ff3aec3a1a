import type { Limits } from '../../release/policy.ts';
import type { Gate } from './gate.ts';

/** Bounds of a figure for the whole book, in percent, low to high. */
export type Interval = readonly [number, number];

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
export function judgeLimits(value: number | undefined, limits: Limits, interval?: Interval): Judgement {
  const warn = limits.warn === undefined ? undefined : fractionAsPct(limits.warn);
  const fail = limits.fail === undefined ? undefined : fractionAsPct(limits.fail);
  const base = { value, warn, fail, interval };
  if (warn === undefined && fail === undefined) return { ...base, verdict: 'pass', limit: undefined };
  if (value === undefined) return { ...base, verdict: 'inconclusive', limit: fail ?? warn };
  const size = Math.abs(value);
  const reach = interval === undefined ? size : Math.max(Math.abs(interval[0]), Math.abs(interval[1]));
  if (fail !== undefined && size > fail) return { ...base, verdict: 'fail', limit: fail };
  if (fail !== undefined && reach > fail) return { ...base, verdict: 'inconclusive', limit: fail };
  if (warn !== undefined && reach > warn) return { ...base, verdict: 'warn', limit: warn };
  return { ...base, verdict: 'pass', limit: warn ?? fail };
}

/** 0.07 is 7, not 7.000000000000001: decimals of a policy must not grow digits by being multiplied. */
export function fractionAsPct(fraction: number): number {
  return Number((fraction * 100).toPrecision(12));
}
