/** 10^-300 to 10^300, correctly rounded: `10 ** n` need not be the same on every machine. */
const POWERS = Array.from({ length: 601 }, (_, index) => Number(`1e${index - 300}`));

/** A number rounded to three significant digits; 0 where it is too small to matter. */
export function roundTo3Digits(value: number): number {
  const size = Math.abs(value);
  if (!(size >= 1e-290) || size >= 1e290) return size < 1 ? 0 : value;
  let exponent = Math.floor(Math.log10(size));
  if (power(exponent) > size) exponent -= 1;
  else if (power(exponent + 1) <= size) exponent += 1;
  const digits = exponent - 2;
  const rounded =
    digits >= 0 ? Math.round(size / power(digits)) * power(digits) : Math.round(size * power(-digits)) / power(-digits);
  return value < 0 ? -rounded : rounded;
}

function power(exponent: number): number {
  return POWERS[exponent + 300] as number;
}
