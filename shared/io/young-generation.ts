import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the memory for new objects as large as it is. Left alone, Node lets it grow to 130 MB in a program that makes
 * many objects which do not live long, as every row of a portfolio is, and never gives it back: more than all the rest.
 * The flag is only looked at when it would grow. Collecting more often was not found to cost time.
 * @see https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h semi_space_growth_factor
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
