import type { Project } from '../../project/project.ts';
import type { TestQuote } from '../../project/test-quote.ts';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import { nearestRank } from '../../release/percentile.ts';
import type { StepContext } from '../context.ts';
import { askQuotes, describeFaults, type QuoteOutcome, warmUp } from '../parts/ask-quotes.ts';
import { proveServing } from '../parts/prove-serving.ts';
import type { CheckOutcome } from '../promotion/runner.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const PROOF_PATIENCE_MS = 60_000;
/** A candidate may be slower than the limit as long as the current deployment, asked in the same seconds, is about as slow. */
const SLOWER_THAN_CURRENT = 1.5;
/** A slow moment of the machine is no property of the candidate: it has to be slower every time it is looked at. */
const LOOKS = 3;

/** Before any traffic: the candidate is this release, and answers the golden quotes on its own address. */
export async function verifyDark(
  context: StepContext,
  project: Project,
  candidate: Deployment,
  current: Deployment | undefined,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  if (candidate.address) await proveServing(context, candidate.address, candidate, PROOF_PATIENCE_MS, signal);
  return checkStage(context, project, candidate, current, signal);
}

/**
 * While traffic moves: the golden quotes against the candidate's own address with their expected values, and its
 * latency. Over the policy's limit it is compared with the current deployment, both asked in turn, quote by quote.
 */
export async function checkStage(
  context: StepContext,
  project: Project,
  candidate: Deployment,
  current: Deployment | undefined,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const asked = open(context, project, candidate, signal);
  const reference = current && current.id !== candidate.id ? open(context, project, current, signal) : undefined;
  if (!asked || project.quotes.length === 0)
    return { verdict: 'inconclusive', detail: 'there are no quotes to judge the candidate by' };
  try {
    await asked.warmUp();
    const outcomes = await askInTurn(project.quotes, asked);
    const faults = describeFaults(outcomes.candidate);
    if (faults.length > 0)
      return { verdict: 'fail', detail: `${faults.length} quotes are not as expected: ${faults[0]}` };
    const limit = project.policy.gates.smoke.p95LatencyMs;
    const p95 = p95Of(outcomes.candidate);
    if (p95 <= limit)
      return { verdict: 'pass', detail: `${outcomes.candidate.length} quotes as expected, p95 ${Math.round(p95)} ms` };
    return await lookAgain(project.quotes, asked, reference, limit);
  } finally {
    await asked.close();
    await reference?.close();
  }
}

/**
 * The golden quotes at the environment's own address, once all its traffic is the candidate's: for targets that give a
 * deployment no address of its own. Where the environment has none either, nobody was asked, and the verdict says so.
 */
export function checkWhole(
  context: StepContext,
  project: Project,
  candidate: Deployment,
  { address, noAddress }: EnvironmentState,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  if (!address && noAddress !== undefined)
    return Promise.resolve({ verdict: 'warn', detail: `its answers were not looked at: ${noAddress}` });
  return checkStage(context, project, { ...candidate, address }, undefined, signal);
}

/** Whether the candidate is slow by itself: it fails only when every look says so. */
async function lookAgain(
  quotes: readonly TestQuote[],
  candidate: Asked,
  current: Asked | undefined,
  limit: number,
): Promise<CheckOutcome> {
  await current?.warmUp();
  let detail = '';
  for (let look = 1; look <= LOOKS; look += 1) {
    const outcomes = await askInTurn(quotes, candidate, current);
    const p95 = p95Of(outcomes.candidate);
    if (p95 <= limit) return { verdict: 'pass', detail: `p95 is ${Math.round(p95)} ms now, after a slow moment` };
    const currentP95 = p95Of(outcomes.current);
    detail = `p95 is ${Math.round(p95)} ms, over the limit of ${limit} ms; the current deployment’s is ${Math.round(currentP95)} ms`;
    if (current && p95 <= currentP95 * SLOWER_THAN_CURRENT) return { verdict: 'warn', detail };
  }
  return { verdict: 'fail', detail };
}

/** A deployment that can be asked on its own address. */
interface Asked {
  ask(quote: TestQuote): Promise<readonly QuoteOutcome[]>;
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined where the platform gives the deployment no address of its own. */
function open(context: StepContext, project: Project, deployment: Deployment, signal: AbortSignal): Asked | undefined {
  if (!deployment.address) return undefined;
  const endpoint = context.endpoints.open(deployment.address);
  const { tolerance } = project.policy.gates.smoke;
  const options = { clock: context.clock, signal, tolerance, timeoutMs: REQUEST_TIMEOUT_MS };
  return {
    ask: (quote) => askQuotes(endpoint, [quote], options),
    warmUp: () => warmUp(endpoint, project.quotes, options),
    close: () => endpoint.close(),
  };
}

/** Asks both for each quote before the next one, so that both meet the same moments of the machine. */
async function askInTurn(
  quotes: readonly TestQuote[],
  candidate: Asked,
  current?: Asked,
): Promise<{ readonly candidate: readonly QuoteOutcome[]; readonly current: readonly QuoteOutcome[] }> {
  const outcomes = { candidate: [] as QuoteOutcome[], current: [] as QuoteOutcome[] };
  for (const quote of quotes) {
    outcomes.candidate.push(...(await candidate.ask(quote)));
    if (current) outcomes.current.push(...(await current.ask(quote)));
  }
  return outcomes;
}

function p95Of(outcomes: readonly QuoteOutcome[]): number {
  const times = outcomes.flatMap((outcome) => outcome.ms ?? []);
  return nearestRank(times, 0.95) ?? 0;
}
