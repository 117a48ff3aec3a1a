import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Book } from '../../shared/impact/book/book.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import { namesInRows } from '../../shared/impact/rows/output-names.ts';
import { rowsAsParquet } from '../../shared/impact/rows/rows-as-parquet.ts';
import { answer, batchOf, motorBook, POLICY, type Priced, SUBJECT } from './make-book.ts';

/** Many groups of rows. */
const ROWS = 140_000;

let folder = '';
let query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
let close: () => void;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haute-rows-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  close = () => {
    connection.closeSync();
    instance.closeSync();
  };
});
afterAll(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

function bookOf(priced: readonly Priced[], key: string | undefined = 'quote_id'): Book {
  const builder = new BookBuilder({ key, weightColumn: undefined });
  for (let at = 0; at < priced.length; at += 10_000) builder.add(batchOf(priced.slice(at, at + 10_000)));
  return builder.finish();
}

async function written(book: Book, name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, rowsAsParquet(book, { named: [], key: 'quote_id' }));
  return `'${file}'`;
}

function reportOf(book: Book): ImpactJson {
  return analyse(book, { subject: SUBJECT, policy: POLICY, sample: undefined });
}

describe('the rows as Parquet, read by DuckDB', () => {
  const book = bookOf(
    motorBook(ROWS, 5, ({ region }) => (region === 'Wales' ? 8 : -1)).map((quote, index) => {
      if (index % 997 === 3) return { ...quote, staging: null };
      if (index % 1_009 === 7) return { ...quote, production: `422 bad ${index}` };
      if (index % 2_003 === 9) return { ...quote, row: { ...quote.row, quote_id: 'same' } };
      if (index % 3_001 === 11) return { ...quote, row: { ...quote.row, quote_id: null } };
      return index % 4_001 === 13 ? { ...quote, production: 0 } : quote;
    }),
  );
  const report = reportOf(book);
  let file = '';
  beforeAll(async () => {
    file = await written(book, 'rows.parquet');
  });

  it('have the totals of the report', async () => {
    const [totals] = await query(`
      select count(*) filter (status = 'scored')::int scored, count(*) filter (status = 'failed')::int failed,
        count(*) filter (status in ('no-key', 'repeated-key', 'no-answer'))::int unpaired,
        count(premium_change)::int compared, count(*) filter (premium_changed)::int changed,
        sum(premium_production) filter (premium_change is not null) total_before,
        sum(premium_staging) filter (premium_change is not null) total_now,
        avg(premium_change_pct) mean, max(premium_change_pct) highest from ${file}`);
    const [premium] = report.outputs;
    expect(totals).toEqual({
      scored: report.rows.scored,
      failed: report.rows.failed,
      unpaired: report.rows.unpaired,
      compared: premium?.rows,
      changed: premium?.changed,
      total_before: expect.closeTo(premium?.production_total ?? 0, 4),
      total_now: expect.closeTo(premium?.staging_total ?? 0, 4),
      mean: expect.closeTo(premium?.mean_change_pct ?? 0, 9),
      highest: premium?.max_increase_pct,
    });
  });

  it('tell who gets a quote and who does not as the report does', async () => {
    const cells = await query(`select production_state, staging_state, count(*)::int as rows from ${file}
      where production_state is not null group by all order by all`);
    const expected = report.quotability.transitions.filter(({ rows }) => rows > 0);
    expect(cells).toHaveLength(expected.length);
    for (const { production, staging, rows } of expected)
      expect(cells).toContainEqual({ production_state: production, staging_state: staging, rows });
  });

  it('add up to a segment of the report', async () => {
    const segment = report.segments.find(({ conditions }) => conditions.length === 1);
    expect(segment?.conditions[0]).toMatchObject({ column: 'region', low: 'Wales' });
    const [found] = await query(`select count(premium_change)::int as rows, sum(premium_change) as change from ${file}
      where input_region = 'Wales'`);
    expect(found).toEqual({ rows: segment?.rows, change: expect.closeTo(segment?.total_change ?? 0, 4) });
  });

  it('name every row once, by its number and its key', async () => {
    const [found] = await query(`select count(distinct "row")::int as rows, min("row") as first, max("row") as last,
      count(key)::int as keys from ${file}`);
    expect(found).toEqual({ rows: ROWS, first: 1, last: ROWS, keys: ROWS - report.rows.without_key });
  });

  it('are the same bytes for the same book', async () => {
    const [a, b]: [Uint8Array[], Uint8Array[]] = [[], []];
    for (const pieces of [a, b])
      for await (const piece of rowsAsParquet(book, { named: [], key: 'quote_id' })) pieces.push(piece);
    expect(Buffer.concat(a).equals(Buffer.concat(b))).toBe(true);
    // No piece grows with the book: there is one for each group of rows, and one for the end.
    expect(a).toHaveLength(Math.ceil(ROWS / 16_384) + 1);
  });
});

describe('odd books', () => {
  it('without a baseline have staging alone, and every row is scored that staging answered', async () => {
    const builder = new BookBuilder({ key: undefined, weightColumn: undefined });
    const rows = [{ row: 1 }, { row: 2 }];
    builder.add({ rows, staging: [answer({}, 5), answer({}, '422 no')], production: undefined });
    const file = await written(builder.finish(), 'alone.parquet');
    expect(await query(`select * from ${file} order by "row"`)).toEqual([
      expect.objectContaining({ row: 1, status: 'scored', premium_staging: 5, premium_change: null, input_row: 1 }),
      expect.objectContaining({ row: 2, status: 'failed', premium_staging: null, production_state: null }),
    ]);
  });

  it('with columns of our names, or of names that differ in case, keep all of them', async () => {
    const priced = ['status', 'Status', 'input_status'].map(
      (name, id): Priced => ({ row: { quote_id: id, [name]: 'x' }, production: 1, staging: 2 }),
    );
    const file = await written(bookOf(priced), 'names.parquet');
    const [first] = await query(`select * from ${file}`);
    expect(Object.keys(first ?? {}).filter((name) => name.includes('nput'))).toEqual([
      'input_status',
      'input_Status_2',
      'input_input_status',
    ]);
  });

  it('with outputs of names that differ in case tell them apart, each under one name', async () => {
    const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
    const more = { Premium: 7, premium_2: 8, PREMIUM: 9 };
    const rows = [{ quote_id: 1 }];
    builder.add({ rows, staging: [answer({ quote_id: 1 }, 5, more)], production: [answer({ quote_id: 1 }, 4, more)] });
    const book = builder.finish();
    const names = namesInRows(reportOf(book).outputs.map(({ name }) => name));
    expect(Object.fromEntries(names)).toEqual({
      premium: 'premium',
      Premium: 'Premium_3',
      premium_2: 'premium_2',
      PREMIUM: 'PREMIUM_4',
    });
    const [row = {}] = await query(`select * from ${await written(book, 'case.parquet')}`);
    const staging = [...names.values()].map((name) => row[`${name}_staging`]);
    expect(staging).toEqual([5, 7, 8, 9]);
  });

  it('without any answer are written too', async () => {
    const file = await written(bookOf([{ row: { quote_id: 1 }, production: 'no', staging: 'no' }]), 'none.parquet');
    expect(await query(`select key, status from ${file}`)).toEqual([{ key: '1', status: 'failed' }]);
  });
});
