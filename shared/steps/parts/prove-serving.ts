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
/** Servers that others start take minutes, and are asked accordingly. */
const LOOK_AT_OTHERS_EVERY_MS = 2_000;

/**
 * Asks an address which release answers there until it is this one several times in a row. "Stable" and "Succeeded"
 * are what platforms say while the old version still answers; this is what callers see. Servers that others start are
 * given the time that the target says they take; one that was not told its release is known by its package.
 * @param patienceMs how long another release may answer before it counts, where the target starts the servers
 * @returns facts for the evidence
 * @throws GateFailure NOT-SERVING with what answered instead; ProviderError when nothing answers
 */
export async function proveServing(
  context: Pick<StepContext, 'endpoints' | 'clock' | 'signal' | 'host'>,
  address: ServingAddress,
  expected: Expected,
  patienceMs: number,
  signal: AbortSignal = context.signal,
): Promise<JsonObject> {
  const endpoint = context.endpoints.open(address);
  const { pulled } = address;
  const giveUpAt = context.clock.now() + (pulled?.patienceMs ?? patienceMs);
  let provenBy: 'release' | 'package' = 'release';
  let waitingFor = '';
  try {
    for (let inARow = 0; inARow < ANSWERS_IN_A_ROW; ) {
      const seen = await lookAt();
      if (typeof seen !== 'string') {
        inARow += 1;
        if (seen.releaseId === undefined) provenBy = 'package';
        continue;
      }
      inARow = 0;
      if (context.clock.now() >= giveUpAt) throw notServing(address, expected, seen);
      if (pulled && seen !== waitingFor)
        context.host.log.info(
          `waiting until the servers at ${address.url} pull ${pulled.reference}: there answers ${seen}`,
        );
      waitingFor = seen;
      await context.clock.sleep(pulled ? LOOK_AT_OTHERS_EVERY_MS : LOOK_EVERY_MS, signal);
    }
  } finally {
    await endpoint.close();
  }
  const proof = { url: address.url, packageDigest: expected.packageDigest };
  return provenBy === 'release' ? { ...proof, releaseId: expected.releaseId } : { ...proof, provenBy };

  async function lookAt(): Promise<ServingIdentity | string> {
    try {
      const identity = await endpoint.identify({ signal, timeoutMs: ASK_TIMEOUT_MS });
      return otherThan(expected, identity, pulled !== undefined) ?? identity;
    } catch (error) {
      if (signal.aborted || !(error instanceof ProviderError)) throw error;
      return messageOf(error);
    }
  }
}

/**
 * What answers instead of the release, or undefined when it is the release.
 * @param byPackage a server may not know its release: then its package is enough
 */
function otherThan(expected: Expected, identity: ServingIdentity, byPackage: boolean): string | undefined {
  if (!identity.ok) return `an unhealthy server: ${identity.detail}`;
  const { releaseId, packageDigest } = identity;
  if (releaseId === undefined && (!byPackage || packageDigest === undefined))
    return `a server that does not say which ${byPackage ? 'package' : 'release'} it is`;
  if (releaseId !== undefined && releaseId !== expected.releaseId) return `release ${releaseId}`;
  if (identity.packageDigest !== expected.packageDigest) return `package ${identity.packageDigest}`;
  return undefined;
}

function notServing(address: ServingAddress, expected: Expected, seen: string): GateFailure {
  return new GateFailure({
    code: 'NOT-SERVING',
    what: `${address.url} should answer with release ${expected.releaseId}, but there answers ${seen}`,
    fix: address.pulled
      ? `Whoever runs the servers at ${address.url} has to have them pull ${address.pulled.reference} and start anew; then run the step again. If they need longer, raise patience under [targets.container]`
      : 'Look at the deployment’s log; nothing was promoted on the strength of this address',
  });
}

/**
 * The end of a proof that must be made although the step's own signal may have fired: twice the time that the servers
 * may take.
 */
export function proofDeadline(address: ServingAddress | undefined, patienceMs: number): AbortSignal {
  return AbortSignal.timeout(2 * (address?.pulled?.patienceMs ?? patienceMs));
}
