const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** So many digits are a whole number that is exact, and so is the power of ten below it: their quotient is the nearest. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

/**
 * The number that a cell holds where it is a short one as JSON has them: a few digits, perhaps with a fraction.
 * @returns NaN for everything else, which may be a number all the same
 */
export function shortNumber(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  if (first >= end || end - first > MOST_DIGITS + 1) return Number.NaN;
  let whole = 0;
  let point = end;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= ZERO && byte <= NINE) whole = whole * 10 + byte - ZERO;
    else if (byte === POINT && point === end) point = at;
    else return Number.NaN;
  }
  const decimals = point === end ? 0 : end - point - 1;
  const leads = bytes[first] === ZERO && point - first > 1;
  const isBare = point === first || point === end - 1;
  const digits = end - first - (point === end ? 0 : 1);
  if (leads || isBare || digits > MOST_DIGITS) return Number.NaN;
  return (isNegative ? -whole : whole) / (POWERS[decimals] as number);
}
