import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import { type EcsContext, serviceName, type Watch } from './context.ts';
import { isOver } from './deployments.ts';
import { deployFailed, withCause } from './errors.ts';
import { tellStopped } from './explain.ts';
import { restoreOwn } from './own-configuration.ts';
import { CONSISTENCY_MS, LOOKS, Pauses } from './pace.ts';
import { isSplit, readSnapshot, type Snapshot } from './snapshot.ts';
import { findOurs, isListing, type Ours, rollBack } from './wait.ts';

/** A deployment in the dark that went wrong, or was given up, on its way up. */
export interface GivenUp {
  readonly environment: string;
  /** Id of the definition that it brings. */
  readonly id: string;
  /** Undefined where AWS never said that it had begun: it may have all the same. */
  readonly begun: Ours | undefined;
  readonly cause: unknown;
}

/**
 * Leaves the service as it was before a deployment in the dark, and looks that it is.
 * @returns what is to be thrown: why it did not go well with what is known of the cause, or that it could not be taken back
 */
export async function takeBack(context: EcsContext, givenUp: GivenUp, { progress }: Watch): Promise<unknown> {
  const { environment, id, cause } = givenUp;
  const quiet: Watch = { signal: undefined, progress };
  try {
    const { service } = await readSnapshot(context, environment);
    const known = cause instanceof Interrupted ? undefined : await tellStopped(context, service, id, progress);
    const arn = await findGoing(context, givenUp);
    if (arn !== undefined) await rollBack(context, service.serviceName ?? '', arn, quiet);
    const after = await readSnapshot(context, environment);
    checkGone(after, id);
    await restoreOwn(context, after);
    return withCause(cause, known);
  } catch (error) {
    const why = `${messageOf(cause)}; and it could not be taken back: ${messageOf(error)}`;
    return deployFailed(serviceName(context, environment), why);
  }
}

/**
 * The deployment's ARN while AWS carries it out; undefined once it is over, or where it never began. AWS may not list
 * yet what it began a moment ago: then it is waited for, since what is not found would go on by itself.
 */
async function findGoing(context: EcsContext, { environment, id, begun, cause }: GivenUp): Promise<string | undefined> {
  const giveUpAt = context.clock.now() + CONSISTENCY_MS;
  const pauses = new Pauses(context, LOOKS);
  for (;;) {
    const { service, underWay } = await readSnapshot(context, environment);
    if (underWay?.to === id) return underWay.arn;
    if (!isListing(service) || (begun === undefined && isRefusal(cause))) return undefined;
    const ours = begun && (await findOurs(context, begun));
    if (ours) return isOver(ours) ? undefined : ours.arn;
    if (context.clock.now() >= giveUpAt) return undefined;
    await pauses.pass(undefined);
  }
}

/** What AWS said no to was not begun. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof ConfigError || (cause instanceof ProviderError && cause.problem.code === 'AWS-BUSY');
}

/** @throws ProviderError ECS-DEPLOY-FAILED while the candidate is there, or has callers */
function checkGone(snapshot: Snapshot, id: string): void {
  const { underWay, serving, service } = snapshot;
  const { serviceName: name = '' } = service;
  if (underWay?.to === id) throw deployFailed(name, `AWS is still deploying ${id}`);
  if (serving === id) throw deployFailed(name, `it serves ${id} now`);
  if (isSplit(snapshot) && snapshot.halted?.to === id)
    throw deployFailed(name, `the deployment of ${id} was stopped with callers on it`);
}
