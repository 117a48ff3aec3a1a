import { ConfigError, Interrupted, messageOf, type Place, ProviderError } from '../errors.ts';

/** A portfolio that cannot be used as it is; the user must change it or name another one. */
export function portfolioError(code: string, what: string, fix: string, place?: Place): ConfigError {
  return new ConfigError({ code, what, fix, ...(place && { place }) });
}

export function corrupt(file: string, why: unknown): ConfigError {
  const what = `the file cannot be read: ${typeof why === 'string' ? why : messageOf(why)}`;
  return portfolioError('PORTFOLIO-CORRUPT', what, 'Write the file again, and check that it was copied whole', {
    file,
  });
}

/** Whatever reading a file threw: what we found out ourselves, and what a store said, as it is; the rest is a broken file. */
export function fileError(file: string, error: unknown): unknown {
  const known = error instanceof ConfigError || error instanceof ProviderError || error instanceof Interrupted;
  return known ? error : corrupt(file, error);
}

export function changed(file: string): ConfigError {
  const fix = 'Run the step again, and let nothing write to the portfolio while it runs';
  return portfolioError('PORTFOLIO-CHANGED', 'the file changed while it was read', fix, { file });
}

export function tooLargeInteger(file: string, column: string, value: string): ConfigError {
  const what = `column ${column} holds ${value}, which JSON numbers cannot carry exactly`;
  return portfolioError('PORTFOLIO-INTEGER', what, 'Store the column as text, or leave it out', { file });
}
