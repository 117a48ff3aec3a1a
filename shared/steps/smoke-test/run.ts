import { ConfigError } from '../../errors.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import { describeQuoteInFile } from '../../project/judge-answer.ts';
import type { Project } from '../../project/project.ts';
import type { ServingAddress } from '../../release/deployment.ts';
import type { JsonObject } from '../../release/json.ts';
import { nearestRank } from '../../release/percentile.ts';
import { allows, type Verdict } from '../../release/verdict.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { addressOf, namedAddress } from '../parts/addresses.ts';
import {
  type AskOptions,
  askQuotes,
  askTogether,
  describeFaults,
  type QuoteOutcome,
  warmUp,
} from '../parts/ask-quotes.ts';
import { bullets, page, plain, table } from '../parts/markdown.ts';
import { proveServing } from '../parts/prove-serving.ts';
import { type OpenRelease, openRelease, recordEvidence } from '../parts/release-file.ts';
import { checkTarget } from '../parts/release-target.ts';
import { openProject } from '../parts/workspace.ts';
import { reportAmiss } from '../promotion/settled-environment.ts';
import type { definition } from './definition.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

const REQUEST_TIMEOUT_MS = 60_000;
const PROOF_PATIENCE_MS = 30_000;
/** Fewer timings than this say little of a 95th percentile: the quotes are asked again until there are as many. */
const LEAST_TIMINGS = 20;

/** What is tested: an address, and the release that should answer there where one is known. */
interface Subject {
  readonly address: ServingAddress;
  readonly open: OpenRelease | undefined;
  /** What the address said of itself, for the evidence. */
  readonly identity: JsonObject;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly single: readonly QuoteOutcome[];
  readonly together: readonly QuoteOutcome[];
  readonly p95Ms: number | undefined;
  readonly limitMs: number;
}

/** Asks the live address for the test quotes and judges answers, latency and health. */
export async function runSmokeTest(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const project = await openProject(context, inputs, inputs.quotes);
  if (project.quotes.length === 0) throw noQuotes();
  const subject = await findSubject(inputs, context, project);
  if (inputs['dry-run']) return planOnly(subject, project);
  const outcome = await test(inputs, context, project, subject);
  annotate(context, outcome);
  const open = subject.open && (await record(context, project, subject.open, inputs, outcome, subject.identity));
  return {
    result: outcome.verdict,
    ...(open && { releaseId: open.release.id, releaseFile: open.file }),
    outputs: {
      passed: outcome.single.length - failedOf(outcome).length,
      failed: failedOf(outcome).length,
      ...(outcome.p95Ms !== undefined && { 'p95-ms': Math.round(outcome.p95Ms) }),
    },
    summary: summaryOf(subject, outcome),
  };
}

async function findSubject(inputs: Inputs, context: StepContext, project: Project): Promise<Subject> {
  if (inputs.url !== undefined)
    return { address: namedAddress(inputs.url, inputs.headers), open: undefined, identity: { url: inputs.url } };
  const open = await openRelease(context, project, inputs.release);
  const { target } = await context.target(project, context.engine(project, inputs.python));
  checkTarget(open.release, target);
  const state = await target.inspect(inputs.environment);
  reportAmiss(context, state);
  const address = addressOf(state);
  const expected = { releaseId: open.release.id, packageDigest: open.release.core.packageDigest };
  const identity = await proveServing(context, address, expected, PROOF_PATIENCE_MS);
  return { address, open, identity };
}

async function test(inputs: Inputs, context: StepContext, project: Project, subject: Subject): Promise<Outcome> {
  const { smoke } = project.policy.gates;
  const options = {
    clock: context.clock,
    signal: context.signal,
    tolerance: inputs.tolerance ?? smoke.tolerance,
    timeoutMs: REQUEST_TIMEOUT_MS,
  };
  const endpoint = context.endpoints.open(subject.address);
  try {
    const health = await endpoint.identify({ signal: context.signal, timeoutMs: REQUEST_TIMEOUT_MS });
    context.host.log.info(`${subject.address.url} is ${health.ok ? 'healthy' : `not healthy: ${health.detail}`}`);
    await warmUp(endpoint, project.quotes, options);
    const single = await askQuotes(endpoint, project.quotes, options);
    const together = await askTogether(endpoint, single, options);
    const p95Ms = nearestRank(await timings(endpoint, project, single, options), 0.95);
    const limitMs = inputs['p95-latency'] ?? smoke.p95LatencyMs;
    const wrong = !health.ok || [...single, ...together].some((each) => each.faults.length > 0);
    const slow = p95Ms !== undefined && p95Ms > limitMs;
    return { verdict: wrong || slow ? 'fail' : 'pass', single, together, p95Ms, limitMs };
  } finally {
    await endpoint.close();
  }
}

