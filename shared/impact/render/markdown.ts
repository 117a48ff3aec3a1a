import type { ImpactJson } from '../report/impact-json.ts';
import { reportDocument } from './content/report-document.ts';
import { type Block, type Inline, inlines, type Phrase, type Section } from './document.ts';
import { cellCode, code, prose, table } from './markdown-text.ts';

export interface MarkdownOptions {
  /**
   * Characters that the report may have. GitHub takes 65,536 in a comment, the least of the hosts; the rest is for what
   * is put around the report.
   */
  readonly maxLength: number;
}

const DEFAULTS: MarkdownOptions = { maxLength: 60_000 };
const LEFT_OUT = '_Some sections did not fit here. They are in `impact.json`._';
/** Signs of a full bar. */
const BAR = 20;

const VERDICTS: Readonly<Record<ImpactJson['verdict'], string>> = {
  pass: '✅ pass',
  warn: '⚠️ warn',
  fail: '❌ fail',
  inconclusive: '❔ inconclusive',
  error: '❌ error',
};

/**
 * The report for people: the verdict, one paragraph, the gates, and then what stands behind them, the most important
 * first. Sections for which there is no room are left out from the end, and the reader is told.
 */
export function renderMarkdown(report: ImpactJson, options: MarkdownOptions = DEFAULTS): string {
  const { title, verdict, subject, gist, sections } = reportDocument(report);
  const parts = [`## ${title}: ${VERDICTS[verdict]}`, written(subject), written(gist), ...sections.map(sectionText)];
  const shown: string[] = [];
  let length = LEFT_OUT.length + 1;
  for (const part of parts.filter((text) => text !== '')) {
    length += part.length + 2;
    if (length > options.maxLength) return `${[...shown, LEFT_OUT].join('\n\n')}\n`;
    shown.push(part);
  }
  return `${shown.join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  const texts = blocks.map(blockText).filter((text) => text !== '');
  return texts.length === 0 ? '' : [`### ${title}`, ...texts].join('\n\n');
}

function blockText(block: Block): string {
  if ('text' in block) return written(block.text);
  if ('list' in block) return block.list.map((item) => `- ${written(item)}`).join('\n');
  if ('chart' in block) return '';
  const { head, align, rows } = block.table;
  const cells = (phrases: readonly Phrase[]): readonly string[] => phrases.map((phrase) => written(phrase, cellCode));
  return table(cells(head), align, rows.map(cells));
}

function written(phrase: Phrase, quote: typeof code = code): string {
  return inlines(phrase)
    .map((inline) => inlineText(inline, quote))
    .join('')
    .trim();
}

function inlineText(inline: Inline, quote: typeof code): string {
  if (typeof inline === 'string') return inline;
  if ('quote' in inline) return quote(inline.quote, inline.longest);
  if ('sentence' in inline) return prose(inline.sentence);
  if ('strong' in inline) return `**${inline.strong}**`;
  if ('verdict' in inline) return VERDICTS[inline.verdict];
  return '█'.repeat(inline.bar > 0 ? Math.max(1, Math.round(inline.bar * BAR)) : 0);
}
