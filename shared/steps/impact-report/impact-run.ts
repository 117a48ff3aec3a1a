import { isAbsolute, relative, resolve } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { parseShard, type Shard } from '../../impact/partial/shard.ts';
import { decodeImpact } from '../../impact/report/codec.ts';
import type { ImpactJson } from '../../impact/report/impact-json.ts';
import type { Project } from '../../project/project.ts';
import { shownUrl } from '../../release/deployment.ts';
import type { Policy } from '../../release/policy.ts';
import type { StepContext } from '../context.ts';
import { openProject } from '../parts/workspace.ts';
import { findPortfolio, type NamedPortfolio } from './find-portfolio.ts';
import { type ComparedSide, type ComparedSides, findSides } from './find-sides.ts';
import { howToCompare } from './missing-baseline.ts';
import type { Inputs } from './run.ts';
import { type EvenSample, evenSample } from './sample.ts';

export type ImpactPolicy = Policy['gates']['impact'];

/** Everything that is known before a row is scored: what is compared, on which rows, and by which rules. */
export interface ImpactRun {
  readonly project: Project;
  readonly policy: ImpactPolicy;
  readonly sides: ComparedSides;
  readonly dataset: NamedPortfolio;
  /** Rows of the portfolio. */
  readonly total: number;
  /** Undefined where every row is scored. */
  readonly sample: EvenSample | undefined;
  readonly shard: Shard | undefined;
  readonly subject: ImpactJson['subject'];
  /** An earlier report, to tell how the portfolio has drifted since. */
  readonly previous: ImpactJson | undefined;
  /** Where the reports go; absolute. */
  readonly folder: string;
}

/**
 * Finds out what is to be compared, and proves that it is there.
 * @throws ConfigError ADDRESSES-SAME, SHARD-INVALID, SHARD-AND-MERGE, REPORT-OUTSIDE, PORTFOLIO-…; what `findSides` throws
 */
export async function prepareRun(inputs: Inputs, context: StepContext): Promise<ImpactRun> {
  const shard = shardOf(inputs);
  checkAddressesDiffer(inputs);
  const project = await openProject(context, inputs);
  const policy = policyOf(project, inputs);
  const folder = reportFolder(project, inputs['report-dir']);
  const previous = await previousReport(inputs, context);
  const sides = await findSides(inputs, context, project);
  tellWithoutBaseline(context, inputs, sides);
  const dataset = await findPortfolio(inputs, context, project, policy.key, sides.production !== undefined);
  const total = await dataset.portfolio.count(context.signal);
  const sample = evenSample(inputs.sample, total);
  const subject = subjectOf(project, policy, sides, dataset);
  return { project, policy, sides, dataset, total, sample, shard, subject, previous, folder };
}

/** Callers may be answered by what is no release: then nobody should take it that there was nothing to compare. */
function tellWithoutBaseline({ host }: StepContext, inputs: Inputs, { production, foreign }: ComparedSides): void {
  if (production) return;
  const { baseline } = inputs;
  if (foreign === undefined)
    host.log.info(`no release serves ${baseline} yet: staging is described, nothing is compared`);
  else host.log.warn(`${foreign} serves ${baseline} and is no release: nothing is compared; ${howToCompare(inputs)}`);
}

function shardOf({ shard: text, merge }: Inputs): Shard | undefined {
  if (text === undefined) return undefined;
  if (merge !== undefined) {
    throw new ConfigError({
      code: 'SHARD-AND-MERGE',
      what: 'shard and merge are both given: a job either scores a part of the rows or puts the parts together',
      fix: 'Give shard to the jobs of the matrix, and merge to the one job after them',
    });
  }
  const shard = parseShard(text);
  if (shard) return shard;
  throw new ConfigError({
    code: 'SHARD-INVALID',
    what: `shard is ${JSON.stringify(text)}, not a part like 2/4`,
    fix: 'Write the number of the job, a slash and the number of jobs: 1/4 to 4/4, and at most 1000 of them',
  });
}

/** A copied address would show that nothing changes. */
function checkAddressesDiffer({ 'staging-url': staging, 'production-url': production }: Inputs): void {
  if (staging === undefined || staging !== production) return;
  throw new ConfigError({
    code: 'ADDRESSES-SAME',
    what: `staging-url and production-url are both ${shownUrl(staging)}: nothing would change`,
    fix: 'Give the address with the new rates, and the one with the rates in force',
  });
}

/** The policy with what the inputs override. */
function policyOf(project: Project, inputs: Inputs): ImpactPolicy {
  const { impact } = project.policy.gates;
  const outputs = inputs.outputs.length > 0 ? inputs.outputs : impact.outputs;
  return { ...impact, key: inputs.key ?? impact.key, outputs };
}

function subjectOf(
  project: Project,
  policy: ImpactPolicy,
  sides: ComparedSides,
  { name, portfolio }: NamedPortfolio,
): ImpactJson['subject'] {
  return {
    project: project.config.project.name,
    dataset: { path: name, files: portfolio.files.map((file) => ({ ...file })) },
    key: policy.key ?? null,
    staging: addressJson(sides.staging),
    production: sides.production ? addressJson(sides.production) : null,
  };
}

function addressJson({ address, releaseId, packageDigest }: ComparedSide): ImpactJson['subject']['staging'] {
  return { url: shownUrl(address.url), release_id: releaseId ?? null, package_digest: packageDigest ?? null };
}

async function previousReport({ previous }: Inputs, context: StepContext): Promise<ImpactJson | undefined> {
  if (previous === undefined) return undefined;
  const bytes = await context.files.read(context.resolvePath(previous));
  if (bytes) return decodeImpact(new TextDecoder().decode(bytes), previous);
  throw new ConfigError({
    code: 'PREVIOUS-MISSING',
    what: `there is no report ${previous} to compare the portfolio with`,
    fix: 'Name the impact.json of an earlier run, or leave previous out',
  });
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
