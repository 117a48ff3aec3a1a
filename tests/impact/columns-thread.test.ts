import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../shared/errors.ts';
import type { Book } from '../../shared/impact/book/book.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { MemoryPages, type PageStore, SpilledPages } from '../../shared/impact/pages/page-store.ts';
import { PAGE_VALUES } from '../../shared/impact/pages/paged.ts';
import { analyse, analyseBeside } from '../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import { ThreadedAnalyst, type ThreadedAnalystOptions } from '../../shared/io/columns-thread/threaded-analyst.ts';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
import { batchOf, motorBook, POLICY, type Priced, SUBJECT } from './make-book.ts';

const SETUP = { subject: SUBJECT, policy: POLICY, sample: undefined };

function bookOf(rows: readonly Priced[], store: PageStore): Book {
  const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined, store });
  for (let at = 0; at < rows.length; at += 9_000) builder.add(batchOf(rows.slice(at, at + 9_000)));
  return builder.finish();
}

/** Some rows without a price, without an answer, and with prices of 0; columns of texts, few and many numbers, and gaps. */
function oddBook(count: number, seed: number, oddity: number): Priced[] {
  const book = motorBook(count, seed, ({ region, fuel }, random) =>
    region === 'Wales' && fuel === 'diesel' ? 12 : random.below(3) - 1,
  );
  return book.map((quote, at) => {
    const row = { ...quote.row, power: at % 11 === 0 ? null : at / 8, odd: at % 13 === 0 ? `x${at % 5}` : at % 7 };
    if (oddity === 0 || at % oddity > 0) return { ...quote, row };
    return {
      row,
      production: [quote.production, null, 0][at % 3] as number | null,
      staging: [null, 0, 'no'][seed % 3] as number,
    };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'columns-thread-'));
const scratch = new DiskScratch(folder);
afterAll(() => {
  scratch.close();
  rmSync(folder, { recursive: true });
});

const analysts: ThreadedAnalyst[] = [];
afterEach(async () => {
  for (const analyst of analysts.splice(0)) await analyst.close();
});

function analystOf(options: Partial<ThreadedAnalystOptions> = {}): ThreadedAnalyst & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const { signal } = new AbortController();
  const warn = (line: string): number => warnings.push(line);
  const made = new ThreadedAnalyst({ scratch, signal, warn, leastRows: 0, ...options });
  analysts.push(made);
  return Object.assign(made, { warnings });
}

/** A thread of another program than ours. */
function other(program: string): { readonly start: () => Worker; readonly ended: Promise<unknown> } {
  let tell: (code: unknown) => void = () => undefined;
  const ended = new Promise((resolve) => {
    tell = resolve;
  });
  const start = (): Worker => new Worker(program, { eval: true }).on('exit', tell);
  return { start, ended };
}

const ON_TASK = (what: string): string => `require('node:worker_threads').parentPort.on('message', () => { ${what} })`;

