import type { Engine, EnginePackage, QuoteAnswer, ResolvedPipeline } from '../../ports/engine.ts';
import { describeMismatch, judgeAnswer } from '../../project/judge-answer.ts';
import type { Project } from '../../project/project.ts';
import type { TestQuote } from '../../project/test-quote.ts';
import type { Verdict } from '../../release/verdict.ts';
import type { StepContext } from '../context.ts';
import { describeFaults, type QuoteOutcome } from './ask-quotes.ts';
import { engineOptions } from './workspace.ts';

/** What is known of a pipeline after its quotes were scored and its package was served. */
export interface Proof {
  readonly verdict: Verdict;
  readonly pipeline: ResolvedPipeline;
  readonly outcomes: readonly QuoteOutcome[];
  readonly failed: readonly QuoteOutcome[];
  /** One line for each fault. */
  readonly faults: readonly string[];
  /** Undefined where quotes failed: what was packaged then is of no use. */
  readonly pkg: EnginePackage | undefined;
}

/**
 * Proves a pipeline: resolves it, scores the test quotes in process and judges them, writes the package into `dir`,
 * and has the engine serve it apart from the project until it gives the same answers over HTTP.
 */
export async function provePackage(
  context: StepContext,
  project: Project,
  engine: Engine,
  dir: string,
): Promise<Proof> {
  const { log } = context.host;
  const options = engineOptions(context);
  // Processes of the engine, each most of the time busy with its own start: so the package is written while quotes are scored.
  const packaged = async (): Promise<[ResolvedPipeline, EnginePackage]> => {
    const pipeline = await engine.resolve(options);
    return [pipeline, await engine.package(dir, options)];
  };
  const [[pipeline, pkg], answers] = await log.group(
    'Reading the pipeline, scoring the test quotes and packaging',
    () => bothDone(packaged(), engine.score(project.quotes, options)),
  );
  log.info(
    `${pipeline.nodesKept.length} nodes to deploy, ${pipeline.nodesSkipped.length} left out, ${pipeline.artifacts.length} artifacts`,
  );
  const outcomes = project.quotes.map((quote, index) =>
    judge(quote, answers[index], project.policy.gates.smoke.tolerance),
  );
  const failed = outcomes.filter((outcome) => outcome.faults.length > 0);
  const faults = describeFaults(failed);
  log.info(`${outcomes.length - failed.length} of ${outcomes.length} test quotes are as expected`);
  if (failed.length > 0) return { verdict: 'fail', pipeline, outcomes, failed, faults, pkg: undefined };
  await log.group('Serving the package apart from the project', () =>
    engine.accept(pkg, project.quotes, answers, options),
  );
  log.info(`package ${pkg.digest} answers all quotes over HTTP as in process, one row and many`);
  return { verdict: 'pass', pipeline, outcomes, failed, faults, pkg };
}

function judge(quote: TestQuote, answer: QuoteAnswer | undefined, tolerance: number): QuoteOutcome {
  if (!answer) return { quote, faults: ['no answer'], ms: undefined, row: undefined };
  if (!answer.ok) return { quote, faults: [answer.error], ms: answer.ms, row: undefined };
  return {
    quote,
    faults: judgeAnswer(quote, answer.row, tolerance).map(describeMismatch),
    ms: answer.ms,
    row: answer.row,
  };
}

/** Both results, once neither is at work any more. @throws what the first of them threw */
async function bothDone<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
