import { ConfigError } from '../../errors.ts';

/** A file that is not what a job of this version wrote. */
export function broken(what: string): ConfigError {
  return new ConfigError({
    code: 'MERGE-BROKEN',
    what: `a partial is broken: ${what}`,
    fix: 'Run the job that wrote this partial again',
  });
}
