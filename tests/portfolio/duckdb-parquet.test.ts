import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parquetSchema } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import type { DuckDb } from '../../shared/portfolio/duckdb/duckdb.ts';
import { DuckDbParquetReader } from '../../shared/portfolio/duckdb/duckdb-parquet-reader.ts';
import { findDuckDb, withParents } from '../../shared/portfolio/duckdb/find-duckdb.ts';
import { whatChanges, whyNotRewritten } from '../../shared/portfolio/duckdb/why-not-rewritten.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import { ParquetReader } from '../../shared/portfolio/parquet/parquet-reader.ts';
import type { PortfolioReader } from '../../shared/portfolio/portfolio-file.ts';
import type { Portfolio } from '../../shared/ports/portfolio.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { duckdb as runDuckDb } from '../impact/duckdb.ts';

const FIXTURES = resolve(import.meta.dirname, '../impact/fixtures');
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

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-parquet-'));
  vi.stubEnv('TMPDIR', folder);
  said.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Text of all rows, or what is wrong with the file. */
async function textOf(reader: PortfolioReader): Promise<string> {
  try {
    const lines = [JSON.stringify(await reader.facts(signal))];
    for await (const chunk of reader.rows(signal)) lines.push(...chunk.map((row) => JSON.stringify(row)));
    return lines.join('\n');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** The first row that differs. */
async function expectTheSame(one: PortfolioReader, other: PortfolioReader): Promise<void> {
  const [ours, theirs] = [await textOf(one), await textOf(other)].map((text) => text.split('\n'));
  const at = ours?.findIndex((line, index) => line !== theirs?.[index]) ?? -1;
  expect(ours?.[at]).toBe(theirs?.[at]);
  expect(ours?.length).toBe(theirs?.length);
}

async function withDuckDb(path: string): Promise<PortfolioReader> {
  const file = { path, name: 'book.parquet' };
  const metadata = await new ParquetReader(file).metadata();
  return new DuckDbParquetReader(file, metadata, (await duckdb) as DuckDb, SOURCE.say);
}

const builtIn = (path: string): PortfolioReader => new ParquetReader({ path, name: 'book.parquet' });

/** A column of every type that may pass, with gaps, and with what is at the ends of its range. */
const COLUMNS: readonly (readonly [string, string])[] = [
  ['whole', 'CASE WHEN i % 7 > 0 THEN (i - 20000)::INT END'],
  ['long', 'CASE WHEN i % 7 > 0 THEN (i * 1000003)::BIGINT END'],
  ['longest', 'CASE WHEN i % 2 = 0 THEN 9007199254740991 ELSE -9007199254740991 END::BIGINT'],
  ['unsigned', 'CASE WHEN i % 7 > 0 THEN 4294967295 - i END::UINTEGER'],
  ['unsigned_long', 'CASE WHEN i % 7 > 0 THEN i END::UBIGINT'],
  ['single', "CASE WHEN i % 7 > 0 THEN i / 3 ELSE 'NaN' END::FLOAT"],
  ['double', "CASE WHEN i % 7 > 0 THEN i / 3 WHEN i % 3 > 0 THEN 'NaN' END::DOUBLE"],
  ['zeros', "CASE WHEN i % 2 > 0 THEN '-0.0' ELSE '0.0' END::DOUBLE"],
  ['flag', 'CASE WHEN i % 7 > 0 THEN i % 2 = 0 END'],
  ['text', "CASE WHEN i % 7 > 0 THEN ['', 'é', '日本', '😀', chr(65279) || 'x', 'a\"b'][(i % 6)::INT + 1] END"],
  ['key', "'Q' || i"],
  ['day', "CASE WHEN i % 7 > 0 THEN date '1960-02-28' + i::INT END"],
  ['moment', "CASE WHEN i % 7 > 0 THEN timestamp '1969-12-31 23:59:59.999999' + to_microseconds(i * 123456789) END"],
  ['moment_utc', "(timestamp '1969-12-31 23:59:59' + to_microseconds(i))::VARCHAR::TIMESTAMPTZ"],
  ['nothing', 'NULL::VARCHAR'],
  ['list', 'CASE WHEN i % 7 > 0 THEN [i, NULL, i + 1] WHEN i % 3 > 0 THEN [] END'],
  [
    'struct',
    "CASE WHEN i % 5 > 0 THEN {'make': 'm' || i % 50, 'year': CASE WHEN i % 6 > 0 THEN 1990 + i % 30 END} END",
  ],
  ['deep', "[{'a': i, 'b': [i::VARCHAR, NULL]}, NULL]"],
];
/** Without dictionaries, which takes the built-in reader long. */
const SLOW = 'CODEC zstd, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1';
const FORMATS = ['CODEC zstd, DICTIONARY_SIZE_LIMIT 1', SLOW, 'CODEC snappy, ROW_GROUP_SIZE 2048'];

async function write(name: string, columns: readonly (readonly [string, string])[], format: string): Promise<string> {
  const path = join(folder, name);
  const select = columns.map(([column, value]) => `${value} AS "${column}"`).join(', ');
  await runDuckDb(
    `COPY (SELECT ${select} FROM range(40000) t(i)) TO '${path}' (FORMAT parquet, ${format})`,
    'SELECT 1',
  );
  return path;
}

describe('Parquet that DuckDB writes anew', () => {
  it.each(FORMATS)('gives the same rows, of every type that passes: %s', async (format) => {
    const path = await write('book.parquet', COLUMNS, format);
    await expectTheSame(await withDuckDb(path), builtIn(path));
    expect(said).toEqual([]);
    expect(await readdir(folder)).toEqual(['book.parquet']);
  });

  it.each([
    ...['codec-none', 'codec-zstd', 'codec-brotli', 'codec-gzip', 'codec-lz4', 'codec-snappy'],
    ...['polars', 'types', 'too-large', 'binary', 'empty'],
  ])('gives the same rows of what other programs wrote, or the same error: %s', async (name) => {
    const path = join(FIXTURES, `${name}.parquet`);
    await expectTheSame(await withDuckDb(path), builtIn(path));
  });

  it.each([
    ['short', '(i % 100)::SMALLINT'],
    ['decimal', '(i / 100)::DECIMAL(9, 2)'],
    ['seconds', "timestamp_ms '2024-01-31 13:05:00.123'"],
    ['nanos', "timestamp_ns '2024-01-31 13:05:00.123456789'"],
    ['clock', "time '13:05:00'"],
    ['bytes', "'\\x01'::BLOB"],
    ['id', "'00000000-0000-0000-0000-000000000001'::UUID"],
    ['map', 'MAP {1: i}'],
  ])('is none where a type would come back in another way: %s', async (name, value) => {
    const path = await write('book.parquet', [[name, value]], SLOW);
    const metadata = await new ParquetReader({ path, name }).metadata();
    expect(whatChanges(parquetSchema(metadata))).toBe(`the type of column ${name} might change`);
  });

  it('is left to the built-in reader where columns would get other names, and the log says so', async () => {
    const columnData = ['a', 'A'].map((name) => ({ name, type: 'INT32' as const, data: [1, 2, 3] }));
    const path = join(folder, 'book.parquet');
    await writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData })));
    await expectTheSame(await withDuckDb(path), builtIn(path));
    expect(said).toEqual([
      'DuckDB does not read book.parquet, so the built-in reader does: it gives its columns other names or types',
    ]);
  });

  it('is left to the built-in reader, and its error, where it is broken', async () => {
    const path = await write('book.parquet', COLUMNS, SLOW);
    const reader = await withDuckDb(path);
    const broken = (await readFile(path)).fill(0xff, 100, 20_000);
    await writeFile(path, broken);
    await expectTheSame(reader, builtIn(path));
    expect(said[0]).toMatch(/^DuckDB does not read book\.parquet, so the built-in reader does: /);
    expect(await temporaryFolders()).toEqual([]);
  });

  it.each([
    ['auto', SLOW, true, undefined],
    ['duckdb', SLOW, true, undefined],
    ['built-in', SLOW, false, undefined],
    ['auto', 'CODEC zstd', false, undefined],
    [
      'duckdb',
      'CODEC zstd',
      false,
      /the built-in reader does: it is faster there, as most of its values are in dictionaries/,
    ],
  ] as const)('is chosen by what the file is, with reader %s: %s', async (reader, format, byDuckDb, line) => {
    const columns = ['a', 'b', 'c'].map((name, at) => [name, `i % ${at + 10}`] as const);
    await write('book.parquet', columns, format);
    const started: string[] = [];
    const portfolios = withDuckDbThat(async () => void started.push(reader));
    const portfolio = await portfolios.open({ root: folder, dataset: 'book.parquet', key: 'a', reader }, signal);
    await countRows(portfolio);
    expect(started).toHaveLength(byDuckDb ? 1 : 0);
    expect(said).toEqual(line === undefined ? [] : [expect.stringMatching(line)]);
  });

  it('is not made of nested columns, which it makes no faster', async () => {
    await write('book.parquet', [['id', 'i'], ...COLUMNS.filter(([name]) => name === 'deep')], SLOW);
    const find = () => Promise.reject(new Error('nobody asked'));
    const portfolios = new FilePortfolios(undefined, { ...SOURCE, find });
    const request = { root: folder, dataset: 'book.parquet', key: 'id', reader: 'duckdb' as const };
    expect(await rowsOf(await portfolios.open(request, signal))).toHaveLength(40_000);
    expect(said).toEqual([expect.stringMatching(/^DuckDB does not read book\.parquet, .* it is faster there/)]);
    const flat = await write('book.parquet', COLUMNS, SLOW);
    expect(
      whyNotRewritten(
        { path: flat, name: 'book.parquet' },
        await new ParquetReader({ path: flat, name: '' }).metadata(),
      ),
    ).toBe(undefined);
  });

  it.each([
    ['book.csv', 'a,b\n1,2\n'],
    ['book.jsonl', '{"a":1,"b":2}\n'],
  ])('is not made of text, for which DuckDB is not even looked for: %s', async (dataset, text) => {
    await writeFile(join(folder, dataset), text);
    const find = () => Promise.reject(new Error('nobody asked'));
    const portfolios = new FilePortfolios(undefined, { ...SOURCE, find });
    const portfolio = await portfolios.open({ root: folder, dataset, key: 'a', reader: 'duckdb' }, signal);
    expect(await rowsOf(portfolio)).toEqual([{ a: 1, b: 2 }]);
    expect(said).toEqual([`DuckDB does not read ${dataset}, the built-in reader does: it is faster at text`]);
  });

  it.each(['year=2024', "o'clock", 'a[1]'])('takes nothing from the names of folders: %s', async (name) => {
    await mkdir(join(folder, name));
    const path = await write('book.parquet', COLUMNS.slice(0, 5), SLOW);
    const moved = join(folder, name, 'book.parquet');
    await rename(path, moved);
    const portfolios = withDuckDbThat(async () => undefined);
    const texts = await Promise.all(
      (['auto', 'built-in'] as const).map(async (reader) => {
        const request = { root: join(folder, name), dataset: 'book.parquet', key: undefined, reader };
        return rowsOf(await portfolios.open(request, signal));
      }),
    );
    expect(texts[0]).toEqual(texts[1]);
    expect(said).toEqual([]);
  });

  it('is refused when it changes after it was opened', async () => {
    const path = await write('book.parquet', COLUMNS, SLOW);
    const portfolio = await withDuckDbThat(() => utimes(path, 1, 1)).open(
      { root: folder, dataset: 'book.parquet', key: 'key' },
      signal,
    );
    await expect(countRows(portfolio)).rejects.toMatchObject({ problems: [{ code: 'PORTFOLIO-CHANGED' }] });
    expect(await temporaryFolders()).toEqual([]);
  });

  it('can be read twice, and leaves no file behind', async () => {
    await write('book.parquet', COLUMNS, SLOW);
    const portfolio = await new FilePortfolios(undefined, SOURCE).open(
      { root: folder, dataset: 'book.parquet', key: 'key' },
      signal,
    );
    expect([await countRows(portfolio), await countRows(portfolio)]).toEqual([40_000, 40_000]);
    expect(await temporaryFolders()).toEqual([]);
  });

  it('stops when it is cancelled while DuckDB works, and leaves no file behind', async () => {
    await write('book.parquet', COLUMNS, SLOW);
    const stop = new AbortController();
    let during: readonly string[] = [];
    const portfolios = withDuckDbThat(async () => {
      during = await temporaryFolders();
      stop.abort();
    });
    const portfolio = await portfolios.open({ root: folder, dataset: 'book.parquet', key: 'key' }, stop.signal);
    await expect(countRows(portfolio, stop.signal)).rejects.toMatchObject({ name: 'Interrupted' });
    expect(during).toHaveLength(1);
    expect(await temporaryFolders()).toEqual([]);
  });

  it('says why DuckDB does not read a file, and reads it', async () => {
    await write('book.parquet', COLUMNS, SLOW);
    const portfolios = withDuckDbThat(() =>
      Promise.reject(new Error('IO Error: no space\nand what stands in the file')),
    );
    const portfolio = await portfolios.open({ root: folder, dataset: 'book.parquet', key: 'key' }, signal);
    expect(await countRows(portfolio)).toBe(40_000);
    expect(said).toEqual(['DuckDB does not read book.parquet, so the built-in reader does: IO Error: no space']);
    expect(await temporaryFolders()).toEqual([]);
  });
});

async function rowsOf(portfolio: Portfolio): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const chunk of portfolio.rows({ signal })) rows.push(...chunk);
  return rows;
}

async function countRows(portfolio: Portfolio, until = signal): Promise<number> {
  let rows = 0;
  for await (const chunk of portfolio.rows({ signal: until })) rows += chunk.length;
  return rows;
}

/** DuckDB that something happens to when it is started. */
function withDuckDbThat(happens: () => Promise<unknown>): FilePortfolios {
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

async function temporaryFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('haute-parquet-'));
}
