import { ConfigError, GateFailure } from '../../errors.ts';
import type { Deployment, EnvironmentState, HistoryEntry } from '../../release/deployment.ts';

/**
 * The deployment to go back to. Without a name it is the newest in the history that settled before the current one
 * first did: going back twice goes two steps back, never to what was just left.
 * @param to deployment id or release id; undefined for the last one promoted before
 * @throws ConfigError ROLLBACK-UNKNOWN, GateFailure ROLLBACK-NOTHING
 */
export function chooseRollback(state: EnvironmentState, to: string | undefined): Deployment {
  const settled = state.history.flatMap((entry) => deploymentOf(state, entry));
  if (to !== undefined) {
    const named = settled.find((deployment) => deployment.id === to || deployment.releaseId === to);
    if (named) return named;
    throw unknown(state, to);
  }
  // Something else has taken the place of the release that was promoted last.
  if (state.foreign !== undefined && state.current) return state.current;
  const first = state.history.findLastIndex((entry) => entry.releaseId === state.current?.releaseId);
  const before = state.history.slice(first + 1).flatMap((entry) => deploymentOf(state, entry));
  const [last] = before;
  if (last) return last;
  throw nothing(state);
}

function deploymentOf(state: EnvironmentState, entry: HistoryEntry): readonly Deployment[] {
  return state.deployments.filter((deployment) => deployment.id === entry.deploymentId);
}

function unknown(state: EnvironmentState, to: string): ConfigError {
  const known = [...new Set(state.history.map((entry) => `${entry.deploymentId} (release ${entry.releaseId})`))];
  return new ConfigError({
    code: 'ROLLBACK-UNKNOWN',
    what: `${to} was never promoted to ${state.name}, or is deleted`,
    fix: known.length > 0 ? `Choose one of ${known.join(', ')}` : `Nothing was ever promoted to ${state.name}`,
  });
}

function nothing(state: EnvironmentState): GateFailure {
  return new GateFailure({
    code: 'ROLLBACK-NOTHING',
    what: `${state.name} has no release promoted before the one it serves`,
    fix: 'Promote a release that is right, or name an earlier one with the to input',
  });
}
