/**
 * How long the page of a report of a million rows takes to open in a browser.
 *
 *   node scripts/bench/report-page.ts [rows]
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { renderHtml } from '../../shared/impact/render/html/page.ts';
import { motorBook, reportOf } from '../../tests/impact/make-book.ts';
import { findTool } from '../../tests/tools/install.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const tool = findTool('chromium');
if ('missing' in tool) throw new Error(tool.missing);

const report = reportOf(
  motorBook(rows, 1, ({ region }, random) => (region === 'Wales' ? 6 : 0) + random.below(300) / 100),
);
const folder = mkdtempSync(join(tmpdir(), 'haute-page-'));
const file = join(folder, 'report.html');
const startedAt = performance.now();
writeFileSync(file, renderHtml(report));
const rendered = performance.now() - startedAt;

const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath: tool.path, args });
const times: number[] = [];
for (let run = 0; run < 5; run++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const openedAt = performance.now();
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  await page.locator('h2').last().boundingBox();
  times.push(Math.round(performance.now() - openedAt));
  await page.close();
}
await browser.close();
const { size } = statSync(file);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${rows} rows: rendered in ${rendered.toFixed(0)} ms, ${size} bytes, opened in ${times.join(', ')} ms\n`,
);
