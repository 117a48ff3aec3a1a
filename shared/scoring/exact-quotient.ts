/** Splits a number of 53 bits into two of 26 (T. J. Dekker, Numerische Mathematik 18, 1971). */
const SPLITTER = 2 ** 27 + 1;
/** How much further a remainder may be than it was found to be; it is found to within 2^-45 of itself. */
const DOUBT = 1 + 2 ** -30;

/**
 * The number nearest to `(large * power + small) / divisor`, for a decimal of more digits than one number holds.
 * It is found as a sum of two numbers; where that lies so near the middle between two numbers that it cannot tell which
 * is nearer, it does not say.
 * @param large below 10^15
 * @param power power of ten up to 10^4
 * @param small below the power
 * @param divisor power of ten up to 10^22
 * @returns undefined where it cannot tell
 */
export function exactQuotient(large: number, power: number, small: number, divisor: number): number | undefined {
  const product = large * power;
  const rest = productError(large, power, product) + small;
  const first = product / divisor;
  const back = first * divisor;
  const second = (product - back - productError(first, divisor, back) + rest) / divisor;
  const sum = first + second;
  const left = first - sum + second;
  return sum + left * DOUBT === sum ? sum : undefined;
}

/** What the rounded product of two numbers lacks of the exact one. */
function productError(a: number, b: number, product: number): number {
  const aHigh = SPLITTER * a - (SPLITTER * a - a);
  const bHigh = SPLITTER * b - (SPLITTER * b - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
