import { ConfigError } from '../errors.ts';
import type { ChangeFacts } from '../ports/host.ts';
import { nearest } from '../project/nearest.ts';

/** What `auto` runs, in order. Promotion and rollback are never among them: they run when they are named. */
const ON_CHANGE_REQUEST = ['validate'] as const;
const ON_DEFAULT_BRANCH = ['validate', 'build-push', 'deploy-staging', 'smoke-test', 'impact-report'] as const;

/** The name that asks for what the event calls for. */
export const AUTO = 'auto';

/**
 * The steps that a job asks for: the one it names, or what the event calls for.
 * @param asked a step's id, or `auto`
 * @param known the ids of all steps
 * @param change what the run is about; undefined where the host does not know
 * @throws ConfigError STEP-UNKNOWN for a step that is none; AUTO-UNDECIDED where `auto` has no answer
 */
export function stepsFor(
  asked: string,
  known: readonly string[],
  change: ChangeFacts | undefined,
): readonly [string, ...string[]] {
  if (asked !== AUTO && known.includes(asked)) return [asked];
  if (asked !== AUTO) throw unknownStep(asked, known);
  if (change?.event === 'change-request') return ON_CHANGE_REQUEST;
  if (change?.event !== 'push' || change.branch === undefined) throw undecided(change);
  if (change.defaultBranch === undefined) throw undecided(change);
  return change.branch === change.defaultBranch ? ON_DEFAULT_BRANCH : ON_CHANGE_REQUEST;
}

function unknownStep(asked: string, known: readonly string[]): ConfigError {
  const near = nearest(asked, [...known, AUTO]);
  return new ConfigError({
    code: 'STEP-UNKNOWN',
    what: `there is no step ${JSON.stringify(asked)}`,
    fix: near ? `Did you mean ${near}?` : `Name one of ${[AUTO, ...known].join(', ')}`,
  });
}

function undecided(change: ChangeFacts | undefined): ConfigError {
  const event = change ? `${change.rawEvent || 'an unknown event'} of ${change.ref || 'an unknown ref'}` : 'this run';
  return new ConfigError({
    code: 'AUTO-UNDECIDED',
    what: `auto runs on change requests and on pushes to branches, and cannot tell what to do on ${event}`,
    fix: 'Name the step in the step input',
  });
}
