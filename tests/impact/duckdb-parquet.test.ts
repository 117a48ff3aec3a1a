import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { duckdb } from './duckdb.ts';

const signal = new AbortController().signal;
const ROWS = 30_000;
/** Everything that a portfolio may hold, with gaps in every column; few and many different values. */
const TABLE = `SELECT
  'Q' || i AS quote_id,
  CASE WHEN i % 7 > 0 THEN (hash(i) % 90)::INT END AS age,
  CASE WHEN i % 5 > 0 THEN ['London', 'Île-de-France', '日本', 'a "b" \\ c', '', '😀'][(hash(i + 1) % 6)::INT + 1] END AS region,
  CASE WHEN i % 3 > 0 THEN hash(i + 2) % 1000000 / 7 END AS value,
  CASE WHEN i % 11 = 0 THEN 'NaN'::DOUBLE ELSE i / 4 END AS score,
  CASE WHEN i % 2 > 0 THEN i % 4 = 1 END AS garaged,
  CASE WHEN i % 9 > 0 THEN (i % 100000 / 100)::DECIMAL(9, 2) END AS excess,
  (date '1960-02-28' + (i % 30000)::INT) AS born,
  CASE WHEN i % 4 > 0 THEN [i, NULL, i + 1] END AS claims,
  {'make': 'm' || i % 50, 'year': CASE WHEN i % 6 > 0 THEN 1990 + i % 30 END} AS vehicle,
  NULL::VARCHAR AS nothing,
  1 AS same
 FROM range(${ROWS}) t(i)`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The rows as DuckDB itself writes them as JSON; NaN, which JSON does not have, is null. */
async function asDuckDbHasThem(): Promise<unknown[]> {
  const rows = await duckdb(
    `CREATE TABLE t AS SELECT * REPLACE (CASE WHEN NOT isnan(score) THEN score END AS score) FROM (${TABLE})`,
    'SELECT to_json(t)::VARCHAR AS row FROM t',
  );
  return rows.map(({ row }) => JSON.parse(String(row)) as unknown);
}

describe('Parquet that DuckDB wrote', () => {
  it.each([
    ['zstd, pages of the first kind', "CODEC 'zstd'"],
    ['snappy, pages of the second kind', "CODEC 'snappy', PARQUET_VERSION 'v2'"],
    ['small row groups', "CODEC 'gzip', ROW_GROUP_SIZE 2048"],
    ['unpacked, with no dictionaries', "CODEC 'uncompressed', DICTIONARY_SIZE_LIMIT 1"],
  ])('is read as DuckDB has it: %s', async (_, options) => {
    const path = join(folder, 'p.parquet');
    await duckdb(`COPY (${TABLE}) TO '${path}' (FORMAT parquet, ${options})`, 'SELECT 1');
    const portfolio = await new FilePortfolios().open({ root: folder, dataset: 'p.parquet', key: 'quote_id' }, signal);
    const rows: JsonObject[] = [];
    for await (const chunk of portfolio.rows({ signal })) rows.push(...chunk);
    const expected = await asDuckDbHasThem();
    expect(rows.length).toBe(ROWS);
    const first = rows.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(expected[index]));
    expect(rows[first]).toEqual(expected[first]);
    expect(first).toBe(-1);
  });
});
