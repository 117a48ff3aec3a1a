import { appendFile, mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import type { DuckDb } from '../../shared/portfolio/duckdb/duckdb.ts';
import { findDuckDb, withParents } from '../../shared/portfolio/duckdb/find-duckdb.ts';
import { plainRecords } from '../../shared/portfolio/duckdb/plain-csv.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import type { Portfolio } from '../../shared/ports/portfolio.ts';
import type { JsonObject } from '../../shared/release/json.ts';

const signal = new AbortController().signal;
const duckdb = findDuckDb(withParents(import.meta.dirname));
const said: string[] = [];
/** Small files go to DuckDB too, so that tests need no large ones. */
const SOURCE = {
  find: () => duckdb,
  install: () => Promise.reject(new Error('it is installed')),
  say: (line: string) => said.push(line),
  smallBytes: 0,
};
const withDuckDb = new FilePortfolios(undefined, SOURCE);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-csv-'));
  vi.stubEnv('TMPDIR', folder);
  said.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

interface Read {
  readonly rows: readonly JsonObject[];
  /** Rows came as columns, which they do from DuckDB alone. */
  readonly inColumns: boolean;
  readonly count: number;
}

async function read(reader: 'built-in' | 'auto', dataset = 'book.csv'): Promise<Read | readonly unknown[]> {
  try {
    const portfolio = await withDuckDb.open({ root: folder, dataset, key: undefined, reader }, signal);
    return { ...(await rowsOf(portfolio)), count: await portfolio.count(signal) };
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

async function rowsOf(portfolio: Portfolio): Promise<Omit<Read, 'count'>> {
  const rows: JsonObject[] = [];
  let inColumns = false;
  for await (const chunk of portfolio.rows({ signal })) {
    inColumns ||= chunk.parts !== undefined;
    rows.push(...chunk);
  }
  return { rows, inColumns };
}

/** @returns whether DuckDB read it */
async function expectTheSame(text: string | Uint8Array, dataset = 'book.csv'): Promise<boolean> {
  await mkdir(dirname(join(folder, dataset)), { recursive: true });
  await writeFile(join(folder, dataset), text);
  const [builtIn, other] = [await read('built-in', dataset), await read('auto', dataset)];
  if (!('rows' in other)) {
    expect(other).toStrictEqual(builtIn);
    return false;
  }
  expect({ ...other, inColumns: false }).toStrictEqual(builtIn);
  expect(JSON.stringify(other.rows)).toBe(JSON.stringify('rows' in builtIn && builtIn.rows));
  return other.inColumns;
}

const BOOK = Array.from(
  { length: 30_000 },
  (_, row) =>
    `Q${row},${row % 70},${['London', 'Île-de-France', '日本'][row % 3]},${row / 8},0${row % 90},,${row % 2 > 0}`,
);
const HEADER = 'quote_id,age,region,value,code,nothing,garaged';

describe('CSV that DuckDB cuts into cells', () => {
  it.each([
    ['many rows', [HEADER, ...BOOK, ''].join('\n'), 'book.csv'],
    ['a last line without its end', [HEADER, ...BOOK].join('\n'), 'book.csv'],
    ['lines of Windows', [HEADER, ...BOOK, ''].join('\r\n'), 'book.csv'],
    ['a byte order mark', `\ufeff${[HEADER, ...BOOK].join('\n')}`, 'book.csv'],
    ['semicolons and decimal commas', 'a;b\n1,5;2\n2,5;x\n', 'book.csv'],
    ['tabs', 'a\tb\n1\t2\n', 'book.tsv'],
    ['quotes', 'a,b\n"x,y","say ""no"""\n"",1\n"two\nlines",2\n', 'book.csv'],
    ['blanks, which stay', 'a, b \n 1 ,\t2\n', 'book.csv'],
    ['texts that mean nothing to other programs', 'a,b\nNULL,NA\n#c,nan\n\\N,\\"\n', 'book.csv'],
    ['empty lines', 'a,b\n\n1,2\n\n\n3,4\n', 'book.csv'],
    ['rows of nothing', 'a,b\n,\n,\n', 'book.csv'],
    ['numbers that are too long for one', 'a,b\n9007199254740993,1e999\n1,2\n', 'book.csv'],
    ['names that are numbers, or an apostrophe', "10,2,it's\n1,2,3\n", "o'clock.csv"],
  ])('gives the same rows: %s', async (_, text, dataset) => {
    expect(await expectTheSame(text, dataset)).toBe(!text.includes('\\"'));
    expect(said).toEqual([]);
  });

  it('gives the same rows, packed', async () => {
    expect(await expectTheSame(gzipSync([HEADER, ...BOOK].join('\n')), 'book.csv.gz')).toBe(true);
  });

  it.each(['year=2024/book.csv', '0=zz/book.csv', '1=zz/book=3/book.csv'])(
    'takes nothing from the names of folders: %s',
    async (dataset) => {
      expect(await expectTheSame('a,b\n1,x\n2,y\n', dataset)).toBe(true);
      expect(said).toEqual([]);
    },
  );

  it.each([
    ['a quote inside a cell', 'a,b\nx"y,2\n'],
    ['letters after a quote', 'a,b\n"x"y,2\n'],
    ['a quote without an end', 'a,b\n"x,2\n'],
    ['too few cells', 'a,b\n1,2\n3\n'],
    ['too many cells', 'a,b\n1,2\n3,4,5\n'],
    ['an empty cell too many', 'a,b\n1,2,\n'],
    ['lines that end in two ways', 'a,b\r\n1,2\n3,4\r\n'],
    ['a lone carriage return', 'a,b\n1\r,2\n'],
    ['one column', 'a\n1\n\n2\n'],
    ['zero bytes', 'a,b\n1\u0000,2\n'],
    ['a column without a name', 'a,\n1,2\n'],
    ['a name twice', 'a,a\n1,2\n'],
    ['nothing', ''],
    ['a header alone', 'a,b\n'],
    ['another character set', Buffer.from('a,b\n\xe9,2\n', 'latin1')],
    ['half a letter at the end', Buffer.from('a,b\n1,\xe6\x97', 'latin1')],
  ])('leaves what is odd to the built-in reader, and its error: %s', async (_, text) => {
    expect(await expectTheSame(text)).toBe(false);
  });

  it.each(['book[1].csv', 'book?.csv', 'book*.csv'])(
    'is not looked for by a pattern in the name: %s',
    async (dataset) => {
      await writeFile(join(folder, 'book1.csv'), 'a,b\n7,7\n');
      expect(await expectTheSame('a,b\n1,2\n', dataset)).toBe(false);
    },
  );

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
    let byDuckDb = 0;
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        byDuckDb += (await expectTheSame(content)) ? 1 : 0;
      }),
      { numRuns: 120 },
    );
    expect(byDuckDb).toBeGreaterThan(10);
  }, 300_000);

  it('is refused when it changes after it was opened', async () => {
    await writeFile(join(folder, 'book.csv'), [HEADER, ...BOOK].join('\n'));
    const portfolio = await withDuckDb.open({ root: folder, dataset: 'book.csv', key: 'quote_id' }, signal);
    await appendFile(join(folder, 'book.csv'), '\nQ,1,x,1,01,,true');
    await expect(rowsOf(portfolio)).rejects.toMatchObject({ problems: [{ code: 'PORTFOLIO-CHANGED' }] });
  });

  it('can be read twice, and leaves no file behind', async () => {
    const before = await temporaryFolders();
    await writeFile(join(folder, 'book.csv'), [HEADER, ...BOOK].join('\n'));
    const portfolio = await withDuckDb.open({ root: folder, dataset: 'book.csv', key: 'quote_id' }, signal);
    const [first, second] = [await rowsOf(portfolio), await rowsOf(portfolio)];
    expect(first.inColumns && second.inColumns).toBe(true);
    expect(second.rows).toStrictEqual(first.rows);
    expect(await temporaryFolders()).toEqual(before);
  });

  it('stops when it is cancelled while DuckDB works, and leaves no file behind', async () => {
    await writeFile(join(folder, 'book.csv'), [HEADER, ...BOOK].join('\n'));
    const stop = new AbortController();
    let during: readonly string[] = [];
    const portfolios = withDuckDbThat(async () => {
      during = await temporaryFolders();
      stop.abort();
    });
    const opening = portfolios.open({ root: folder, dataset: 'book.csv', key: 'quote_id' }, stop.signal);
    await expect(opening).rejects.toMatchObject({ name: 'Interrupted' });
    expect(during).toHaveLength(1);
    expect(await temporaryFolders()).toEqual([]);
  });

  it('says why DuckDB does not read a file, and reads it', async () => {
    await writeFile(join(folder, 'book.csv'), 'a,b\n1,2\n');
    const portfolios = withDuckDbThat(() => Promise.reject(new Error('IO Error: no space\nOriginal Line: 1,2')));
    const portfolio = await portfolios.open({ root: folder, dataset: 'book.csv', key: 'a' }, signal);
    expect((await rowsOf(portfolio)).rows).toEqual([{ a: 1, b: 2 }]);
    expect(said).toEqual(['DuckDB does not read book.csv, so the built-in reader does: IO Error: no space']);
  });

  it
    .skipIf(process.platform !== 'linux')
    .each(['the key is missing', 'a later file is broken', 'a file changes', 'nobody reads on'])(
    'leaves no file open when %s',
    async (what) => {
      await mkdir(join(folder, 'book'));
      for (const name of ['1.csv', '2.csv', '3.csv'])
        await writeFile(join(folder, 'book', name), [HEADER, ...BOOK.slice(0, 100)].join('\n'));
      if (what === 'a later file is broken') await writeFile(join(folder, 'book/3.csv'), 'a,b\n1\n');
      const key = what === 'the key is missing' ? 'no_such' : 'quote_id';
      const opening = withDuckDb.open({ root: folder, dataset: 'book', key }, signal);
      if (what === 'a file changes' || what === 'nobody reads on') {
        const portfolio = await opening;
        expect(await openTables()).toBe(3);
        if (what === 'a file changes') await appendFile(join(folder, 'book/1.csv'), '\nQ,1,x,1,01,,true');
        const reading = portfolio.rows({ signal })[Symbol.asyncIterator]();
        if (what === 'a file changes') await expect(reading.next()).rejects.toThrow(ConfigError);
        else await reading.next().then(() => reading.return?.());
      } else {
        await expect(opening).rejects.toThrow(ConfigError);
      }
      expect(await openTables()).toBe(0);
    },
  );
});

