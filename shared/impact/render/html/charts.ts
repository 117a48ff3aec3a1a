import type { ImpactJson } from '../../report/impact-json.ts';
import type { Tone } from '../document.ts';
import { changePct, count, counted, money } from '../format.ts';
import { html, type Markup } from './markup.ts';

type Chart = NonNullable<ImpactJson['chart']>;

const WIDTH = 480;
const HEIGHT = 240;
const LEFT = 50;
const BOTTOM = 40;
const TOP = 24;
const RIGHT = 18;

/** How many quotes change by how much. */
export function histogramChart(bins: Chart['histogram']): Markup {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  const x = scale(first.from_pct, last.to_pct, LEFT, WIDTH - RIGHT);
  const y = scale(0, most, HEIGHT - BOTTOM, TOP);
  const bars = bins.map(({ from_pct: from, to_pct: to, rows }) => {
    const tone = to <= 0 ? 'down' : from >= 0 ? 'up' : 'same';
    const label = `${changePct(from)} to ${changePct(to)}: ${counted(rows, 'quote')}`;
    const top = rows === 0 ? y(0) : Math.min(y(rows), y(0) - 1);
    return html`<rect class="${tone}" x="${x(from).toFixed(1)}" y="${top.toFixed(1)}" width="${Math.max(x(to) - x(from) - 1, 0.5).toFixed(1)}" height="${(y(0) - top).toFixed(1)}"><title>${label}</title></rect>`;
  });
  const ticks = niceTicks(first.from_pct, last.to_pct, 5).map((tick) => xTick(x(tick), shortPct(tick)));
  const zero = x(0);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Histogram of the changes in percent">
${yTicks(0, most, y, (tick) => count(tick))}${bars}<line class="zero" x1="${zero.toFixed(1)}" x2="${zero.toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>${ticks}${axisTitle('change of the quote')}${upright('quotes')}</svg>`;
}

/** The change of single quotes against their old premium: where the money is. */
export function scatterChart(points: Chart['scatter']): Markup {
  if (points.length === 0) return html``;
  const premiums = points.map(([premium]) => premium);
  const changes = points.map(([, change]) => change);
  const [low, high] = [Math.min(...premiums), Math.max(...premiums)];
  const x = scale(Math.min(0, low), high, LEFT, WIDTH - RIGHT);
  const [least, most] = [Math.min(0, ...changes), Math.max(0, ...changes)];
  const y = scale(least, most, HEIGHT - BOTTOM, TOP);
  const dots = points.map(([premium, change]) => {
    const tone = change > 0 ? 'up' : change < 0 ? 'down' : 'same';
    return html`<circle class="dot ${tone}" cx="${x(premium).toFixed(1)}" cy="${y(change).toFixed(1)}" r="2.5"/>`;
  });
  const ticks = niceTicks(Math.min(0, low), high, 4).map((tick) => xTick(x(tick), money(tick).replace(/\.00$/, '')));
  const zero = y(0).toFixed(1);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Change in percent against the old premium">
${yTicks(least, most, y, shortPct)}<line class="zero" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${zero}" y2="${zero}"/>${dots}${ticks}${axisTitle('old premium')}${upright('change of the quote')}</svg>`;
}

/** A bar that fills part of its cell. @param share 0 to 1 */
export function bar(share: number, tone: Tone): Markup {
  const width = share > 0 ? Math.max(1, Math.min(100, share * 100)) : 0;
  return html`<div class="track ${tone}"><div class="bar" style="width:${width.toFixed(1)}%"></div></div>`;
}

/** `+20%`: the ticks of an axis need no decimals that are zero. */
function shortPct(value: number): string {
  return changePct(value).replace(/\.00%$/, '%');
}

function xTick(at: number, label: string): Markup {
  return html`<text x="${at.toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${label}</text>`;
}

/** What the horizontal axis measures. */
function axisTitle(text: string): Markup {
  return html`<text class="title" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${text}</text>`;
}

/** What the vertical axis measures, above it. */
function upright(text: string): Markup {
  return html`<text class="title" x="4" y="14">${text}</text>`;
}

function yTicks(
  from: number,
  to: number,
  y: (value: number) => number,
  label: (value: number) => string,
): readonly Markup[] {
  return niceTicks(from, to, 4).map((tick) => {
    const at = y(tick).toFixed(1);
    return html`<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${label(tick)}</text>`;
  });
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => start + ((value - from) / span) * (end - start);
}

/** Round numbers in a range, about so many. */
export function niceTicks(from: number, to: number, about: number): readonly number[] {
  const rough = (to - from) / about;
  if (!(rough > 0) || !Number.isFinite(rough)) return [from];
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  const step = ([1, 2, 5, 10].find((nice) => nice * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step); tick * step <= to + step * 1e-9; tick++)
    ticks.push(Number((tick * step).toPrecision(12)) + 0);
  return ticks;
}
