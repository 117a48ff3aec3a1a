import { nearest } from '../nearest.ts';
import { describeRange, type Parsed, parseDuration, parsePercentage, type Range } from '../units.ts';
import type { ValueReader } from './table-reader.ts';

/** One line of text without control characters, not empty unless that is allowed. */
export function text(options: { readonly mayBeEmpty?: boolean } = {}): ValueReader<string> {
  return (value) => {
    if (typeof value !== 'string') return wrongType(value, 'text in quotes');
    if (value.trim() === '' && !(options.mayBeEmpty && value === ''))
      return { problem: 'is empty', fix: 'Fill it in, or remove the line' };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
      return { problem: 'holds a line break or another control character', fix: 'Write it on one line' };
    if (value !== value.trim())
      return { problem: 'begins or ends with white space', fix: `Write ${JSON.stringify(value.trim())}` };
    return { value };
  };
}

/** Text that a check finds nothing wrong with. */
export function checkedText(
  check: (text: string) => Parsed<string>,
  options: { readonly mayBeEmpty?: boolean } = {},
): ValueReader<string> {
  return (value) => {
    const parsed = text(options)(value, undefined);
    return 'value' in parsed && parsed.value !== '' ? check(parsed.value) : parsed;
  };
}

/** One of these words. */
export function choice<const T extends string>(...words: readonly T[]): ValueReader<T> {
  return (value) => {
    if (typeof value !== 'string') return wrongType(value, `one of ${words.join(', ')}, in quotes`);
    const found = words.find((word) => word === value);
    if (found !== undefined) return { value: found };
    const meant = nearest(value, words);
    return {
      problem: `is ${JSON.stringify(value)}`,
      fix: meant === undefined ? `Write one of ${words.join(', ')}` : `Did you mean '${meant}'?`,
    };
  };
}

export const boolean: ValueReader<boolean> = (value) =>
  typeof value === 'boolean' ? { value } : wrongType(value, 'true or false, without quotes');

/**
 * A whole number, written as one: 8080.0 is a fraction to other readers of the file. The digits are compared with the
 * value, since the parser folds what is beyond 64 bits into them.
 */
export function integer(range: Range): ValueReader<number> {
  return (value, bare) => {
    const number = typeof value === 'number' ? value : Number.NaN;
    const digits = bare?.replaceAll('_', '') ?? '';
    const same = !/^[+-]?\d+$/.test(digits) || Number(digits) === number;
    const whole = Number.isSafeInteger(number) && same && !/^[^x]*[.e]/i.test(digits);
    const { min = number, max = number } = range;
    if (whole && number >= min && number <= max) return { value: number };
    return {
      problem: `is ${bare ?? describe(value)}`,
      fix: `Write a whole number${describeRange(range)}, without quotes`,
    };
  };
}

/** A duration in quotes, in milliseconds. */
export function duration(range: Range = {}): ValueReader<number> {
  return (value) => {
    if (typeof value !== 'string') return wrongType(value, 'a duration in quotes, like "90s" or "15m"');
    const parsed = parseDuration(value);
    if ('value' in parsed && parsed.value < (range.min ?? 0))
      return { problem: `is ${JSON.stringify(value)}`, fix: `Write at least ${range.min}ms` };
    return parsed;
  };
}

/** A percentage in quotes, or a fraction from 0 to 1 as a number; a fraction. */
export function percentage(range: Range = {}): ValueReader<number> {
  return (value, bare) => {
    if (typeof value === 'string') return parsePercentage(value, range);
    if (typeof value !== 'number') return wrongType(value, 'a percentage in quotes, like "5%"');
    if (value >= (range.min ?? 0) && value <= Math.min(range.max ?? 1, 1)) return { value };
    const written = bare ?? String(value);
    const fix = value > 1 ? `Write "${written}%" if that is what you mean` : 'Write a percentage in quotes, like "5%"';
    return { problem: `is ${written}, not a fraction from 0 to 1`, fix };
  };
}

/** A list of different texts. */
export function textList<T extends string>(
  item: ValueReader<T>,
  options: { readonly mayBeEmpty?: boolean } = {},
): ValueReader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return wrongType(value, 'a list of texts in [ ]');
    if (value.length === 0 && !options.mayBeEmpty) {
      return { problem: 'is an empty list', fix: 'Fill it in, or remove the line' };
    }
    const items: T[] = [];
    for (const [i, element] of value.entries()) {
      const parsed = item(element, undefined);
      if ('problem' in parsed) return { ...parsed, problem: `${parsed.problem} (number ${i + 1} of the list)` };
      if (items.includes(parsed.value)) {
        return { problem: `names ${JSON.stringify(parsed.value)} twice`, fix: 'Remove one of them' };
      }
      items.push(parsed.value);
    }
    return { value: items };
  };
}

function wrongType(value: unknown, wanted: string): { problem: string; fix: string } {
  return { problem: `is ${describe(value)}`, fix: `Write ${wanted}` };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return typeof value === 'object' ? 'a table' : String(value);
}
