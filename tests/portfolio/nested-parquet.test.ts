import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedFile } from '../../shared/portfolio/file-source.ts';
import { ParquetReader } from '../../shared/portfolio/parquet/parquet-reader.ts';
import { randomAccess } from '../../shared/portfolio/parquet/random-access.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { duckdb } from '../impact/duckdb.ts';

const FIXTURES = resolve(import.meta.dirname, '../impact/fixtures');
const signal = new AbortController().signal;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nested-parquet-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function rowsOf(path: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const chunk of new ParquetReader({ path, name: 'book.parquet' }).rows(signal)) rows.push(...chunk);
  return rows;
}

async function write(select: string, rows: number, format: string): Promise<string> {
  const path = join(folder, 'book.parquet');
  await duckdb(`COPY (SELECT ${select} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet, ${format})`, 'SELECT 1');
  return path;
}

const LIST = [
  { name: 'root', num_children: 1 },
  { name: 'list', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
] as const;

/** Columns whose values DuckDB gives as JSON has them. */
const COLUMNS = [
  'CASE WHEN i % 7 > 0 THEN [(4294967295 - i)::UINTEGER, NULL, (i * 3)::UINTEGER] WHEN i % 3 > 0 THEN [] END AS unsigned',
  "{'big': (2147483648 + i)::UINTEGER, 'small': CASE WHEN i % 4 > 0 THEN i::INT END} AS struct",
  "CASE WHEN i % 5 > 0 THEN [{'a': i::INT, 'b': ['x' || i, NULL]}, NULL] END AS deep",
  '[[i::INT], NULL, [], [(i % 9)::INT, NULL]] AS lists',
  'NULL::INT[] AS nothing',
].join(', ');

describe('nested columns of Parquet', () => {
  it.each([
    'CODEC zstd, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1',
    'CODEC uncompressed, PARQUET_VERSION V2, ROW_GROUP_SIZE 2048',
    'CODEC lz4_raw, ROW_GROUP_SIZE 10000',
  ])('are read as DuckDB, which wrote them, reads them: %s', async (format) => {
    const path = await write(COLUMNS, 25_000, format);
    const theirs = await duckdb(`SELECT * FROM '${path}'`);
    expect(JSON.stringify(await rowsOf(path))).toBe(JSON.stringify(theirs));
  });

  it('are read where pages count empty lists as values, as Arrow writes them', async () => {
    expect(await rowsOf(join(FIXTURES, 'lists-v2.parquet'))).toEqual([
      { list: [1, 2], deep: [{ x: 1, l: ['a', null] }] },
      { list: [], deep: [] },
      { list: null, deep: [null, { x: null, l: [] }] },
      { list: [null, 3], deep: null },
    ]);
  });

  it('are read page by page, not a row group at once', async () => {
    const path = join(folder, 'book.parquet');
    const data = Array.from({ length: 120_000 }, (_, row) => [`text ${row}`, `text ${row * 7}`]);
    // Without an index of its pages, as most programs write it.
    const columnData = [{ name: 'list', data, offsetIndex: false }];
    const buffer = parquetWriteBuffer({
      columnData,
      schema: [...LIST],
      rowGroupSize: data.length,
      codec: 'UNCOMPRESSED',
      pageSize: 1 << 16,
    });
    await writeFile(path, new Uint8Array(buffer));
    let read = 0;
    const reader = new ParquetReader({ path, name: 'book.parquet' }, async (): Promise<OpenedFile> => {
      const handle = await open(path);
      const { byteLength, slice } = randomAccess(handle.fd);
      const counted = (start: number, end: number = byteLength) => {
        read += end - start;
        return slice(start, end);
      };
      return { bytes: { byteLength, slice: counted }, close: () => handle.close() };
    });
    const { size } = await stat(path);
    for await (const _ of reader.rows(signal)) break;
    const first = read;
    for await (const _ of reader.rows(signal));
    expect(first).toBeLessThan(size * 0.75);
    // Every page once, and the footer some times.
    expect(read - first).toBeLessThan(size * 1.5);
  });
});

describe('columns without any value', () => {
  it.each(['nothing', 'nothing-lz4'])('are all null: %s', async (name) => {
    expect(await rowsOf(join(FIXTURES, `${name}.parquet`))).toEqual([1, 2, 3].map((key) => ({ key, nothing: null })));
  });
});
