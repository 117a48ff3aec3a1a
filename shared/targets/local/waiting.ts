import { Interrupted } from '../../errors.ts';
import { enforce, type LocalContext, STARTUP_TIMEOUT_MS, shownLog } from './context.ts';
import { deployFailed, notStopped } from './errors.ts';
import type { LiveDeployment, LiveState } from './gateway/protocol.ts';
import { expectedOf, healthProblem } from './identity.ts';
import { deploymentAddress } from './report.ts';

const LOOK_EVERY_MS = 100;
/** For reading the package, and for one more try when the port was taken meanwhile. */
const MARGIN_MS = 30_000;
/** One failed start may be bad luck with the port. */
const FAILED_STARTS = 2;
const HEALTH_MS = 30_000;
/** A little more than the gateway gives requests under way, and servers to end. */
const STOP_MS = 90_000;

export interface UntilServing {
  readonly environment: string | undefined;
  readonly replicas: number;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/**
 * Waits until the deployment has so many replicas ready and its own address answers as its release, waking it.
 * @throws ProviderError LOCAL-DEPLOY-FAILED with the end of its log, Interrupted
 */
export async function untilServing(context: LocalContext, id: string, options: UntilServing): Promise<LiveState> {
  const { clock, startupTimeoutMs = STARTUP_TIMEOUT_MS } = context;
  const { environment, replicas, signal, progress } = options;
  let told = '';
  for (const giveUpAt = clock.now() + startupTimeoutMs + MARGIN_MS; ; await clock.sleep(LOOK_EVERY_MS, signal)) {
    if (signal.aborted) throw new Interrupted();
    const live = await enforce(context, environment, { [id]: replicas });
    const now = live.deployments[id];
    const said = now ? `${id}: ${now.status}, ${now.raw}` : '';
    if (said !== told) progress(said);
    told = said;
    if (now && now.ready >= replicas) {
      await proveOwnAddress(context, id);
      return live;
    }
    const problem = now && hopelessness(now);
    if (problem || clock.now() >= giveUpAt) throw await failure(context, id, problem ?? 'its time is over');
  }
}

function hopelessness({ failures, ready }: LiveDeployment): string | undefined {
  return ready === 0 && failures >= FAILED_STARTS ? `${failures} starts failed` : undefined;
}

/** Through the gateway: the address that people are given, not the server behind it. */
async function proveOwnAddress(context: LocalContext, id: string): Promise<void> {
  const state = await context.store.read();
  const record = state?.deployments[id];
  const address = state && deploymentAddress(state, id);
  if (!record || !address) throw await failure(context, id, 'it was removed meanwhile');
  const problem = await healthProblem(address.url, expectedOf(id, record), HEALTH_MS);
  if (problem) throw await failure(context, id, `at its own address: ${problem}`);
}

async function failure(context: LocalContext, id: string, why: string): Promise<Error> {
  const exit = (await context.store.read())?.deployments[id]?.lastExit;
  return deployFailed(id, exit ? `${why}; the last: ${exit.reason}` : why, await shownLog(context, id), false);
}

/**
 * Waits until no server of the deployment runs any more, and, where it was removed, until nothing knows it any more.
 * @throws ProviderError LOCAL-NOT-STOPPED, Interrupted
 */
export async function untilStopped(context: LocalContext, id: string, signal: AbortSignal): Promise<void> {
  const { clock, gateway, store } = context;
  for (const giveUpAt = clock.now() + STOP_MS; clock.now() < giveUpAt; await clock.sleep(LOOK_EVERY_MS, signal)) {
    const status = (await gateway.sync()).deployments[id]?.status;
    const desired = (await store.read())?.deployments[id]?.desired;
    if (desired === undefined || (desired === 'inactive' && status === 'inactive')) return;
  }
  throw notStopped(id);
}
