import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../shared/impact/render/html/page.ts';
import { toolOrSkip } from '../tools/install.ts';
import { motorBook, reportOf } from './make-book.ts';

const program = toolOrSkip('chromium');
/** What a browser would otherwise do by itself, and a machine without a network cannot. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** The width of a sheet of A4 at 96 dots an inch. */
const SHEET = { width: 794, height: 1123 };

const EVIL = `<img src=x onerror="window.broken=1">`;
/** Rates with something in every section: declined risks, errors, segments, long names and names that are markup. */
const book = motorBook(6_000, 3, ({ region }) => (region === 'Wales' ? 8 : -1)).map((quote, id) => {
  const row = { ...quote.row, [EVIL]: id % 3 === 0 ? `${EVIL} ${'long'.repeat(40)}` : 'other' };
  if (id % 97 === 3) return { ...quote, row, staging: null };
  if (id % 101 === 7) return { ...quote, row, staging: `422 ${EVIL}` };
  return { ...quote, row, staging: id % 3 === 0 ? Number(quote.staging) * 1.1 : quote.staging };
});

describe.skipIf(!program)('the page in a browser', () => {
  let folder = '';
  let url = '';
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haute-browser-'));
    const file = join(folder, 'impact_report.html');
    writeFileSync(file, renderHtml(reportOf(book)));
    url = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath: program ?? '', args: QUIET, timeout: 60_000 });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0], look: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage(options);
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    try {
      await page.goto(url);
      await look(page);
      expect(asked).toEqual([url]);
      expect(said).toEqual([]);
    } finally {
      await page.close();
    }
  }

  it.each([
    ['a desktop', { viewport: DESKTOP }],
    ['a desktop by night', { viewport: DESKTOP, colorScheme: 'dark' as const }],
    ['a phone', { viewport: PHONE, isMobile: true, hasTouch: true }],
  ])('asks for nothing, complains of nothing and is not wider than %s', async (_, options) => {
    await open(options, async (page) => {
      for (const width of ['scrollWidth', 'clientWidth'])
        expect(await page.evaluate(`document.documentElement.${width}`)).toBe(options.viewport.width);
    });
  });

  it('has every section, every table with rows, and both charts drawn', async () => {
    await open({ viewport: DESKTOP }, async (page) => {
      expect(await page.locator('h2').allTextContents()).toEqual([
        'Gates',
        'Where it changes most',
        'How the changes are spread',
        'Figures',
        'How much it changes',
        'Who gets a quote',
        'Rows that could not be priced',
        'For the rate filing',
        'By column',
        'How this was made',
      ]);
      for (const table of await page.locator('table').all()) {
        expect(await table.locator('tbody tr').count()).toBeGreaterThan(0);
        expect((await table.boundingBox())?.height).toBeGreaterThan(20);
      }
      for (const chart of await page.getByRole('img').all())
        expect((await chart.boundingBox())?.height).toBeGreaterThan(200);
      expect(await page.getByRole('img').count()).toBe(2);
      expect(await page.locator('rect, circle').count()).toBeGreaterThan(100);
      expect(await page.locator('dl.facts dt').allTextContents()).toHaveLength(6);
    });
  });

  it.each([
    ['a desktop', { viewport: DESKTOP }, []],
    ['a desktop by night', { viewport: DESKTOP, colorScheme: 'dark' as const }, []],
    ['a phone', { viewport: PHONE, isMobile: true, hasTouch: true }, ['scrollable-region-focusable']],
  ])(
    'can be read by everybody on %s: headings, tables, charts, contrast and keys as WCAG asks',
    async (_, options, also) => {
      await open(options, async (page) => {
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(passes.map(({ id }) => id)).toEqual(
          expect.arrayContaining(['color-contrast', 'heading-order', 'svg-img-alt', ...also]),
        );
      });
    },
  );

  it('shows names of the user’s data as they are, and runs none of them', async () => {
    await open({ viewport: DESKTOP }, async (page) => {
      expect(await page.getByText(EVIL, { exact: true }).count()).toBeGreaterThan(0);
      expect(await page.locator('img, script').count()).toBe(0);
      expect(await page.evaluate(`'broken' in window`)).toBe(false);
    });
  });

  it('prints black on white, also by night, with no table cut off at the edge of the sheet', async () => {
    await open({ viewport: SHEET, colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
      for (const table of await page.locator('table').all()) {
        const box = await table.boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(SHEET.width);
      }
      expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    });
  });
});
