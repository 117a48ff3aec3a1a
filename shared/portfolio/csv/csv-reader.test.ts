import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { digestOf } from '../../release/digest.ts';
import type { JsonObject } from '../../release/json.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';
import type { RemoteFile } from '../file-source.ts';
import { cutCells } from './cell-cutter.ts';
import { CsvReader } from './csv-reader.ts';
import { RecordCsv } from './record-csv.ts';

const signal = new AbortController().signal;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Read {
  readonly rows: readonly JsonObject[];
  readonly count: number;
  readonly inColumns: boolean;
}

async function allOf(chunks: AsyncIterable<QuoteRows>): Promise<Omit<Read, 'count'>> {
  const rows: JsonObject[] = [];
  let inColumns = false;
  for await (const chunk of chunks) {
    inColumns ||= chunk.parts !== undefined;
    rows.push(...chunk);
  }
  return { rows, inColumns };
}

async function problemsOr<T>(body: () => Promise<T>): Promise<T | readonly unknown[]> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Compares with what csv-parse makes of the text, record by record. @returns whether it was cut into columns */
async function expectTheSame(text: string | Uint8Array, name = 'book.csv'): Promise<boolean> {
  const file = { path: join(folder, name), name };
  await writeFile(file.path, text);
  const ours = await problemsOr(async () => {
    const reader = new CsvReader(file);
    const { rows: count } = await reader.facts(signal);
    return { count, ...(await allOf(reader.rows(signal))) };
  });
  const theirs = await problemsOr(async () => {
    const records = new RecordCsv(file);
    const head = await records.head(signal);
    if (head === undefined) return { count: 0, rows: [], inColumns: false };
    const columns = await records.lookAt(head, signal);
    return { count: columns.rows, ...(await allOf(records.read(columns, signal))) };
  });
  if (!('rows' in ours)) {
    expect(ours).toStrictEqual(theirs);
    return false;
  }
  expect({ ...ours, inColumns: false }).toStrictEqual(theirs);
  expect(JSON.stringify(ours.rows)).toBe(JSON.stringify('rows' in theirs && theirs.rows));
  return ours.inColumns;
}

const BOOK = Array.from(
  { length: 30_000 },
  (_, row) =>
    `Q${row},${row % 70},${['London', 'Île-de-France', '日本'][row % 3]},${row / 8},0${row % 90},,${row % 2 > 0}`,
);
const HEADER = 'quote_id,age,region,value,code,nothing,garaged';

/** More different values than are kept in a list, so that nothing but the cells themselves is left. */
const ALL_DIFFERENT = Array.from({ length: 70_000 }, (_, row) => `k${row},${row / 7},${row % 3 === 0 ? '' : row}`);

