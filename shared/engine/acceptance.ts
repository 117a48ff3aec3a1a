import { join } from 'node:path';
import { GateFailure, ProviderError } from '../errors.ts';
import type { EngineOptions, EnginePackage, QuoteAnswer, ServePlan } from '../ports/engine.ts';
import type { QuoteEndpoint, QuoteEndpoints } from '../ports/quote-endpoint.ts';
import { describeQuote } from '../project/judge-answer.ts';
import type { TestQuote } from '../project/test-quote.ts';
import { canonicalJson } from '../release/canonical-json.ts';
import { PackageServer, type ServerTools } from './package-server.ts';
import { batchesOf } from './quote-batches.ts';
import { answerDifference, type Precision } from './row-difference.ts';
import { bytecodeDir } from './tools.ts';

export interface AcceptanceTools extends ServerTools {
  readonly endpoints: QuoteEndpoints;
  readonly plan: (pkg: EnginePackage) => Promise<ServePlan>;
}

interface Asked {
  readonly quote: TestQuote;
  readonly answer: QuoteAnswer;
}

/**
 * Serves a copy of the package from a folder that has nothing of the project in it or around it, and asks it for the
 * quotes: each alone, as a live client does, and all together, which Haute prices in another way. Every answer must be
 * the in-process one. The server is gone when this returns or throws.
 * @throws GateFailure PACKAGE-DOES-NOT-SERVE, PACKAGE-ANSWERS-DIFFER
 */
export async function acceptPackage(
  tools: AcceptanceTools,
  pkg: EnginePackage,
  quotes: readonly TestQuote[],
  answers: readonly QuoteAnswer[],
  options: EngineOptions,
): Promise<void> {
  const { files, endpoints, cacheDir } = tools;
  const work = await files.tempDir('haute-acceptance-');
  try {
    const copy = { ...pkg, dir: join(work, 'package') };
    await files.copyTree(pkg.dir, copy.dir);
    const server = new PackageServer(tools, await tools.plan(copy), options.signal);
    try {
      const url = await server.started();
      const endpoint = endpoints.open({ url, wire: 'haute' });
      try {
        await answersAsItself(tools, server, endpoint, pkg, options);
        await compareAll(tools, server, endpoint, pairs(quotes, answers), options);
      } finally {
        await endpoint.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await files.remove(work);
    await files.remove(join(bytecodeDir(cacheDir), work));
  }
}

function pairs(quotes: readonly TestQuote[], answers: readonly QuoteAnswer[]): readonly Asked[] {
  if (quotes.length !== answers.length) throw new TypeError(`${answers.length} answers for ${quotes.length} quotes`);
  return quotes.map((quote, index) => ({ quote, answer: answers[index] as QuoteAnswer }));
}

/** Waits until the server is well, and holds it to what it says of itself. */
async function answersAsItself(
  { clock, timeouts }: AcceptanceTools,
  server: PackageServer,
  endpoint: QuoteEndpoint,
  pkg: EnginePackage,
  { signal }: EngineOptions,
): Promise<void> {
  const until = clock.now() + timeouts.start;
  for (;;) {
    const identity = await orUndefined(endpoint.identify({ signal, timeoutMs: timeouts.request }));
    if (identity?.ok) {
      const { packageDigest, releaseId, deploymentId } = identity;
      const proven = packageDigest === pkg.digest && releaseId === server.nonce && deploymentId === server.nonce;
      if (proven) return;
      throw server.doesNotServe(`it says that it is package ${packageDigest}, release ${releaseId}`);
    }
    if (server.hasEnded) throw server.doesNotServe('it ended before it answered');
    if (clock.now() > until) throw server.doesNotServe(`it is not well after ${timeouts.start / 1000} s`);
    await clock.sleep(POLL_MS, signal);
  }
}

const POLL_MS = 50;

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

async function compareAll(
  { timeouts }: AcceptanceTools,
  server: PackageServer,
  endpoint: QuoteEndpoint,
  asked: readonly Asked[],
  { signal, progress }: EngineOptions,
): Promise<void> {
  const compare = async (request: readonly Asked[], how: How): Promise<void> => {
    const scored = await answersTo(request, how).catch((error: unknown) => {
      if (!(error instanceof ProviderError)) throw error;
      const what = request.length === 1 ? 'a single quote' : `${request.length} quotes in one request`;
      throw server.doesNotServe(`it does not answer ${what}: ${error.problem.what}`);
    });
    for (const [index, { quote, answer }] of [...new Set(request)].entries()) {
      const difference = answerDifference(answer, scored.at(index), PRECISION[how]);
      if (difference !== undefined) throw differs(quote, how, difference, server);
    }
  };
  const answersTo = (request: readonly Asked[], how: How) => {
    const rows = request.map(({ quote }) => quote.input);
    const repeatsOnce = request[0] === request[1];
    return endpoint.score(rows, { signal, timeoutMs: timeouts.request, bulk: how === 'together', repeatsOnce });
  };

  for (const each of asked) await compare([each], 'alone');
  // A quote that is refused alone would have its whole request refused.
  for (const batch of batchesOf(differentAnswers(asked), ({ quote }) => quote.input)) await compare(batch, 'together');
  progress(`${asked.length} quotes are answered over HTTP as in process, alone and together`);
}

/** Of the quotes that have a price, the first of each that are answered alike: Haute gives such rows only once. */
function differentAnswers(asked: readonly Asked[]): readonly Asked[] {
  const byAnswer = new Map<string, Asked>();
  for (const each of asked) {
    const key = each.answer.ok ? canonicalJson(each.answer.row) : undefined;
    if (key !== undefined && !byAnswer.has(key)) byAnswer.set(key, each);
  }
  return [...byAnswer.values()];
}

type How = 'alone' | 'together';

const PRECISION = { alone: 'exact', together: 'rounding' } as const satisfies Record<How, Precision>;

function differs(quote: TestQuote, how: How, difference: string, server: PackageServer): GateFailure {
  return new GateFailure({
    code: 'PACKAGE-ANSWERS-DIFFER',
    what: `asked ${how}, the packaged application answers ${describeQuote(quote)} differently: ${difference}${server.lastLines()}`,
    fix: FIX_DIFFERENCE[how],
    place: { file: quote.file },
  });
}

const FIX_DIFFERENCE = {
  alone:
    'Score with the versions that are packaged (`uv sync`, or remove Haute from that Python so that an environment is made), and look for what the pipeline reads outside of its artifacts',
  together:
    'Look for a calculation over rows (a mean, a rank, a window): a price must not depend on the other quotes of a request',
} as const;
