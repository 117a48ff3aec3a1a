import type { Book } from '../../impact/book/book.ts';
import { BookBuilder, type BookOptions } from '../../impact/book/book-builder.ts';
import { SpilledPages } from '../../impact/pages/page-store.ts';
import { mergePartials } from '../../impact/partial/merge-partials.ts';
import { renderMarkdown } from '../../impact/render/markdown.ts';
import { analyseBeside } from '../../impact/report/analyse.ts';
import type { ImpactJson } from '../../impact/report/impact-json.ts';
import { withoutExpectedBaseline } from '../../impact/report/require-baseline.ts';
import type { ColumnAnalyst } from '../../ports/column-analyst.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { recordEvidence } from '../parts/release-file.ts';
import { commentOnForge } from '../parts/tell-forge.ts';
import type { definition } from './definition.ts';
import { annotateGates, figuresOf, outputsOf } from './figures.ts';
import { type ImpactRun, prepareRun } from './impact-run.ts';
import { missingBaseline } from './missing-baseline.ts';
import { planPage, shardPage } from './pages.ts';
import { findPartials } from './read-partials.ts';
import { shareOf } from './sample.ts';
import { scoreRows } from './score-rows.ts';
import { writePartial } from './write-partial.ts';
import { writeReports } from './write-reports.ts';

export type Inputs = InputValues<typeof definition.inputs>;
export type Outputs = typeof definition.outputs;
type Kept = Pick<BookOptions, 'weightColumn' | 'store'>;

/**
 * Scores the portfolio on both sides, compares, judges, writes the reports and leaves evidence of exactly these files.
 * A shard scores its part and hands it on; the job that merges does the rest.
 */
export async function runImpactReport(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const run = await prepareRun(inputs, context);
  try {
    return await carryOut(inputs, context, run);
  } finally {
    await run.dataset.portfolio.close();
  }
}

async function carryOut(inputs: Inputs, context: StepContext, run: ImpactRun): Promise<StepResult<Outputs>> {
  const { merge } = inputs;
  const partials = merge === undefined ? undefined : await findPartials(context, run, merge);
  if (inputs['dry-run']) return { result: 'pass', outputs: {}, summary: planPage(run, partials) };
  if (run.shard) {
    const partial = await writePartial(context, run, run.shard);
    return {
      // Not a pass: nothing was judged.
      result: 'warn',
      outputs: { partial: partial.folder },
      summary: shardPage(run.shard, partial.rows, run.sample?.rows ?? run.total),
    };
  }
  const scratch = context.scratch();
  const analyst = context.columnAnalyst(scratch);
  try {
    const kept = { weightColumn: weightColumnOf(run), store: new SpilledPages(scratch) };
    const book = partials ? await mergePartials(partials, kept) : await scoredBook(context, run, kept, analyst);
    return await conclude(inputs, context, run, book, await judge(inputs, run, book, analyst));
  } finally {
    await analyst.close();
    scratch.close();
  }
}

async function scoredBook(context: StepContext, run: ImpactRun, kept: Kept, analyst: ColumnAnalyst): Promise<Book> {
  const share = shareOf(undefined, run.sample, run.total);
  const builder = new BookBuilder({ key: run.policy.key, ...kept });
  for await (const batch of scoreRows(context, run, share)) builder.add(batch);
  analyst.prepare(share.rows);
  return builder.finish();
}

async function conclude(
  inputs: Inputs,
  context: StepContext,
  run: ImpactRun,
  book: Book,
  report: ImpactJson,
): Promise<StepResult<Outputs>> {
  const { project, sides } = run;
  const markdown = renderMarkdown(report);
  const files = await writeReports(context, run, { report, markdown, book: inputs.rows ? book : undefined });
  const open =
    sides.open &&
    (await recordEvidence(context, project, sides.open, {
      kind: 'impact',
      verdict: report.verdict,
      facts: {
        files: files.digests,
        policyDigest: project.policyDigest,
        environment: inputs.environment,
        ...(inputs.mode === 'offline' && { mode: 'offline' }),
        ...figuresOf(report),
      },
    }));
  annotateGates(context, report);
  if (open) await commentOnForge(context, project, open.release, 'impact', markdown);
  return {
    result: report.verdict,
    ...(open && { releaseId: open.release.id, releaseFile: open.file }),
    outputs: { ...files.paths, ...outputsOf(report) },
    summary: markdown,
  };
}

async function judge(inputs: Inputs, run: ImpactRun, book: Book, analyst: ColumnAnalyst): Promise<ImpactJson> {
  const { policy, subject, sample, previous } = run;
  const setup = {
    policy,
    subject,
    sample: sample && { rows: sample.rows, of: run.total },
    ...(previous && { previous }),
  };
  const report = await analyseBeside(book, setup, (task) => analyst.study(task));
  const missing = report.baseline === 'none' ? missingBaseline(inputs, run) : undefined;
  return missing === undefined ? report : withoutExpectedBaseline(report, missing);
}

function weightColumnOf({ policy: { weight } }: ImpactRun): string | undefined {
  return weight === 'premium' || weight === 'count' ? undefined : weight;
}
