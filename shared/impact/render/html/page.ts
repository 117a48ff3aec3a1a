import type { ImpactJson } from '../../report/impact-json.ts';
import { type Fact, factsOf } from '../content/facts.ts';
import { reportDocument } from '../content/report-document.ts';
import { type Block, type Inline, inlines, type Phrase, type Section, type Table } from '../document.ts';
import { count, counted } from '../format.ts';
import { bar, histogramChart, scatterChart } from './charts.ts';
import { html, Markup, shortText } from './markup.ts';
import { STYLE } from './style.ts';

/**
 * The report as one page: opens from a disk or a mailbox, without a network and without scripts; reads on a phone, by
 * night and on paper.
 */
export function renderHtml(report: ImpactJson): string {
  const { title, verdict, subject, gist, sections } = reportDocument(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${shortText(report.subject.project)}, ${verdict}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}: ${badge(verdict)}</h1>
<p class="soft">${written(subject)}</p>
<p class="gist">${written(gist)}</p>
<dl class="facts">${factsOf(report).map(fact)}</dl>
${sections.map(section)}
</main>
</body>
</html>
`.text;
}

function fact({ label, value, detail, tone }: Fact): Markup {
  return html`<div><dt>${label}</dt><dd class="${tone}">${value}</dd><dd class="soft">${detail}</dd></div>`;
}

function section({ title, blocks }: Section): Markup {
  return html`<section><h2>${title}</h2>
${blocks.map((one) => block(one, title))}</section>
`;
}

/** @param title of its section */
function block(one: Block, title: string): Markup {
  if ('text' in one) return html`<p>${written(one.text)}</p>\n`;
  if ('list' in one) return html`<ul>${one.list.map((item) => html`<li>${written(item)}</li>`)}</ul>\n`;
  if ('table' in one) return table(one.table, title);
  return html`<div class="charts">
<figure>${histogramChart(one.chart.histogram)}<figcaption>How many quotes change by how much. What lies further out is in the outermost bars. Not drawn, as they do not change: ${count(one.chart.unchanged)}.</figcaption></figure>
<figure>${scatterChart(one.chart.scatter)}<figcaption>Who is affected: each dot is a quote, at its old premium and its change. ${counted(one.chart.scatter.length, 'quote')}, spread evenly over the portfolio.</figcaption></figure>
</div>\n`;
}

/** Where it is wider than the screen it can be scrolled, also with keys; its first column says what a row is about. */
function table({ head, align, rows }: Table, title: string): Markup {
  const kind = (index: number): string => (align[index] === 'r' ? 'number' : 'text');
  // Few columns over the whole width would leave a figure far from its name.
  const width = head.length <= 3 ? 'narrow' : 'wide';
  const headed = (cell: Phrase, index: number): Markup =>
    cell === '' ? html`<td></td>` : html`<th scope="col" class="${kind(index)}">${written(cell)}</th>`;
  const celled = (cell: Phrase, index: number): Markup =>
    index === 0
      ? html`<th scope="row" class="${kind(index)}">${written(cell)}</th>`
      : html`<td class="${kind(index)}">${written(cell)}</td>`;
  return html`<div class="scroll" role="group" aria-label="${title}, table" tabindex="0"><table class="${width}"><thead><tr>${head.map(headed)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(celled)}</tr>\n`)}</tbody></table></div>\n`;
}

function written(phrase: Phrase): Markup {
  return html`${inlines(phrase).map(inlineMarkup)}`;
}

function inlineMarkup(inline: Inline): Markup {
  if (typeof inline === 'string') return html`${inline}`;
  if ('quote' in inline) return html`<code>${shortText(inline.quote, inline.longest) || '(empty)'}</code>`;
  if ('sentence' in inline) return html`${shortText(inline.sentence, 1_000)}`;
  if ('strong' in inline) return html`<strong>${inline.strong}</strong>`;
  if ('verdict' in inline) return badge(inline.verdict);
  return bar(inline.bar, inline.tone);
}

function badge(verdict: ImpactJson['verdict']): Markup {
  return html`<span class="verdict ${verdict}">${verdict}</span>`;
}
