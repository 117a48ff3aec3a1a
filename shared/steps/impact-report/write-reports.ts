import { join, relative } from 'node:path';
import type { Book } from '../../impact/book/book.ts';
import { renderHtml } from '../../impact/render/html/page.ts';
import { renderJunit } from '../../impact/render/junit.ts';
import { encodeImpact } from '../../impact/report/codec.ts';
import type { ImpactJson } from '../../impact/report/impact-json.ts';
import { rowsAsParquet } from '../../impact/rows/rows-as-parquet.ts';
import { type Digest, digesting, digestOf } from '../../release/digest.ts';
import type { StepContext } from '../context.ts';
import type { ImpactRun } from './impact-run.ts';

export interface WrittenReports {
  /** By path in the project. */
  readonly digests: Readonly<Record<string, Digest>>;
  /** Absolute, by output of the step. */
  readonly paths: Readonly<Partial<Record<'json' | 'report' | 'html' | 'rows', string>>>;
}

export interface Reports {
  readonly report: ImpactJson;
  readonly markdown: string;
  /** To write its rows; undefined where they are not wanted. */
  readonly book: Book | undefined;
}

const ROWS_FILE = 'impact_rows.parquet';

/** Writes the report in every form, and says what was written. */
export async function writeReports(
  context: StepContext,
  run: ImpactRun,
  { report, markdown, book }: Reports,
): Promise<WrittenReports> {
  const texts = {
    json: ['impact.json', encodeImpact(report)],
    report: ['impact_report.md', markdown],
    html: ['impact_report.html', renderHtml(report)],
    junit: ['impact_gates.xml', renderJunit(report)],
  } as const;
  const digests: Record<string, Digest> = {};
  const pathOf = (name: string): string => join(run.folder, name);
  for (const [name, text] of Object.values(texts)) {
    await context.files.write(pathOf(name), text);
    digests[inProject(run, name)] = digestOf(text);
  }
  // Rows of an earlier run would be taken for those of this one.
  if (book === undefined) await context.files.remove(pathOf(ROWS_FILE));
  else digests[inProject(run, ROWS_FILE)] = await writeRows(context, run, book, pathOf(ROWS_FILE));
  const paths = { json: pathOf(texts.json[0]), report: pathOf(texts.report[0]), html: pathOf(texts.html[0]) };
  return { digests, paths: { ...paths, ...(book && { rows: pathOf(ROWS_FILE) }) } };
}

async function writeRows(context: StepContext, { policy }: ImpactRun, book: Book, path: string): Promise<Digest> {
  const { add, digest } = digesting();
  const pieces = rowsAsParquet(book, { named: policy.outputs, key: policy.key });
  await context.files.write(path, whileTold(pieces, add));
  return digest();
}

async function* whileTold(
  pieces: AsyncIterable<Uint8Array>,
  tell: (piece: Uint8Array) => void,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    tell(piece);
    yield piece;
  }
}

function inProject({ project, folder }: ImpactRun, name: string): string {
  return relative(project.root, join(folder, name)).replaceAll('\\', '/');
}
