import { createHash } from 'node:crypto';
import type { Book } from '../../../shared/impact/book/book.ts';
import { renderHtml } from '../../../shared/impact/render/html/page.ts';
import { renderMarkdown } from '../../../shared/impact/render/markdown.ts';
import { analyseBeside } from '../../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../../shared/impact/report/codec.ts';
import { ThreadedAnalyst } from '../../../shared/io/columns-thread/threaded-analyst.ts';
import type { DiskScratch } from '../../../shared/io/disk-scratch.ts';
import { POLICY, SUBJECT } from '../../../tests/impact/make-book.ts';

export interface Reported {
  readonly rows: number;
  readonly segments: number;
  readonly digest: string;
}

/** Works the report out in all its forms, as the step does. @param rows of the book, which is finished meanwhile */
export async function reportOn(finish: () => Book, rows: number, scratch: DiskScratch): Promise<Reported> {
  const { signal } = new AbortController();
  const analyst = new ThreadedAnalyst({ scratch, signal, warn: (line) => process.stderr.write(`${line}\n`) });
  analyst.prepare(rows);
  const setup = { subject: SUBJECT, policy: POLICY, sample: undefined };
  const report = await analyseBeside(finish(), setup, (task) => analyst.study(task));
  await analyst.close();
  const text = encodeImpact(report);
  renderMarkdown(report);
  renderHtml(report);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { rows: report.rows.scored, segments: report.segments.length, digest };
}
