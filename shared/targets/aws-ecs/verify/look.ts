import type { Service } from '@aws-sdk/client-ecs';
import { ConfigError, Interrupted, type Problem, ProviderError } from '../../../errors.ts';
import type { Release } from '../../../release/release.ts';
import type { EcsContext } from '../context.ts';
import type { TaskShape } from '../task-definition.ts';

/** What is looked at before a deployment. */
export interface Subject {
  readonly context: EcsContext;
  readonly service: Service;
  /** What its tasks would be. */
  readonly shape: TaskShape;
  readonly release: Release;
  /** True when the definition is to be registered: then the roles are handed on. */
  readonly registers: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface Finding {
  /** What stops a deployment. */
  readonly problems: readonly Problem[];
  /** What is worth knowing, and stops nothing. */
  readonly notes: readonly string[];
}

export const NOTHING: Finding = { problems: [], notes: [] };

/** Longest time for a look at what a deployment could do without. */
const LOOK_MS = 20_000;

export function together(findings: readonly Finding[]): Finding {
  return {
    problems: findings.flatMap(({ problems }) => problems),
    notes: findings.flatMap(({ notes }) => notes),
  };
}

/** A look whose lack of a permission is said, and stops nothing. What else goes wrong with it ends the run. */
export async function orPermission(what: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (!isDenied(error)) throw error;
    return unseen(what, error.problems[0].what);
  }
}

/**
 * A look at a service of AWS that the deployment itself has no need of: whatever keeps it from being made is said, and
 * stops nothing.
 * @param look given a signal of its own, which also ends what takes too long
 */
export async function orNote(
  what: string,
  signal: AbortSignal | undefined,
  look: (signal: AbortSignal) => Promise<Finding>,
): Promise<Finding> {
  const deadline = AbortSignal.timeout(LOOK_MS);
  try {
    return await look(signal ? AbortSignal.any([signal, deadline]) : deadline);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (error instanceof ConfigError) return unseen(what, error.problems[0].what);
    if (error instanceof ProviderError) return unseen(what, error.problem.what);
    if (error instanceof Interrupted) return unseen(what, 'AWS did not answer in time');
    throw error;
  }
}

function isDenied(error: unknown): error is ConfigError {
  return error instanceof ConfigError && error.problems[0].code === 'AWS-ACCESS-DENIED';
}

function unseen(what: string, why: string): Finding {
  return { problems: [], notes: [`${what} could not be looked at: ${why}`] };
}
