import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import type { JsonObject } from '../../release/json.ts';
import type { StepContext } from '../context.ts';
import { addressOf } from './addresses.ts';
import { proveServing } from './prove-serving.ts';

/** What is known of who answers for an environment, after it was given to a deployment. */
export type Served =
  | { readonly proven: true; readonly url: string; readonly facts: JsonObject }
  /** The platform says so, and there is no address where it could be asked. */
  | { readonly proven: false; readonly url: undefined; readonly why: string };

/**
 * Asks the environment's address until this deployment answers there. Where the target says why there is none, that is
 * what is known, and it is told as a warning: a step that was not able to ask does not pass, it warns.
 * @throws GateFailure NOT-SERVING; ConfigError ENVIRONMENT-EMPTY
 */
export async function proveEnvironment(
  context: StepContext,
  state: EnvironmentState,
  deployment: Deployment,
  patienceMs: number,
  signal: AbortSignal = context.signal,
): Promise<Served> {
  const { name, address, noAddress } = state;
  if (!address && noAddress !== undefined) {
    const message = `${name} was given to ${deployment.id} of release ${deployment.releaseId}; whether it answers was not asked: ${noAddress}`;
    context.host.annotate({ level: 'warning', title: 'SERVING-NOT-PROVEN', message });
    return { proven: false, url: undefined, why: noAddress };
  }
  const asked = addressOf({ ...state, current: deployment });
  const facts = await proveServing(context, asked, deployment, patienceMs, signal);
  return { proven: true, url: asked.url, facts };
}

/** `pass`, or `warn` where nobody could be asked. */
export function verdictOf(served: Served | undefined): 'pass' | 'warn' {
  return served?.proven === true ? 'pass' : 'warn';
}

/** For the summary: what the step rests on. */
export function describeServed(served: Served | undefined): string {
  if (served?.proven === false) return `Not proven: nobody was asked which release answers. ${served.why}.`;
  if (served?.facts.provenBy === 'package')
    return 'The address was asked and answered with the package of this release; its servers were not told the release.';
  return 'The address was asked and answered with this release.';
}
