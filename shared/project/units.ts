/**
 * The one strict reader of the values that people write in inputs and in haute.release.toml. Each function takes text
 * (white space around it does not count) and gives the value, or what is wrong with it: `problem` is a phrase that
 * follows the name of the key or input, `fix` says what to write. Nothing is guessed and nothing is cut off.
 */
export type Parsed<T> = { readonly value: T } | { readonly problem: string; readonly fix: string };

export interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type DurationUnit = keyof typeof MS;
const LONGEST_MS = 366 * MS.d;

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Milliseconds from a whole number and a unit: `500ms`, `90s`, `15m`, `2h`, `1d`; at most 366 days. */
export function parseDuration(text: string): Parsed<number> {
  const fix = 'Write a whole number and a unit, like 500ms, 90s, 15m, 2h or 1d';
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (amount === undefined) return { problem: `is ${shown(text)}, not a duration`, fix };
  const ms = Number(amount) * MS[unit as DurationUnit];
  return ms <= LONGEST_MS
    ? { value: ms }
    : { problem: `is ${shown(text)}, more than 366 days`, fix: 'Write at most 366d' };
}

/** A whole number of milliseconds in the largest unit that holds it exactly: `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  const units = (Object.keys(MS) as DurationUnit[]).reverse();
  const unit = ms === 0 ? 's' : (units.find((each) => ms % MS[each] === 0) ?? 'ms');
  return `${ms / MS[unit]}${unit}`;
}

/** A fraction from `5%` (0.05) or from a fraction as it is, `0.05`. Range in fractions; from 0 to 1 where not given. */
export function parsePercentage(text: string, range: Range = {}): Parsed<number> {
  const fix = 'Write a percentage like 5%, or a fraction like 0.05';
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return { problem: `is ${shown(text)}, not a percentage`, fix };
  if (percent === '%') return checkFraction(Number(digits) / 100, text, range);
  const fraction = Number(digits);
  // 5 almost always means 5 %, and would let a price through that is six times what it was.
  if (fraction > 1)
    return { problem: `is ${shown(text)}, a fraction above 1`, fix: `Write ${digits}% if that is what you mean` };
  return checkFraction(fraction, text, range);
}

function checkFraction(fraction: number, text: string, { min = 0, max = 1 }: Range): Parsed<number> {
  if (fraction >= min && fraction <= max) return { value: fraction };
  return {
    problem: `is ${shown(text)}`,
    fix: `Write a percentage from ${formatPercentage(min)} to ${formatPercentage(max)}`,
  };
}

/** `5%` for 0.05: without the digits that binary fractions leave behind. */
export function formatPercentage(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(12))}%`;
}

/** Bytes from a whole number and a unit: `512B`, `64KiB`, `8MiB`, `1GiB`, or the decimal `kB`, `MB`, `GB`. */
export function parseSize(text: string): Parsed<number> {
  const fix = 'Write a whole number and a unit, like 512B, 64KiB, 8MiB or 1GiB';
  const [, amount, unit] = /^(\d+)([kKMG]?i?B)$/.exec(text.trim()) ?? [];
  const factor = BYTES[unit ?? ''];
  if (amount === undefined || factor === undefined) return { problem: `is ${shown(text)}, not a size`, fix };
  const bytes = Number(amount) * factor;
  return Number.isSafeInteger(bytes) ? { value: bytes } : { problem: `is ${shown(text)}, too large`, fix };
}

/** A whole number in decimal digits, within the range. */
export function parseInteger(text: string, { min, max }: Range = {}): Parsed<number> {
  const fix = `Write a whole number${describeRange({ min, max })}`;
  const number = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) return { problem: `is ${shown(text)}, not a whole number`, fix };
  const within = number >= (min ?? number) && number <= (max ?? number);
  return within ? { value: number + 0 } : { problem: `is ${shown(text)}`, fix };
}

/** ` of at least 1`, ` from 1 to 65535`, or nothing. */
export function describeRange({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

/** `true` or `false`, exactly. */
export function parseBoolean(text: string): Parsed<boolean> {
  const word = text.trim();
  if (word === 'true' || word === 'false') return { value: word === 'true' };
  return { problem: `is ${shown(text)}, neither true nor false`, fix: 'Write true or false' };
}

/** The text in quotes, short enough for a message, control characters escaped. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
