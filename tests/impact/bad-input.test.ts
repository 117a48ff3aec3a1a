import { mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { MemoryPages, type PageStore, SpilledPages } from '../../shared/impact/pages/page-store.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
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
