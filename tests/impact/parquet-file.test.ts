import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ColumnData, NO_CODE, NO_FLAG } from '../../shared/impact/parquet/column-data.ts';
import { ParquetFile } from '../../shared/impact/parquet/parquet-file.ts';

const COLUMNS = [
  { name: 'number', type: 'DOUBLE' },
  { name: 'integer', type: 'INT32' },
  { name: 'flag', type: 'BOOLEAN' },
  { name: 'text', type: 'STRING' },
  { name: 'coded text', type: 'STRING' },
  { name: 'coded number', type: 'DOUBLE' },
  { name: 'nothing', type: 'STRING' },
  { name: 'no list', type: 'DOUBLE' },
] as const;
/** Two groups, of pages that are not all full. */
const GROUPS = [2_500, 31];
const PAGE_ROWS = 1_000;

const numberAt = (row: number): number | null => (row % 7 === 3 ? null : row === 5 ? -0 : row / 3);
const integerAt = (row: number): number | null => (row < 1_000 ? null : (row * (row % 2 ? 1 : -1_000_003)) % 2 ** 31);
const flagAt = (row: number): boolean | null => (row % 11 === 4 ? null : row % 3 === 0);
const textAt = (row: number): string | null =>
  row % 5 === 2 ? null : (['', 'é', 'Île-de-France', '🚗', `Q${row}`][row % 4 === 1 ? 4 : row % 4] ?? '');
const TEXTS = ['London', '', 'Wales'];
const NUMBERS = Array.from({ length: 300 }, (_, code) => code / 7);
const codeAt = (row: number, values: number): number =>
  row % 9 === 1 ? NO_CODE : row < 1_200 ? 1 : (row * 31) % values;

function dataOf(first: number, rows: number): readonly ColumnData[] {
  const all = Array.from({ length: rows }, (_, index) => first + index);
  const flags = Uint8Array.from(all, (row) => (flagAt(row) === null ? NO_FLAG : Number(flagAt(row))));
  return [
    { kind: 'numbers', values: Float64Array.from(all, (row) => numberAt(row) ?? Number.NaN) },
    { kind: 'numbers', values: Float64Array.from(all, (row) => integerAt(row) ?? Number.NaN) },
    { kind: 'flags', values: flags },
    { kind: 'texts', values: all.map(textAt) },
    { kind: 'coded', codes: Uint32Array.from(all, (row) => codeAt(row, 3)), values: TEXTS },
    { kind: 'coded', codes: Uint32Array.from(all, (row) => codeAt(row, 300)), values: Float64Array.from(NUMBERS) },
    { kind: 'texts', values: all.map(() => null) },
    { kind: 'coded', codes: new Uint32Array(rows).fill(NO_CODE), values: new Float64Array() },
  ];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a Parquet file of columns', () => {
  it('is read by DuckDB as what was written, of every kind, with and without values', async () => {
    const file = new ParquetFile(COLUMNS, { pageRows: PAGE_ROWS, pack: (bytes) => gzipSync(bytes, { level: 1 }) });
    const pieces: Uint8Array[] = [];
    let rows = 0;
    for (const count of GROUPS) {
      file.addGroup(count, dataOf(rows, count));
      pieces.push(file.take());
      rows += count;
    }
    file.finish();
    const path = join(folder, 'all.parquet');
    writeFileSync(path, Buffer.concat([...pieces, file.take()]));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const found = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
    const expected = Array.from({ length: rows }, (_, row) => [
      numberAt(row),
      integerAt(row),
      flagAt(row),
      textAt(row),
      TEXTS[codeAt(row, 3)] ?? null,
      NUMBERS[codeAt(row, 300)] ?? null,
      null,
      null,
    ]);
    expect(found.getRows()).toEqual(expected);
    connection.closeSync();
    instance.closeSync();
  });
});
