import { GateFailure, messageOf, ProviderError } from '../../errors.ts';
import type { ServingIdentity } from '../../ports/quote-endpoint.ts';
import type { Deployment, ServingAddress } from '../../release/deployment.ts';
import type { JsonObject } from '../../release/json.ts';
import type { StepContext } from '../context.ts';

/** Which release an address should answer with. */
export type Expected = Pick<Deployment, 'releaseId' | 'packageDigest'>;

/** Consecutive answers that must all be the release's: an address with several replicas may still mix. */
const ANSWERS_IN_A_ROW = 3;
const LOOK_EVERY_MS = 250;
const ASK_TIMEOUT_MS = 30_000;

/**
 * Asks an address which release answers there until it is this one several times in a row. "Stable" and "Succeeded"
 * are what platforms say while the old version still answers; this is what callers see.
 * @param patienceMs how long another release may answer before it counts
 * @returns facts for the evidence
 * @throws GateFailure NOT-SERVING with what answered instead; ProviderError when nothing answers
 */
export async function proveServing(
  context: Pick<StepContext, 'endpoints' | 'clock' | 'signal'>,
  address: ServingAddress,
  expected: Expected,
  patienceMs: number,
  signal: AbortSignal = context.signal,
): Promise<JsonObject> {
  const endpoint = context.endpoints.open(address);
  const giveUpAt = context.clock.now() + patienceMs;
  try {
    for (let inARow = 0; inARow < ANSWERS_IN_A_ROW; ) {
      const seen = await lookAt();
      if (typeof seen !== 'string') {
        inARow += 1;
        continue;
      }
      inARow = 0;
      if (context.clock.now() >= giveUpAt) throw notServing(address, expected, seen);
      await context.clock.sleep(LOOK_EVERY_MS, signal);
    }
  } finally {
    await endpoint.close();
  }
  return { url: address.url, releaseId: expected.releaseId, packageDigest: expected.packageDigest };

  async function lookAt(): Promise<ServingIdentity | string> {
    try {
      const identity = await endpoint.identify({ signal, timeoutMs: ASK_TIMEOUT_MS });
      return otherThan(expected, identity) ?? identity;
    } catch (error) {
      if (signal.aborted || !(error instanceof ProviderError)) throw error;
      return messageOf(error);
    }
  }
}

/** What answers instead of the release, or undefined when it is the release. */
function otherThan(expected: Expected, identity: ServingIdentity): string | undefined {
  if (!identity.ok) return `an unhealthy server: ${identity.detail}`;
  if (identity.releaseId === undefined) return 'a server that does not say which release it is';
  if (identity.releaseId !== expected.releaseId) return `release ${identity.releaseId}`;
  if (identity.packageDigest !== expected.packageDigest) return `package ${identity.packageDigest}`;
  return undefined;
}

function notServing(address: ServingAddress, expected: Expected, seen: string): GateFailure {
  return new GateFailure({
    code: 'NOT-SERVING',
    what: `${address.url} should answer with release ${expected.releaseId}, but there answers ${seen}`,
    fix: 'Look at the deployment’s log; nothing was promoted on the strength of this address',
  });
}
