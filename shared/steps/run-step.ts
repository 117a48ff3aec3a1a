import { join } from 'node:path';
import {
  ConfigError,
  describePlace,
  explanationOf,
  GateFailure,
  Interrupted,
  messageOf,
  type Problem,
  ProviderError,
  whereToRead,
} from '../errors.ts';
import type { Host, StepEnd } from '../ports/host.ts';
import { allows } from '../release/verdict.ts';
import type { StepContext } from './context.ts';
import type { AnyStep, OutputSpecs, StepResult } from './define.ts';
import { page, plain } from './parts/markdown.ts';
import { readInputs } from './read-inputs.ts';

/** 0 pass or warn, 1 the product said no, 2 configuration, 3 provider, 70 our bug, 130 interrupted. */
export const EXIT = { pass: 0, no: 1, config: 2, provider: 3, bug: 70, interrupted: 130 } as const;

const REPORT_BUG = 'This is a defect of haute/deploy. Please report it with the lines above';

/**
 * Runs one step from its raw inputs to its end on the host: reads the inputs, holds it to its time, turns whatever
 * is thrown into the host's failure, writes the summary and hands over the outputs.
 * @param makeContext builds the context around the signal that ends the step
 * @param found what is known to be wrong with the inputs already
 * @returns the exit code
 */
export async function runStep(
  step: AnyStep,
  host: Host,
  signal: AbortSignal,
  makeContext: (signal: AbortSignal) => StepContext,
  found: readonly Problem[] = [],
): Promise<number> {
  let end: StepEnd;
  try {
    const inputs = readInputs(step.inputs, host, found) as Record<string, unknown>;
    const deadline = AbortSignal.timeout(inputs.timeout as number);
    const context = makeContext(AbortSignal.any([signal, deadline]));
    const result = await step.run(inputs as never, context);
    end = await succeed(step, result, inputs, context, signal.aborted);
  } catch (error) {
    end = fail(step, host, signal.aborted && !(error instanceof GateFailure) ? interruption(error) : error);
  }
  await host.finish(end);
  return end.exitCode;
}

async function succeed(
  step: AnyStep,
  result: StepResult<OutputSpecs>,
  inputs: Record<string, unknown>,
  context: StepContext,
  interrupted: boolean,
): Promise<StepEnd> {
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(result.outputs)) if (value !== undefined) outputs[name] = String(value);
  if (result.releaseId) outputs['release-id'] = result.releaseId;
  if (result.releaseFile) outputs['release-file'] = result.releaseFile;
  const exitCode = allows(result.result) ? EXIT.pass : interrupted ? EXIT.interrupted : EXIT.no;
  const summary = inputs['step-summary'] === true ? result.summary : '';
  if (summary !== '') {
    const file = join(context.resolvePath(String(inputs.project)), '.haute', 'summary', `${step.id}.md`);
    await context.files.write(file, summary);
    outputs['summary-file'] = file;
  }
  return {
    step: step.id,
    result: result.result,
    outputs,
    summary,
    exitCode,
  };
}

/** The end of a step that threw: what is wrong is annotated, and told in the summary. */
export function fail(step: Pick<AnyStep, 'id' | 'title'>, host: Host, error: unknown): StepEnd {
  const { problems, exitCode, result } = failureOf(error);
  for (const problem of problems) {
    host.annotate({
      level: 'error',
      title: problem.code,
      message: `${problem.what}. ${problem.fix}`,
      ...(problem.place && { place: problem.place }),
    });
  }
  if (exitCode === EXIT.bug) host.log.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
  host.log.info(whereToRead(problems));
  const summary = page(`## ${step.title}: ${result}`, problems.map(summaryLine).join('\n'));
  return { step: step.id, result, outputs: {}, summary, exitCode };
}

/** As `describeProblem`, in Markdown, with the code a link to what is said about it. */
function summaryLine({ code, what, fix, place }: Problem): string {
  const at = place ? `${plain(describePlace(place))}: ` : '';
  return `- ${at}${plain(what)} [${code}](${explanationOf(code)}). ${plain(fix)}`;
}

export interface Failure {
  readonly problems: readonly Problem[];
  readonly exitCode: number;
  readonly result: 'fail' | 'error';
}

/** What a thrown error means to the user, and the exit code it ends with. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConfigError) return { problems: error.problems, exitCode: EXIT.config, result: 'error' };
  if (error instanceof GateFailure) return { problems: [error.problem], exitCode: EXIT.no, result: 'fail' };
  if (error instanceof ProviderError) return { problems: [error.problem], exitCode: EXIT.provider, result: 'error' };
  if (error instanceof Interrupted) {
    const problem = { code: 'INTERRUPTED', what: messageOf(error), fix: 'Run the step again' };
    return { problems: [problem], exitCode: EXIT.interrupted, result: 'error' };
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    const problem = {
      code: 'STEP-TIMEOUT',
      what: 'the step ran out of time',
      fix: 'Raise the timeout input, or see above what it waited for',
    };
    return { problems: [problem], exitCode: EXIT.provider, result: 'error' };
  }
  const problem = { code: 'INTERNAL', what: messageOf(error), fix: REPORT_BUG };
  return { problems: [problem], exitCode: EXIT.bug, result: 'error' };
}

function interruption(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof ProviderError || error instanceof Interrupted) return error;
  return new Interrupted(messageOf(error));
}
