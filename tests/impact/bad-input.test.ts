import { mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../shared/errors.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { MemoryPages, type PageStore, SpilledPages } from '../../shared/impact/pages/page-store.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { QuoteEndpoint } from '../../shared/ports/quote-endpoint.ts';
import { type QuoteRows, rowsOfColumns } from '../../shared/release/quote-rows.ts';
import { BatchScorer } from '../../shared/scoring/batch-scorer.ts';
import { batchOf, motorBook, POLICY, type Priced, SUBJECT } from './make-book.ts';

const BOOK = motorBook(40_000, 5, ({ region }, random) => (region === 'Wales' ? 9 : 0) + random.below(3));

function reportFrom(book: readonly Priced[], store: PageStore) {
  const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined, store });
  for (let at = 0; at < book.length; at += 9_000) builder.add(batchOf(book.slice(at, at + 9_000)));
  return analyse(builder.finish(), { subject: SUBJECT, policy: POLICY, sample: undefined });
}

describe('a book larger than the memory that it may take', () => {
  it('gives the same bytes from the disk as from memory, and leaves nothing behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spill-test-'));
    try {
      const large = [...BOOK, ...BOOK.map((quote, at) => ({ ...quote, row: { ...quote.row, quote_id: `R${at}` } }))];
      const scratch = new DiskScratch(folder);
      const spilled = encodeImpact(reportFrom(large, new SpilledPages(scratch, 100_000)));
      scratch.close();
      expect(spilled).toBe(encodeImpact(reportFrom(large, new MemoryPages())));
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(process.platform !== 'linux')('ends with DISK-FULL where the disk fills, and leaves nothing behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spill-test-'));
    const scratch = new DiskScratch(folder, () => openSync('/dev/full', 'w'));
    try {
      expect(() => reportFrom(BOOK, new SpilledPages(scratch, 0))).toThrow(/the disk is full.*\[DISK-FULL\]/);
    } finally {
      scratch.close();
    }
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('odd columns of a portfolio', () => {
  const withColumn = (name: string, value: (at: number) => string | number | null): Priced[] =>
    BOOK.map((quote, at) => ({ ...quote, row: { ...quote.row, [name]: value(at) } }));
  const plain = reportFrom(BOOK, new MemoryPages());

  it('that is null in every row says nothing and changes nothing', () => {
    const report = reportFrom(
      withColumn('nothing', () => null),
      new MemoryPages(),
    );
    expect(report.segments).toEqual(plain.segments);
    expect(report.breakdowns).toEqual(plain.breakdowns);
    expect(report.outputs).toEqual(plain.outputs);
  });

  it('with 10,000 categories is left out of the segments, which is said', () => {
    const report = reportFrom(
      withColumn('postcode', (at) => `P${at % 10_000}`),
      new MemoryPages(),
    );
    expect(report.segments).toEqual(plain.segments);
    const note = report.notes.find(({ code }) => code === 'COLUMN-MANY-VALUES');
    expect(note?.text).toContain('postcode');
  });

  it('that turns from numbers into text half way has the numbers as text', () => {
    const report = reportFrom(
      withColumn('plan', (at) => (at < 20_000 ? at % 3 : `p${at % 3}`)),
      new MemoryPages(),
    );
    expect(report.segments).toEqual(plain.segments);
    expect(report.notes.map(({ code }) => code)).not.toContain('COLUMN-MANY-VALUES');
  });
});

describe('one row in a million that an address refuses', () => {
  const ROWS = 1_000_000;
  const REFUSED = 700_001;

  it('is found with few requests, named, and the only one that is lost', async () => {
    let requests = 0;
    const endpoint = (factor: number, refuses: boolean): QuoteEndpoint => ({
      address: { url: 'http://address', wire: 'haute' },
      identify: () => Promise.reject(new Error('not asked')),
      close: async () => undefined,
      score: async (rows) => {
        requests += 1;
        const isIn = refuses && rows.map(({ quote_id: id }) => id).includes(REFUSED);
        if (isIn && rows.length > 1) throw new ProviderError({ code: 'ENDPOINT-REFUSED', what: '422 bad', fix: '' });
        if (isIn) return [{ ok: false, error: '422 bad', status: 422 }];
        return rows.map(({ quote_id: id = null }) => {
          return { ok: true, row: { quote_id: id, premium: (100 + (Number(id) % 500)) * factor } };
        });
      },
    });
    const chunks = async function* (): AsyncGenerator<QuoteRows> {
      for (let at = 0; at < ROWS; at += 50_000) {
        const values = Array.from({ length: 50_000 }, (_, index) => at + index);
        yield rowsOfColumns(values.length, [{ name: 'quote_id', values, places: undefined }]);
      }
    };
    const clock = new SystemClock();
    const scorer = new BatchScorer({ clock, retry: (call) => call() });
    const quiet = { progress: () => undefined, warn: () => undefined };
    const signal = new AbortController().signal;
    const options = { signal, timeoutMs: 60_000, concurrency: 4, total: ROWS, ...quiet };
    const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
    const sides = { staging: endpoint(1.01, true), production: endpoint(1, false) };
    for await (const batch of scorer.score(chunks(), sides, options)) builder.add(batch);
    const report = analyse(builder.finish(), { subject: SUBJECT, policy: POLICY, sample: undefined });
    expect(report.rows).toMatchObject({ total: ROWS, scored: ROWS - 1, failed: 1, failed_staging: 1 });
    expect(report.failures).toMatchObject([{ side: 'staging', rows: 1, examples: [String(REFUSED)] }]);
    expect(report.verdict).toBe('warn');
    // Batches of 2,500 rows at the least, and what halving takes to get down to the one.
    expect(requests).toBeLessThan((2 * ROWS) / 2_500 + 40);
  });
});
