import { describe, expect, it } from 'vitest';
import { analysisOf, answer, motorBook, reportOf } from '../../../../tests/impact/make-book.ts';
import { niceTicks } from './charts.ts';
import { html } from './markup.ts';
import { renderHtml } from './page.ts';

const PAGE = renderHtml(reportOf(motorBook(2_000, 3, ({ region }) => (region === 'Wales' ? 14 : -1))));

/** Elements that have no end. */
const VOID = new Set(['meta', 'br']);

/** Every element of the page is closed, in the right order. */
function checkNesting(page: string): void {
  const open: string[] = [];
  for (const [, end, name = '', self] of page.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end === '/') expect(open.pop()).toBe(name);
    else if (self !== '/' && !VOID.has(name)) open.push(name);
  }
  expect(open).toEqual([]);
}

describe('the page', () => {
  it('says first what is decided and by how much the premium changes', () => {
    expect(PAGE).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(PAGE).toContain('<title>Price impact: motor-pricing, warn</title>');
    expect(PAGE).toMatch(/<h1>Price impact: <span class="verdict warn">warn<\/span><\/h1>/);
    expect(PAGE).toMatch(/<strong>The total premium changes by \+\d\.\d\d%<\/strong>/);
  });

  it('needs nothing but itself: no script, no address, no request', () => {
    expect(PAGE).not.toMatch(/<script|<link|<img|<iframe|\s(?:src|href|on\w+)=|@import|url\(/i);
    expect(PAGE).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('draws the histogram, the scatter, the bands and the segments', () => {
    expect(PAGE.match(/<svg /g)).toHaveLength(2);
    expect(PAGE).toContain('aria-label="Histogram of the changes in percent"');
    expect(PAGE.match(/<circle /g)?.length).toBeGreaterThan(100);
    expect(PAGE.match(/class="bar"/g)?.length).toBeGreaterThan(12);
    expect(PAGE).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is well nested, also without a baseline and without any figure', () => {
    checkNesting(PAGE);
    const rows = [{ quote_id: 1 }];
    for (const batch of [
      { rows, staging: rows.map((row) => answer(row, 250)), production: undefined },
      { rows, staging: rows.map((row) => answer(row, 'no')), production: rows.map((row) => answer(row, 'no')) },
      { rows, staging: rows.map((row) => answer(row, 100)), production: rows.map((row) => answer(row, 100)) },
    ]) {
      const page = renderHtml(analysisOf([batch]));
      checkNesting(page);
      expect(page).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('lets no data of the user become markup', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=y> '&`;
    const rows = Array.from({ length: 400 }, (_, id) => ({
      quote_id: `${evil}${id}`,
      [evil]: id % 2 === 0 ? evil : 'other',
    }));
    const staging = rows.map((row, id) => answer(row, id === 3 ? `422 ${evil}` : id % 2 === 0 ? 130 : 100));
    const page = renderHtml(analysisOf([{ rows, staging, production: rows.map((row) => answer(row, 100)) }]));
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&#60;script&#62;');
    checkNesting(page);
  });
});

describe('markup', () => {
  it('escapes every value and keeps what is markup already', () => {
    expect(html`<b title="${'"'}">${'<&>'}${html`<i>${"'"}</i>`}${['a', html`<br>`]}${undefined}${3}</b>`.text).toBe(
      '<b title="&#34;">&#60;&#38;&#62;<i>&#39;</i>a<br>3</b>',
    );
  });
});

describe('ticks', () => {
  it.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [-3, 12, 4, [0, 5, 10]],
    [0, 0.3, 3, [0, 0.1, 0.2, 0.3]],
    [5, 5, 4, [5]],
  ])('from %d to %d about %d are %j', (from, to, about, ticks) => {
    expect(niceTicks(from, to, about)).toEqual(ticks);
  });
});
