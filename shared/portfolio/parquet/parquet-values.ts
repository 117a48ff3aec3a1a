import type { ParquetParsers, SchemaTree } from 'hyparquet';
import type { Json } from '../../release/json.ts';
import { portfolioError, tooLargeInteger } from '../portfolio-errors.ts';

/** A text may begin with what would be the mark of a file. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Texts to their first letter; dates and timestamps as ISO 8601 text, to the last digit that the file has: a `Date` would
 * cut microseconds off.
 */
export const PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: (bytes) => bytes && UTF8.decode(bytes),
  dateFromDays: (days) => (isMissing(days) ? null : isoDate(days)),
  timestampFromMilliseconds: (millis) => timestamp(millis, 3),
  timestampFromMicroseconds: (micros) => timestamp(micros, 6),
  timestampFromNanoseconds: (nanos) => timestamp(nanos, 9),
};

type Convert = (value: unknown) => Json;

const DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;
const SECONDS_A_DAY = 86_400n;

/**
 * The values of a column as a client would send them in JSON. Missing values, and NaN, which is what pandas writes for
 * them, are null; decimals are numbers with exactly their digits; timestamps of a time zone end with Z.
 * @throws ConfigError PORTFOLIO-INTEGER, PORTFOLIO-VALUE for what JSON cannot carry
 */
export function columnToJson(values: ArrayLike<unknown>, column: SchemaTree, file: string): readonly Json[] {
  const convert = converterOf(column, (value) => toJson(value, column.element.name, file));
  const json: Json[] = new Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    json[index] = isMissing(value) ? null : convert(value);
  }
  return json;
}

function converterOf({ element }: SchemaTree, plain: Convert): Convert {
  const { converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL') return (value) => decimal(Number(value), element.scale ?? 0);
  if (logical?.type === 'TIME') return (value) => clock(BigInt(value as number | bigint), DIGITS[logical.unit]);
  if (converted === 'TIME_MILLIS') return (value) => clock(BigInt(value as number), 3);
  if (converted === 'TIME_MICROS') return (value) => clock(BigInt(value as bigint), 6);
  const utc = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : converted?.startsWith('TIMESTAMP_');
  return utc === true ? (value) => `${String(value)}Z` : plain;
}

function toJson(value: unknown, column: string, file: string): Json {
  if (isMissing(value)) return null;
  if (typeof value === 'number') return finite(value, column, file);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return integer(value, column, file);
  if (Array.isArray(value)) return value.map((inner) => toJson(inner, column, file));
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const members = Object.entries(value as object);
    return Object.fromEntries(members.map(([key, inner]) => [key, toJson(inner, `${column}.${key}`, file)]));
  }
  const what = `column ${column} holds binary data, which JSON cannot carry`;
  throw portfolioError('PORTFOLIO-VALUE', what, 'Leave the column out of the portfolio', { file });
}

function finite(value: number, column: string, file: string): Json {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return null;
  const what = `column ${column} holds an infinite number, which JSON cannot carry`;
  throw portfolioError('PORTFOLIO-VALUE', what, 'Replace it by a number or by nothing', { file });
}

function integer(value: bigint, column: string, file: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw tooLargeInteger(file, column, String(value));
}

/** The decoder multiplies by a power of ten, which makes 0.35000000000000003 of 0.35. */
function decimal(value: number, scale: number): number {
  return Number(value.toFixed(Math.min(scale, 100)));
}

function timestamp(ticks: bigint, digits: number): string | null {
  if (isMissing(ticks)) return null;
  const perDay = SECONDS_A_DAY * 10n ** BigInt(digits);
  const day = floorDivide(ticks, perDay);
  return `${isoDate(Number(day))}T${clock(ticks - day * perDay, digits)}`;
}

/** `13:05:00`, with the fraction where there is one. */
function clock(ticks: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(ticks / perSecond);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const fraction = ticks % perSecond;
  const text = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(digits, '0')}`;
}

function isoDate(day: number): string {
  return new Date(day * 86_400_000).toISOString().replace(/T.*$/, '');
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
