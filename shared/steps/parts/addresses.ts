import { ConfigError } from '../../errors.ts';
import type { EnvironmentState, ServingAddress } from '../../release/deployment.ts';

/** An address that the user named: not known by a target, so nothing says which release it should be. */
export function namedAddress(url: string, headers: Readonly<Record<string, string>>): ServingAddress {
  return { url, wire: 'haute', headers };
}

/** The address of an environment that was deployed to. @throws ConfigError ENVIRONMENT-EMPTY when it was not */
export function addressOf(state: EnvironmentState): ServingAddress {
  if (state.address && state.current) return state.address;
  throw new ConfigError({
    code: 'ENVIRONMENT-EMPTY',
    what: `nothing is deployed to ${state.name}`,
    fix: `Deploy a release to ${state.name} first`,
  });
}
