import { isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { BookBuilder } from '../../impact/book/book-builder.ts';
import { renderHtml } from '../../impact/render/html/page.ts';
import { renderJunit } from '../../impact/render/junit.ts';
import { renderMarkdown } from '../../impact/render/markdown.ts';
import { analyse } from '../../impact/report/analyse.ts';
import { encodeImpact } from '../../impact/report/codec.ts';
import type { ImpactJson } from '../../impact/report/impact-json.ts';
import type { Project } from '../../project/project.ts';
import { digestOf } from '../../release/digest.ts';
import type { Policy } from '../../release/policy.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { page, plain } from '../parts/markdown.ts';
import { recordEvidence } from '../parts/release-file.ts';
import { commentOnForge } from '../parts/tell-forge.ts';
import { openProject } from '../parts/workspace.ts';
import type { definition } from './definition.ts';
import { findPortfolio, type NamedPortfolio } from './find-portfolio.ts';
import { type ComparedSide, type ComparedSides, findSides } from './find-sides.ts';
import { evenSample, scoreInto } from './score-into.ts';

export type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;
type ImpactPolicy = Policy['gates']['impact'];

/** Scores the portfolio on both sides, compares, judges, writes the reports and leaves evidence of exactly these files. */
export async function runImpactReport(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const project = await openProject(context, inputs);
  const policy = policyOf(project, inputs);
  const folder = reportFolder(project, inputs['report-dir']);
  const sides = await findSides(inputs, context, project);
  if (!sides.production)
    context.host.log.info(`nothing serves ${inputs.baseline} yet: staging is described, nothing is compared`);
  const dataset = await findPortfolio(inputs, context, project, policy.key, sides.production !== undefined);
  const total = await dataset.portfolio.count(context.signal);
  if (inputs['dry-run']) return plan(inputs, sides, dataset, total);
  const report = await compare(context, project, policy, sides, dataset, evenSample(inputs.sample, total), total);
  const markdown = renderMarkdown(report);
  const files = await writeReports(context, project, folder, report, markdown);
  const open =
    sides.open &&
    (await recordEvidence(context, project, sides.open, {
      kind: 'impact',
      verdict: report.verdict,
      facts: {
        files: files.digests,
        policyDigest: project.policyDigest,
        environment: inputs.environment,
        ...figuresOf(report),
      },
    }));
  annotateGates(context, report);
  if (open) await commentOnForge(context, project, open.release, 'impact', markdown);
  return {
    result: report.verdict,
    ...(open && { releaseId: open.release.id, releaseFile: open.file }),
    outputs: { report: files.markdown, html: files.html, json: files.json, ...outputsOf(report) },
    summary: markdown,
  };
}

/** The policy with what the inputs override. */
function policyOf(project: Project, inputs: Inputs): ImpactPolicy {
  const { impact } = project.policy.gates;
  const outputs = inputs.outputs.length > 0 ? inputs.outputs : impact.outputs;
  return { ...impact, key: inputs.key ?? impact.key, outputs };
}

async function compare(
  context: StepContext,
  project: Project,
  policy: ImpactPolicy,
  sides: ComparedSides,
  { name, portfolio }: NamedPortfolio,
  sample: ReturnType<typeof evenSample>,
  total: number,
): Promise<ImpactJson> {
  const weightColumn = policy.weight === 'premium' || policy.weight === 'count' ? undefined : policy.weight;
  const rows = sample?.rows ?? total;
  const builder = new BookBuilder({ key: policy.key, weightColumn, capacity: rows });
  await scoreInto(builder, context, sides, portfolio, sample, rows);
  return analyse(builder.finish(), {
    policy,
    sample: sample && { rows: sample.rows, of: total },
    subject: {
      project: project.config.project.name,
      dataset: { path: name, files: portfolio.files.map((file) => ({ ...file })) },
      key: policy.key ?? null,
      staging: addressJson(sides.staging),
      production: sides.production ? addressJson(sides.production) : null,
    },
  });
}

function addressJson({ address, releaseId, packageDigest }: ComparedSide): ImpactJson['subject']['staging'] {
  return { url: address.url, release_id: releaseId ?? null, package_digest: packageDigest ?? null };
}

async function writeReports(
  context: StepContext,
  project: Project,
  folder: string,
  report: ImpactJson,
  markdown: string,
) {
  const contents = {
    json: ['impact.json', encodeImpact(report)],
    markdown: ['impact_report.md', markdown],
    html: ['impact_report.html', renderHtml(report)],
    junit: ['impact_gates.xml', renderJunit(report)],
  } as const;
  const digests: Record<string, string> = {};
  for (const [name, text] of Object.values(contents)) {
    const file = join(folder, name);
    await context.files.write(file, text);
    digests[relative(project.root, file).replaceAll('\\', '/')] = digestOf(text);
  }
  const path = (name: keyof typeof contents): string => join(folder, contents[name][0]);
  return { digests, json: path('json'), markdown: path('markdown'), html: path('html') };
}

function figuresOf(report: ImpactJson) {
  const [premium] = report.outputs;
  return {
    rowsScored: report.rows.scored,
    rowsFailed: report.rows.failed,
    meanChangePct: premium?.mean_change_pct ?? null,
    premiumChangePct: premium?.total_change_pct ?? null,
  };
}

function outputsOf(report: ImpactJson): StepResult<Outputs>['outputs'] {
  const [premium] = report.outputs;
  const percent = (value: number | null | undefined): string | undefined =>
    typeof value === 'number' ? value.toFixed(4) : undefined;
  const mean = percent(premium?.mean_change_pct);
  const change = percent(premium?.total_change_pct);
  return {
    'rows-scored': report.rows.scored,
    'rows-failed': report.rows.failed,
    'rows-changed': premium?.changed ?? 0,
    ...(mean !== undefined && { 'mean-change-pct': mean }),
    ...(change !== undefined && { 'premium-change-pct': change }),
  };
}

function annotateGates(context: StepContext, report: ImpactJson): void {
  for (const gate of report.gates) {
    if (gate.verdict === 'pass' || report.baseline === 'none') continue;
    const level = gate.verdict === 'warn' ? 'warning' : 'error';
    context.host.annotate({
      level,
      title: `IMPACT-${gate.name.toUpperCase().replaceAll('_', '-')}`,
      message: `${gate.verdict}: ${gate.reason}`,
    });
  }
}

/** Reports are hashed into the evidence by their path in the project, so they stay inside it. */
function reportFolder(project: Project, given: string): string {
  const folder = resolve(project.root, given);
  const inside = relative(project.root, folder);
  if (!inside.startsWith('..') && !isAbsolute(inside)) return folder;
  throw new ConfigError({
    code: 'REPORT-OUTSIDE',
    what: `the report folder ${given} is outside of the project`,
    fix: 'Name a folder inside the project',
  });
}

function plan(inputs: Inputs, sides: ComparedSides, { name }: NamedPortfolio, total: number): StepResult<Outputs> {
  const rows = inputs.sample > 0 ? Math.min(inputs.sample, total) : total;
  const against = sides.production ? plain(sides.production.address.url) : 'nothing: there is no baseline yet';
  const what = `${rows} of ${total} rows of ${plain(name)} would be scored on ${plain(sides.staging.address.url)} and compared with ${against}. Nothing was scored.`;
  return { result: 'pass', outputs: {}, summary: page('## Haute impact report: plan', what) };
}