/** Times of single-row answers: those at hand, and more of the same quotes until there are enough. */
async function timings(
  endpoint: QuoteEndpoint,
  project: Project,
  first: readonly QuoteOutcome[],
  options: AskOptions,
): Promise<readonly number[]> {
  const times = first.flatMap((each) => each.ms ?? []);
  for (let missing = LEAST_TIMINGS - first.length; missing > 0 && times.length > 0; missing -= project.quotes.length) {
    const more = await askQuotes(endpoint, project.quotes.slice(0, missing), options);
    times.push(...more.flatMap((each) => each.ms ?? []));
  }
  return times;
}

function failedOf({ single, together }: Outcome): readonly QuoteOutcome[] {
  const wrongTogether = new Set(together.filter(({ faults }) => faults.length > 0).map(({ quote }) => quote));
  return single.filter(({ quote, faults }) => faults.length > 0 || wrongTogether.has(quote));
}

function record(
  context: StepContext,
  project: Project,
  open: OpenRelease,
  inputs: Inputs,
  outcome: Outcome,
  identity: JsonObject,
): Promise<OpenRelease> {
  const facts = {
    ...identity,
    environment: inputs.environment,
    quotes: outcome.single.length,
    failed: failedOf(outcome).length,
    p95Ms: outcome.p95Ms ?? null,
    limitMs: outcome.limitMs,
  };
  return recordEvidence(context, project, open, { kind: 'smoked', verdict: outcome.verdict, facts });
}

function annotate(context: StepContext, outcome: Outcome): void {
  for (const each of failedOf(outcome)) {
    context.host.annotate({
      level: 'error',
      title: 'SMOKE-QUOTE-FAILED',
      message: `${describeQuoteInFile(each.quote)}: ${faultsOf(outcome, each).join('; ')}`,
      place: { file: each.quote.file },
    });
  }
  if (outcome.p95Ms !== undefined && outcome.p95Ms > outcome.limitMs) {
    context.host.annotate({ level: 'error', title: 'SMOKE-TOO-SLOW', message: describeLatency(outcome) });
  }
}

function faultsOf({ together }: Outcome, { quote, faults }: QuoteOutcome): readonly string[] {
  const withOthers = together.find((other) => other.quote === quote)?.faults ?? [];
  return [...new Set([...faults, ...withOthers])];
}

function describeLatency({ p95Ms, limitMs }: Outcome): string {
  return p95Ms === undefined
    ? 'nothing was answered, so there is no latency'
    : `p95 of one quote is ${Math.round(p95Ms)} ms, the limit is ${limitMs} ms`;
}

function summaryOf(subject: Subject, outcome: Outcome): string {
  const failed = failedOf(outcome);
  const faults = describeFaults(failed.map((each) => ({ ...each, faults: faultsOf(outcome, each) })));
  return page(
    `## Haute smoke test: ${outcome.verdict}`,
    table(
      ['what', 'figure'],
      [
        ['address', plain(subject.address.url)],
        [
          'release that answered',
          subject.open ? `\`${subject.open.release.id}\`` : 'not known: the address was named by hand',
        ],
        [
          'quotes as expected',
          `${outcome.single.length - failed.length} of ${outcome.single.length}, one by one and all in one request`,
        ],
        ['latency', describeLatency(outcome)],
      ],
    ),
    faults.length > 0 ? `### What is wrong\n\n${bullets(faults)}` : '',
    allows(outcome.verdict) ? '' : 'The release must not be promoted.',
  );
}

function planOnly(subject: Subject, project: Project): StepResult<Outputs> {
  const what = `${project.quotes.length} quotes would be asked of ${plain(subject.address.url)}. Nothing was asked.`;
  return { result: 'pass', outputs: {}, summary: page('## Haute smoke test: plan', what) };
}

function noQuotes(): ConfigError {
  return new ConfigError({
    code: 'QUOTES-MISSING',
    what: 'there are no test quotes to ask for',
    fix: 'Put JSON files with test quotes into tests/quotes, or name their folder with the quotes input',
  });
}
