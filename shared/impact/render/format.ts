import { decimalsApart, grouped } from '../numbers/digits.ts';
import type { ImpactJson } from '../report/impact-json.ts';

/** A dash, for what cannot be said. */
const NONE = '–';

/** `1,234,567`. */
export function count(value: number): string {
  return grouped(value);
}

/** `1 quote`, `1,234 quotes`. @param one the word for one, to which an s is added for any other number */
export function counted(value: number, one: string): string {
  return `${count(value)} ${one}${value === 1 ? '' : 's'}`;
}

/** A change: `+3.42%`, `-0.05%`, `0%`, with two decimals; one too small for them keeps its first digit. */
export function changePct(value: number | null, apartFrom?: readonly number[]): string {
  if (value === null) return NONE;
  return value > 0 ? `+${pct(value, apartFrom)}` : pct(value, apartFrom);
}

/** A share: `3.40%`, `12.50%`. @param apartFrom what it must not look like when it is not, as almost all is not all */
export function pct(value: number | null, apartFrom: readonly number[] = [100]): string {
  if (value === null) return NONE;
  const size = Math.abs(value);
  if (size === 0) return '0%';
  if (size < 0.005) return `${Number(value.toPrecision(1))}%`;
  return `${grouped(value.toFixed(size >= 1000 ? 0 : decimalsApart(size, apartFrom)))}%`;
}

/** A limit as the policy has it: `5%`, `0.5%`, `99.5%`. */
export function limitPct(value: number | null): string {
  return value === null ? NONE : `${value}%`;
}

/** An amount without a currency, which nobody told us: `1,234.56`, from a hundred thousand on without decimals. */
export function money(value: number | null): string {
  if (value === null) return NONE;
  const size = Math.abs(value);
  if (size > 0 && size < 0.005) return String(Number(value.toPrecision(2)));
  const text = value.toFixed(size >= 100_000 ? 0 : 2);
  return grouped(Number(text) === 0 ? text.replace('-', '') : text);
}

/** An amount with its sign: `+1,234.56`. */
export function moneyChange(value: number | null): string {
  return value !== null && value > 0 ? `+${money(value)}` : money(value);
}

/** `between +1.20% and +3.40%`; empty where every row was scored. @param show how to write a bound */
export function between(
  interval: readonly [number, number] | null,
  show: (value: number) => string = changePct,
): string {
  return interval === null ? '' : `between ${show(interval[0])} and ${show(interval[1])}`;
}

type Condition = ImpactJson['segments'][number]['conditions'][number];

/** The values of a condition: `= London`, `at most 24`, `12,000 to 18,400`, `is empty`. */
export function conditionText({ low, high, open_low: openLow, open_high: openHigh }: Condition): string {
  if (openLow && openHigh) return 'any';
  if (openLow) return `≤ ${plainValue(high)}`;
  if (openHigh) return `≥ ${plainValue(low)}`;
  if (low === null) return 'is empty';
  return low === high ? `= ${plainValue(low)}` : `${plainValue(low)} to ${plainValue(high)}`;
}

/** The range of a band: `-10% to -5%`, `25% or more`. */
export function bandText({ kind, from_pct: from, to_pct: to }: ImpactJson['bands'][number]): string {
  if (kind === 'zero-baseline') return 'from zero';
  if (kind === 'unchanged') return 'unchanged';
  if (from === null) return `${to}% or less`;
  if (to === null) return `+${from}% or more`;
  return `${signed(from)}% to ${signed(to)}%`;
}

function plainValue(value: string | number | null): string {
  return value === null ? 'empty' : String(value);
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}
