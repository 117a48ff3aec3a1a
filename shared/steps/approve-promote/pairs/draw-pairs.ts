import { join } from 'node:path';
import { ConfigError, ProviderError } from '../../../errors.ts';
import { SeededRandom } from '../../../impact/numbers/random.ts';
import { sampledRow } from '../../../impact/numbers/sampled-row.ts';
import { decodeImpact } from '../../../impact/report/codec.ts';
import type { ImpactJson } from '../../../impact/report/impact-json.ts';
import type { Portfolio } from '../../../ports/portfolio.ts';
import type { Project } from '../../../project/project.ts';
import { canonicalJson } from '../../../release/canonical-json.ts';
import type { Deployment } from '../../../release/deployment.ts';
import { type Digest, digestOf } from '../../../release/digest.ts';
import type { Evidence } from '../../../release/evidence.ts';
import type { Json, JsonObject } from '../../../release/json.ts';
import type { StepContext } from '../../context.ts';
import { checkDigest } from '../check-reports.ts';
import type { ApprovedRow } from './judge-pair.ts';

/** A row of the portfolio that the approved report was made of. */
export interface DrawnQuote {
  /** Number of the row in the portfolio, from 1; for people. */
  readonly row: number;
  readonly input: JsonObject;
  readonly approved: ApprovedRow | undefined;
}

export interface DrawnPairs {
  readonly report: ImpactJson;
  readonly quotes: readonly DrawnQuote[];
}

interface RowsFile {
  readonly path: string;
  readonly digest: string | undefined;
}

export interface Draw {
  /** Of the release: the same release is asked for the same quotes. */
  readonly releaseId: Digest;
  /** The approved report, whose files were found to be unchanged. */
  readonly impact: Evidence;
  /** What serves now. */
  readonly current: Deployment | undefined;
  readonly count: number;
}

/** Portfolios that are gone, changed or out of reach: there is nothing to draw from, and that is said. */
const NOT_AT_HAND = /^(?:PORTFOLIO-|LOGIN-|ID-TOKEN-)/;

/**
 * Draws quotes from the portfolio of the approved report, evenly at random by the release's own seed.
 * @returns why there are none where the report, its portfolio or its baseline is not what is at hand now
 * @throws ConfigError IMPACT-BROKEN; GateFailure REPORT-CHANGED; Interrupted
 */
export async function drawPairs(context: StepContext, project: Project, draw: Draw): Promise<DrawnPairs | string> {
  if (!draw.current) return 'no release serves yet';
  const files = (draw.impact.facts.files ?? {}) as Readonly<Record<string, string>>;
  const path = Object.keys(files).find((each) => /(?:^|\/)impact\.json$/.test(each));
  const bytes = path === undefined ? undefined : await context.files.read(join(project.root, path));
  if (path === undefined || !bytes) return 'the evidence of the impact has no report';
  // An approval may have been waited for since the files were looked at.
  checkDigest(path, digestOf(bytes), files[path]);
  const report = decodeImpact(new TextDecoder().decode(bytes), path);
  const { production } = report.subject;
  if (report.baseline === 'none' || production === null) return 'the impact report compares with nothing';
  if (production.release_id !== draw.current.releaseId && production.package_digest !== draw.current.packageDigest)
    return `the impact report compares with ${production.release_id ?? production.url}, and ${draw.current.releaseId} serves now`;
  try {
    const rowsFile = Object.keys(files).find((each) => /(?:^|\/)impact_rows\.parquet$/.test(each));
    const rows = rowsFile === undefined ? undefined : { path: rowsFile, digest: files[rowsFile] };
    return { report, quotes: await readDrawn(context, project, report, rows, draw) };
  } catch (error) {
    if (error instanceof ProviderError) return error.problem.what;
    if (!(error instanceof ConfigError) || !NOT_AT_HAND.test(error.problems[0].code)) throw error;
    return error.problems[0].what;
  }
}

async function readDrawn(
  context: StepContext,
  project: Project,
  report: ImpactJson,
  rowsFile: RowsFile | undefined,
  { releaseId, count }: Draw,
): Promise<readonly DrawnQuote[]> {
  const { dataset, key } = report.subject;
  const scored = report.rows.total;
  const drawn = drawNumbers(seedOf(releaseId), Math.min(count, scored), scored);
  const { sample } = report;
  const numbers = drawn.map((row) => inPortfolio(row, sample));
  const inputs = await rowsOf(context, project, { path: dataset.path, key: key ?? undefined }, numbers, ({ files }) => {
    if (canonicalJson(dataset.files as unknown as Json) !== canonicalJson(files as unknown as Json))
      throw otherPortfolio(dataset.path);
  });
  const approved = rowsFile
    ? await rowsOf(context, project, { path: rowsFile.path, key: undefined }, drawn, ({ files }) =>
        checkDigest(rowsFile.path, files[0]?.digest, rowsFile.digest),
      )
    : [];
  return inputs.map((input, index) => ({
    row: inPortfolio(drawn[index] as number, sample) + 1,
    input,
    approved: approved[index],
  }));
}

/** @param check throws where it is not the portfolio that is meant */
async function rowsOf(
  context: StepContext,
  { root }: Project,
  { path, key }: { readonly path: string; readonly key: string | undefined },
  numbers: readonly number[],
  check: (portfolio: Portfolio) => void,
): Promise<readonly JsonObject[]> {
  const portfolio = await context.portfolios.open({ root, dataset: path, key, reader: 'built-in' }, context.signal);
  try {
    check(portfolio);
    return await rowsAt(context, portfolio, numbers);
  } finally {
    await portfolio.close();
  }
}

/** Of the rows that the report was made of, by number, the number in the portfolio. */
export function inPortfolio(row: number, sample: ImpactJson['sample']): number {
  return sample === null ? row : sampledRow(row, sample);
}

/** So many different numbers below the limit, ascending. */
function drawNumbers(seed: number, count: number, below: number): readonly number[] {
  const random = new SeededRandom(seed);
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.below(below));
  return [...drawn].sort((a, b) => a - b);
}

function seedOf(releaseId: Digest): number {
  return Number.parseInt(releaseId.slice(-8), 16);
}

/** The rows of these ascending numbers; reads no further than the last of them. */
async function rowsAt(
  { signal }: StepContext,
  portfolio: Portfolio,
  numbers: readonly number[],
): Promise<readonly JsonObject[]> {
  const wanted = new Set(numbers);
  const found: JsonObject[] = [];
  if (wanted.size === 0) return found;
  for await (const chunk of portfolio.rows({ signal, take: (row) => wanted.has(row) })) {
    found.push(...chunk);
    if (found.length >= wanted.size) break;
  }
  return found;
}

function otherPortfolio(path: string): ConfigError {
  return new ConfigError({
    code: 'PORTFOLIO-CHANGED',
    what: `${path} is not the portfolio any more that the impact report was made of`,
    fix: 'Run impact-report again, and let nothing write to the portfolio',
    place: { file: path },
  });
}
