import { ConfigError } from '../../errors.ts';
import type { EnvironmentState, ServingAddress } from '../../release/deployment.ts';

/** An address that the user named: not known by a target, so nothing says which release it should be. */
export function namedAddress(url: string, headers: Readonly<Record<string, string>>): ServingAddress {
  return { url, wire: 'haute', headers };
}

/**
 * The address of an environment that was deployed to.
 * @throws ConfigError ENVIRONMENT-EMPTY when it was not, ENVIRONMENT-NO-ADDRESS when nobody knows where it answers
 */
export function addressOf(state: EnvironmentState): ServingAddress {
  if (state.address && state.current) return state.address;
  if (state.current && state.noAddress !== undefined) throw noAddress(state.name, state.noAddress);
  throw new ConfigError({
    code: 'ENVIRONMENT-EMPTY',
    what: `nothing is deployed to ${state.name}`,
    fix: `Deploy a release to ${state.name} first`,
  });
}

function noAddress(name: string, why: string): ConfigError {
  return new ConfigError({
    code: 'ENVIRONMENT-NO-ADDRESS',
    what: `nobody can be asked what ${name} serves: ${why}`,
    fix: 'Write the address there, or name it in the input of the step that takes one',
  });
}
