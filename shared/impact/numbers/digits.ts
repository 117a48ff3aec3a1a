const LEAST_DECIMALS = 2;
const MOST_DECIMALS = 12;

/** `1,234,567`, `1,234.50`: commas between thousands. @param text of a number, or a whole number */
export function grouped(text: string | number): string {
  const [whole = '', decimals] = String(text).split('.');
  const withCommas = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
  return decimals === undefined ? withCommas : `${withCommas}.${decimals}`;
}

/**
 * Decimals to write a size with: two, or as many as it takes not to look like one of the others that it is not. A share
 * of 99.996 % is not 100.00 %, and a change of 3.001 % is over a limit of 3 %.
 */
export function decimalsApart(size: number, others: readonly number[]): number {
  const looksLike = (decimals: number): boolean =>
    others.some((other) => other !== size && Number(size.toFixed(decimals)) === other);
  let decimals = LEAST_DECIMALS;
  while (decimals < MOST_DECIMALS && looksLike(decimals)) decimals += 1;
  return decimals;
}
