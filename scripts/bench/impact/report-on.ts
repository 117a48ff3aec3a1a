import { createHash } from 'node:crypto';
import type { Book } from '../../../shared/impact/book/book.ts';
import { renderHtml } from '../../../shared/impact/render/html/page.ts';
import { renderMarkdown } from '../../../shared/impact/render/markdown.ts';
import { analyse } from '../../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../../shared/impact/report/codec.ts';
import { POLICY, SUBJECT } from '../../../tests/impact/make-book.ts';

/** Works the report out in all its forms. */
export function reportOn(book: Book): { readonly rows: number; readonly segments: number; readonly digest: string } {
  const report = analyse(book, { subject: SUBJECT, policy: POLICY, sample: undefined });
  const text = encodeImpact(report);
  renderMarkdown(report);
  renderHtml(report);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { rows: report.rows.scored, segments: report.segments.length, digest };
}
