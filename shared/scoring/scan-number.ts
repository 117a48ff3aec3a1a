import { exactQuotient } from './exact-quotient.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const SMALL_E = 0x65;
const LARGE_E = 0x45;
/** Whole numbers of so many digits are exact, and so is what they give divided by an exact power of ten. */
const EXACT_DIGITS = 15;
/** Digits beyond those that two numbers are found for. Calculated premiums have one or two. */
const MORE_DIGITS = 4;
/** The exact ones. */
const POWERS = Array.from({ length: 23 }, (_, index) => Number(`1e${index}`));

/** Reads numbers as JSON writes them, to the same values as `Number`. */
export class NumberScanner {
  /** The number that was read last. */
  value = 0;

  /** @returns where the number ends; -1 where there is none, or one too large for a number */
  read(bytes: Buffer, start: number): number {
    const isNegative = bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let whole = 0;
    for (let digit = bytes[at] as number; digit >= ZERO && digit <= NINE; digit = bytes[++at] as number) {
      whole = whole * 10 + digit - ZERO;
    }
    if (at === first || (bytes[first] === ZERO && at > first + 1)) return -1;
    let digits = at - first;
    let decimals = 0;
    if (bytes[at] === POINT) {
      const point = at;
      at += 1;
      for (let digit = bytes[at] as number; digit >= ZERO && digit <= NINE; digit = bytes[++at] as number) {
        whole = whole * 10 + digit - ZERO;
      }
      decimals = at - point - 1;
      if (decimals === 0) return -1;
      digits += decimals;
    }
    if (bytes[at] === SMALL_E || bytes[at] === LARGE_E)
      return this.#readText(bytes, start, endOfExponent(bytes, at + 1));
    let size: number | undefined = whole / (POWERS[decimals] as number);
    if (digits > EXACT_DIGITS) {
      size = digits <= EXACT_DIGITS + MORE_DIGITS ? longDecimal(bytes, first, digits, decimals) : undefined;
      if (size === undefined) return this.#readText(bytes, start, at);
    }
    this.value = isNegative ? -size : size;
    return at;
  }

  #readText(bytes: Buffer, start: number, end: number): number {
    if (end < 0) return -1;
    this.value = Number(bytes.toString('latin1', start, end));
    return Number.isFinite(this.value) ? end : -1;
  }
}

/** @param first where the digits start, which may have a point among them */
function longDecimal(bytes: Buffer, first: number, digits: number, decimals: number): number | undefined {
  let [large, small, seen] = [0, 0, 0];
  for (let at = first; seen < digits; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit === POINT - ZERO) continue;
    if (seen < EXACT_DIGITS) large = large * 10 + digit;
    else small = small * 10 + digit;
    seen += 1;
  }
  return exactQuotient(large, POWERS[digits - EXACT_DIGITS] as number, small, POWERS[decimals] as number);
}

/** @returns -1 where there is no exponent */
function endOfExponent(bytes: Buffer, start: number): number {
  const first = bytes[start] === PLUS || bytes[start] === MINUS ? start + 1 : start;
  let end = first;
  while ((bytes[end] as number) >= ZERO && (bytes[end] as number) <= NINE) end += 1;
  return end === first ? -1 : end;
}
