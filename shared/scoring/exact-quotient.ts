/** Splits a number of 53 bits into two of 26 (T. J. Dekker, Numerische Mathematik 18, 1971). */
const SPLITTER = 2 ** 27 + 1;
/** How much further from the sum the exact quotient may be than it was found to be. */
const DOUBT = 1 + 2 ** -30;
/**
 * From here on `small` is less than 2^-35 of the whole. Then so is, about, the second number of the sum, which is rounded
 * twice: it is wrong by less than 2^-87 of the whole, and that is less than 2^-33 of what lies between the sum and the
 * middle to the next number. Below it, after zeros in front, the doubt would not cover it.
 */
const LEAST_LARGE = 2 ** 35;

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
  if (large < LEAST_LARGE) return undefined;
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