/** DuckDB that something happens to when it is started. */
function withDuckDbThat(happens: () => Promise<void>): FilePortfolios {
  const find = async (): Promise<DuckDb | undefined> => {
    const real = await duckdb;
    const create: DuckDb['DuckDBInstance']['create'] = async (...args) => {
      await happens();
      return real?.DuckDBInstance.create(...args) as ReturnType<DuckDb['DuckDBInstance']['create']>;
    };
    return { DuckDBInstance: { create } };
  };
  return new FilePortfolios(undefined, { ...SOURCE, find });
}

/** Tables of this test that are open, which Linux tells. */
async function openTables(): Promise<number> {
  const open = await readdir('/proc/self/fd');
  const paths = await Promise.all(open.map((file) => readlink(join('/proc/self/fd', file)).catch(() => '')));
  return paths.filter((path) => path.startsWith(join(folder, 'haute-csv-'))).length;
}

async function temporaryFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('haute-csv-'));
}

describe('a plain text', () => {
  it('is one however it is cut into pieces', async () => {
    const text = Buffer.from('a,b\r\né,"日""本"\r\n"",😀\r\n');
    for (let size = 1; size <= text.length; size++) {
      const pieces = async function* (): AsyncIterable<Uint8Array> {
        for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
      };
      expect(await plainRecords(pieces(), ',', 2)).toBe(3);
    }
  });
});