describe('CSV that is cut into columns', () => {
  it.each([
    ['many rows', [HEADER, ...BOOK, ''].join('\n')],
    ['a last line without its end', [HEADER, ...BOOK].join('\n')],
    ['lines of Windows', [HEADER, ...BOOK, ''].join('\r\n')],
    ['a byte order mark', `\ufeff${[HEADER, ...BOOK].join('\n')}`],
    ['semicolons and decimal commas', 'a;b\n1,5;2\n2,5;x\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['quotes', 'a,b\n"x,y","say ""no"""\n"",1\n"two\nlines",2\n'],
    ['blanks, which stay', 'a, b \n 1 ,\t2\n'],
    ['texts that mean nothing to other programs', 'a,b\nNULL,NA\n#c,nan\n\\N,\\"\n'],
    ['empty lines', 'a,b\n\n1,2\n\n\n3,4\n'],
    ['rows of nothing', 'a,b\n,\n,\n'],
    ['numbers that are too long for one', 'a,b\n9007199254740993,1e999\n1,2\n'],
    ['names that are numbers, or an apostrophe', "10,2,it's\n1,2,3\n"],
    ['one column, with empty lines', 'a\n1\n\n""\n2\n'],
    ['letters after a byte order mark in quotes', '\ufeff"a",b\n1,2\n'],
    ['numbers in all spellings', 'a,b\n-0,1e5\n0.50,-1.5E-3\n123456789012345,0.1\n1234567890123456,-0.0\n'],
    ['what is nearly a number', 'a,b,c,d,e\n01,.5,5.,+1,-\n1,2,3,4,5\n'],
    ['a column that is only missing', 'a,b\nNA,1\nnan,2\n'],
    ['a name that objects have', '__proto__,b\n1,2\n'],
    ['more different values than are kept', ['a,b,c', ...ALL_DIFFERENT].join('\n')],
    ['a number among many that is none', ['a,b,c', ...ALL_DIFFERENT, 'x,y,01'].join('\n')],
    [
      'many columns',
      [BOOK.map((_, at) => `c${at}`).slice(0, 3_000), BOOK.map((_, at) => at).slice(0, 3_000)].join('\n'),
    ],
  ])('gives the same rows: %s', async (_, text) => {
    expect(await expectTheSame(text)).toBe(!text.includes('\\"'));
  });

  it('gives the same rows, packed', async () => {
    expect(await expectTheSame(gzipSync([HEADER, ...BOOK].join('\n')), 'book.csv.gz')).toBe(true);
  });

  it('gives the same rows, packed in many members, which are unpacked in small pieces', async () => {
    const lines = [HEADER, ...BOOK.slice(0, 400)].map((line) => gzipSync(`${line}\n`));
    expect(await expectTheSame(Buffer.concat(lines), 'book.csv.gz')).toBe(true);
  });

  it.each([1, 7, 20, 100])('gives the same rows in whatever pieces they come: of %i bytes', async (size) => {
    const bytes = Buffer.from('a,b\n1,x\n2,"y\nz"\n3,é\n');
    const remote: RemoteFile = {
      bytes: bytes.length,
      digest: digestOf(bytes),
      version: undefined,
      slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
      async *stream() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      },
    };
    const reader = new CsvReader({ path: 'book.csv', name: 'book.csv', remote });
    expect(await reader.facts(signal)).toEqual({ rows: 3, columns: ['a', 'b'] });
    const rows = [
      { a: 1, b: 'x' },
      { a: 2, b: 'y\nz' },
      { a: 3, b: 'é' },
    ];
    expect(await allOf(reader.rows(signal))).toEqual({ rows, inColumns: true });
  });

  it.each([
    ['a quote inside a cell', 'a,b\nx"y,2\n'],
    ['letters after a quote', 'a,b\n"x"y,2\n'],
    ['a quote without an end', 'a,b\n"x,2\n'],
    ['too few cells', 'a,b\n1,2\n3\n'],
    ['too many cells', 'a,b\n1,2\n3,4,5\n'],
    ['an empty cell too many', 'a,b\n1,2,\n'],
    ['lines that end in two ways', 'a,b\r\n1,2\n3,4\r\n'],
    ['a lone carriage return', 'a,b\n1\r,2\n'],
    ['zero bytes', 'a,b\n1\u0000,2\n'],
    ['another character set', Buffer.from('a,b\n\xe9,2\n', 'latin1')],
    ['half a letter at the end', Buffer.from('a,b\n1,\xe6\x97', 'latin1')],
    ['a line that never ends', `a,b\n1,"${'x'.repeat(9 << 20)}\n`],
    ['a quote that ends in the next mebibyte', `a,b\n${'1,2\n'.repeat(300_000)}"x,2\n`],
  ])('leaves what is odd to be read record by record, and its error: %s', async (_, text) => {
    expect(await expectTheSame(text)).toBe(false);
  });

  it('gives the same rows, whatever a file holds', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        '1',
        '-0',
        '\ufeff1',
        '1.50',
        '01',
        'NA',
        'true',
        'FALSE',
        'x',
        ' y',
        'é',
        '😀',
        '1e5',
        '9007199254740993',
      ),
      fc.string({ maxLength: 6 }),
      fc.string({ maxLength: 4 }).map((text) => `"${text.replaceAll('"', '""')}"`),
      fc.constantFrom('"a,b"', '"a\nb"', '""', '"', 'a"b'),
    );
    const line = fc.array(cell, { minLength: 2, maxLength: 2 }).map((cells) => cells.join(','));
    const text = fc
      .tuple(
        fc.array(fc.oneof({ weight: 12, arbitrary: line }, cell), { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
      )
      .map(([lines, end]) => ['a,b', ...lines, ''].join(end));
    let cut = 0;
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        cut += (await expectTheSame(content)) ? 1 : 0;
      }),
      { numRuns: 120 },
    );
    expect(cut).toBeGreaterThan(10);
  }, 300_000);

  it('keeps lists of several files only as long as there is memory for them', async () => {
    const file = { path: join(folder, 'book.csv'), name: 'book.csv' };
    await writeFile(file.path, [HEADER, ...BOOK.slice(0, 2_000)].join('\n'));
    const allowance = { bytes: 1 << 17 };
    const readers = Array.from({ length: 20 }, () => new CsvReader(file, allowance));
    for (const reader of readers) await reader.facts(signal);
    expect(allowance.bytes).toBeGreaterThanOrEqual(0);
    expect(allowance.bytes).toBeLessThan(1 << 16);
    const read = async (reader: CsvReader | undefined) => reader && (await allOf(reader.rows(signal)));
    expect(await read(readers.at(-1))).toStrictEqual(await read(readers.at(0)));
    for (const reader of readers) await reader.close();
    expect(allowance.bytes).toBe(1 << 17);
  });

  it('is refused when it changes between its two readings', async () => {
    const file = { path: join(folder, 'book.csv'), name: 'book.csv' };
    await writeFile(file.path, 'a,b\n1,2\n1,2\n1,2\n');
    const reader = new CsvReader(file);
    await reader.facts(signal);
    await writeFile(file.path, 'a,b\n1,2\n1,3\n1,2\n');
    await expect(allOf(reader.rows(signal))).rejects.toMatchObject({ problems: [{ code: 'PORTFOLIO-CHANGED' }] });
  });
});

describe('a plain text', () => {
  it('is cut into the same cells however it comes in pieces', async () => {
    const text = Buffer.from('\ufeffa,b\r\né,"日""本"\r\n"",😀\r\n');
    for (let size = 1; size <= text.length; size++) {
      const pieces = async function* (): AsyncIterable<Uint8Array> {
        for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
      };
      const cells: string[] = [];
      for await (const { rows, columns, bytes, starts, ends } of cutCells(pieces(), ',', 2)) {
        for (let cell = 0; cell < rows * columns; cell++) cells.push(bytes.toString('utf8', starts[cell], ends[cell]));
      }
      expect(cells).toEqual(['é', '日"本', '', '😀']);
    }
  });
});
