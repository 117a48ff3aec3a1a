import { ConfigError } from '../../errors.ts';
import { describeQuoteInFile } from '../../project/judge-answer.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { bullets, page, plain, table } from '../parts/markdown.ts';
import { type Proof, provePackage } from '../parts/prove-package.ts';
import { saveValidation } from '../parts/validation-file.ts';
import { openProject } from '../parts/workspace.ts';
import type { definition } from './definition.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

/** Resolves the pipeline, scores the quotes in process, and serves the package where the project cannot be reached. */
export async function runValidate(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const project = await openProject(context, inputs, inputs.quotes);
  if (project.quotes.length === 0) throw noQuotes();
  const engine = context.engine(project, inputs.python);
  const dir = await context.files.tempDir('haute-package-');
  try {
    const proof = await provePackage(context, project, engine, dir);
    annotateFaults(context, proof);
    if (!inputs['dry-run']) await saveValidation(context, project, proof);
    return { result: proof.verdict, outputs: outputsOf(proof), summary: summaryOf(proof) };
  } finally {
    await context.files.remove(dir);
  }
}

function outputsOf(proof: Proof): StepResult<Outputs>['outputs'] {
  const { pipeline } = proof;
  return {
    'quotes-passed': proof.outcomes.length - proof.failed.length,
    'quotes-failed': proof.failed.length,
    'input-columns': Object.keys(pipeline.inputSchema).length,
    'output-columns': Object.keys(pipeline.outputSchema).length,
    'nodes-kept': pipeline.nodesKept.length,
    'nodes-skipped': pipeline.nodesSkipped.length,
    artifacts: pipeline.artifacts.length,
    ...(proof.pkg && { 'package-digest': proof.pkg.digest }),
  };
}

function summaryOf(proof: Proof): string {
  const { pipeline, outcomes, failed } = proof;
  return page(
    `## Haute validate: ${proof.verdict}`,
    table(
      ['what', 'figure'],
      [
        ['test quotes as expected', `${outcomes.length - failed.length} of ${outcomes.length}`],
        ['nodes deployed', pipeline.nodesKept.length],
        ['nodes left out (training, exports)', pipeline.nodesSkipped.map(plain).join(', ') || 'none'],
        ['artifacts', pipeline.artifacts.map((artifact) => plain(artifact.name)).join(', ') || 'none'],
        ['input columns', Object.keys(pipeline.inputSchema).length],
        ['output columns', Object.keys(pipeline.outputSchema).map(plain).join(', ')],
        ['engine', `${pipeline.engine.name} ${pipeline.engine.version}, Python ${pipeline.engine.python}`],
        ['package', proof.pkg ? `\`${proof.pkg.digest}\`, proven by serving it apart from the project` : 'not built'],
      ],
    ),
    failed.length > 0 ? `### Quotes that are not as expected\n\n${bullets(proof.faults)}` : '',
    pipeline.warnings.length > 0 ? `### Warnings\n\n${bullets(pipeline.warnings)}` : '',
  );
}

function annotateFaults(context: StepContext, proof: Proof): void {
  for (const { quote, faults } of proof.failed) {
    context.host.annotate({
      level: 'error',
      title: 'QUOTE-FAILED',
      message: `${describeQuoteInFile(quote)}: ${faults.join('; ')}`,
      place: { file: quote.file },
    });
  }
}

function noQuotes(): ConfigError {
  return new ConfigError({
    code: 'QUOTES-MISSING',
    what: 'there are no test quotes, so nothing shows that the pipeline prices right',
    fix: 'Put JSON files with test quotes into tests/quotes, or name their folder in [test_quotes] dir of haute.toml',
    place: { file: 'haute.toml' },
  });
}