describe('columns that are studied in a thread', () => {
  it('give the same report, byte for byte, as without one', async () => {
    const analyst = analystOf();
    const books = fc.record({
      count: fc.integer({ min: 0, max: 3_000 }),
      seed: fc.nat(1_000),
      oddity: fc.nat(6),
      spilled: fc.boolean(),
      previous: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(books, async ({ count, seed, oddity, spilled, previous }) => {
        const store = spilled ? new SpilledPages(scratch, 0) : new MemoryPages();
        const book = bookOf(oddBook(count, seed, oddity), store);
        const earlier = analyse(bookOf(oddBook(500, seed + 1, 0), new MemoryPages()), SETUP);
        const setup = previous ? { ...SETUP, previous: earlier } : SETUP;
        const beside = await analyseBeside(book, setup, (task) => analyst.study(task));
        expect(encodeImpact(beside)).toBe(encodeImpact(analyse(book, setup)));
      }),
      { numRuns: 30 },
    );
    expect(analyst.warnings).toEqual([]);
  });

  const large = oddBook(PAGE_VALUES + 100, 7, 5);
  describe.each([
    ['in memory', () => new MemoryPages()],
    ['in the file', () => new SpilledPages(scratch, 0)],
    ['in both', () => new SpilledPages(scratch, PAGE_VALUES * 8)],
  ])('where full pages are %s', (_, store) => {
    it('give the same report', async () => {
      const analyst = analystOf();
      const book = bookOf(large, store());
      const beside = await analyseBeside(book, SETUP, (task) => analyst.study(task));
      expect(encodeImpact(beside)).toBe(encodeImpact(analyse(book, SETUP)));
      expect([beside.segments.length > 0, analyst.warnings]).toEqual([true, []]);
    });
  });
});

describe('a thread that fails', () => {
  let book: Book;
  let expected: string;
  beforeAll(() => {
    book = bookOf(oddBook(2_000, 3, 4), new MemoryPages());
    expected = encodeImpact(analyse(book, SETUP));
  });

  it.each([
    [
      'does not start',
      () => {
        throw new Error('no threads here');
      },
      /no threads here/,
    ],
    ['ends while it starts', other('throw new Error("broken")').start, /broken/],
    ['ends without an answer', other(ON_TASK('process.exit(3)')).start, /ended with 3/],
    ['throws', other(ON_TASK('throw new Error("a bug")')).start, /a bug/],
  ])('as it %s is done without, and somebody is told', async (_, start, why) => {
    const analyst = analystOf({ start });
    analyst.prepare(book.rows);
    const report = await analyseBeside(book, SETUP, (task) => analyst.study(task));
    expect(encodeImpact(report)).toBe(expected);
    expect(analyst.warnings).toEqual([expect.stringMatching(why)]);
  });

  it('as it ended before there was a task is done without', async () => {
    const { start, ended } = other('process.exit(4)');
    const analyst = analystOf({ start });
    analyst.prepare(book.rows);
    await ended;
    const report = await analyseBeside(book, SETUP, (task) => analyst.study(task));
    expect([encodeImpact(report), analyst.warnings]).toEqual([expected, [expect.stringMatching(/ended with 4/)]]);
  });
});

describe('a run that is stopped', () => {
  it('ends the thread in the middle of its work, and does not do it itself', async () => {
    const stop = new AbortController();
    const { start, ended } = other(ON_TASK('for (;;) {}'));
    const analyst = analystOf({ start, signal: stop.signal });
    const report = analyseBeside(bookOf(oddBook(500, 3, 4), new MemoryPages()), SETUP, (task) => analyst.study(task));
    stop.abort();
    await expect(report).rejects.toThrow(Interrupted);
    await ended;
    expect(analyst.warnings).toEqual([]);
  });

  it('gives a thread no task any more', async () => {
    const stop = new AbortController();
    const analyst = analystOf({ start: other(ON_TASK('for (;;) {}')).start, signal: stop.signal });
    analyst.prepare(1);
    stop.abort();
    const report = analyseBeside(bookOf(oddBook(500, 3, 4), new MemoryPages()), SETUP, (task) => analyst.study(task));
    await expect(report).rejects.toThrow(Interrupted);
    expect(analyst.warnings).toEqual([]);
  });

  it('ends a thread that waits for its task', async () => {
    const { start, ended } = other(ON_TASK(''));
    const analyst = analystOf({ start });
    analyst.prepare(1);
    await analyst.close();
    await ended;
  });

  it('starts none any more', async () => {
    let started = 0;
    const start = (): never => {
      started += 1;
      throw new Error('started');
    };
    const analyst = analystOf({ start, signal: AbortSignal.abort() });
    const report = analyseBeside(bookOf(oddBook(500, 3, 4), new MemoryPages()), SETUP, (task) => analyst.study(task));
    await expect(report).rejects.toThrow(Interrupted);
    expect(started).toBe(0);
  });
});

it('what fails beside the thread ends it, and nothing is studied afterwards, when there are no pages any more', async () => {
  const analyst = analystOf({ start: other(ON_TASK('for (;;) {}')).start });
  let studied: Promise<unknown> = Promise.resolve();
  await analyseBeside(bookOf(oddBook(500, 3, 4), new MemoryPages()), SETUP, (task) => {
    studied = analyst.study(task);
    return Promise.reject(new Error('something else'));
  }).catch(() => undefined);
  await analyst.close();
  await expect(studied).rejects.toThrow(Interrupted);
  expect(analyst.warnings).toEqual([]);
});

it('a small book is worth no thread', async () => {
  const start = (): never => {
    throw new Error('started');
  };
  const analyst = analystOf({ start, leastRows: 501 });
  analyst.prepare(500);
  const book = bookOf(oddBook(500, 3, 4), new MemoryPages());
  const report = await analyseBeside(book, SETUP, (task) => analyst.study(task));
  expect([encodeImpact(report), analyst.warnings]).toEqual([encodeImpact(analyse(book, SETUP)), []]);
});
