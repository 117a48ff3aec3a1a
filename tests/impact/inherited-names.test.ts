import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Book } from '../../shared/impact/book/book.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { mergePartials } from '../../shared/impact/partial/merge-partials.ts';
import { PartialBuilder } from '../../shared/impact/partial/partial-builder.ts';
import { isInShard } from '../../shared/impact/partial/shard.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import type { Answers } from '../../shared/release/answers.ts';
import { digestOf } from '../../shared/release/digest.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { filterRows, joinRows, type QuoteRows } from '../../shared/release/quote-rows.ts';
import { answersIn } from '../../shared/scoring/answers-in.ts';
import { POLICY, SUBJECT } from './make-book.ts';

/** A building has a constructor. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf', 'isPrototypeOf'] as const;
const KEY = 'valueOf';
const WEIGHT = 'isPrototypeOf';
/** The same columns by names that nothing else has. */
const PLAIN = (name: string): string => `${name}Plain`;

const { signal } = new AbortController();
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inherited-names-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Rows of which a third have all columns, a third only the key and the weight, and a third some of them. */
function portfolio(called: (name: string) => string): readonly JsonObject[] {
  return Array.from({ length: 900 }, (_, at) =>
    Object.fromEntries(
      NAMES.flatMap((name, column) => {
        if (name === KEY) return [[called(name), `Q${at}`]];
        if (name === WEIGHT) return at % 3 === 1 ? [] : [[called(name), 1 + (at % 5)]];
        const isThere = at % 3 === 0 || (at % 3 === 2 && column % 2 === 0);
        return isThere ? [[called(name), column % 2 === 0 ? `T${at % 4}` : at % 7]] : [];
      }),
    ),
  );
}

async function read(file: string, content: string | Uint8Array): Promise<QuoteRows> {
  await writeFile(join(root, file), content);
  const opened = await new FilePortfolios().open({ root, dataset: file, key: undefined }, signal);
  const chunks: QuoteRows[] = [];
  for await (const chunk of opened.rows({ signal })) chunks.push(chunk);
  return joinRows(chunks);
}

type Called = (name: string) => string;
const cell = (row: JsonObject, name: string) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null);

const FORMATS: Readonly<Record<string, (called: Called) => Promise<QuoteRows>>> = {
  'JSON lines': (called) =>
    read(
      'p.jsonl',
      portfolio(called)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    ),
  CSV: (called) => {
    const names = NAMES.map(called);
    const lines = [names, ...portfolio(called).map((row) => names.map((name) => cell(row, name)))];
    return read('p.csv', lines.map((line) => `${line.join(',')}\n`).join(''));
  },
  Parquet: (called) => {
    const rows = portfolio(called);
    const columnData = NAMES.map((name, column) => ({
      name: called(name),
      data: rows.map((row) => cell(row, called(name))),
      type: name === KEY || (name !== WEIGHT && column % 2 === 0) ? ('STRING' as const) : ('DOUBLE' as const),
    }));
    return read('p.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  },
};

/** Prices that depend on the rows; a third of the answers lack the outputs that are called like what objects have. */
function answersTo(rows: QuoteRows, called: Called, factor: number, inColumns: boolean): Answers {
  const answered = rows.map((row): JsonObject => {
    const key = cell(row, called(KEY));
    const at = Number(String(key).slice(1));
    const premium = (100 + (at % 50)) * (cell(row, called('constructor')) === 'T1' ? factor : 1);
    const more = at % 3 === 0 ? { [called('toString')]: premium / 2, [called('__proto__')]: premium / 4 } : {};
    return { [called(KEY)]: key, premium, ...more };
  });
  if (!inColumns) return answered.map((row) => ({ ok: true, row }));
  const lines = answered.map((row) => `${JSON.stringify(row)}\n`).join('');
  return answersIn(Buffer.from(lines), 'application/x-ndjson', rows.length);
}

interface Way {
  readonly key: string | undefined;
  readonly inColumns: boolean;
}

function batchOf(rows: QuoteRows, called: Called, inColumns: boolean) {
  const side = (factor: number): Answers => answersTo(rows, called, factor, inColumns);
  return { rows, staging: side(1.2), production: side(1) };
}

function whole(rows: QuoteRows, called: Called, { key, inColumns }: Way): Book {
  const builder = new BookBuilder({ key: key && called(key), weightColumn: called(WEIGHT) });
  for (const from of [0, 400]) builder.add(batchOf(rows.slice(from, from === 0 ? 400 : undefined), called, inColumns));
  return builder.finish();
}

let folders = 0;
async function merged(rows: QuoteRows, called: Called, { key, inColumns }: Way): Promise<Book> {
  const subject = { ...SUBJECT, key: key === undefined ? null : called(key) };
  const about = { total: rows.length, sampledFrom: undefined, subject, policyDigest: digestOf('') };
  const both = batchOf(rows, called, inColumns);
  const partials = [1, 2, 3].map(async (index) => {
    const shard = { index, of: 3 };
    const builder = new PartialBuilder({ shard, ...about });
    const isOwn = (at: number): boolean => isInShard(shard, at);
    const own = filterRows(rows, isOwn);
    const [staging, production] = [both.staging, both.production].map((side) => [...side].filter((_, at) => isOwn(at)));
    const ready = builder.add({ rows: own, staging: staging as Answers, production: production as Answers });
    const { files, manifest } = builder.finish();
    const folder = `${folders++}`;
    await mkdir(join(root, folder));
    for (const { path, bytes } of [...ready, ...files]) await writeFile(join(root, folder, path), bytes);
    const opened = await new FilePortfolios().open({ root, dataset: folder, key: undefined }, signal);
    return { manifest, rows: opened.rows({ signal }) };
  });
  return mergePartials(await Promise.all(partials), { weightColumn: called(WEIGHT) });
}

function reportOn(book: Book, called: Called, key: string | undefined): string {
  const named = key && called(key);
  const policy = { ...POLICY, key: named, weight: called(WEIGHT), outputs: ['premium', called('toString')] };
  return encodeImpact(analyse(book, { subject: { ...SUBJECT, key: named ?? null }, policy, sample: undefined }));
}

/** A report with plain names, by those that every object has. */
function renamed(report: string): string {
  return NAMES.reduce((text, name) => text.replaceAll(PLAIN(name), name), report);
}

const asIs: Called = (name) => name;

describe.each(Object.keys(FORMATS))('columns of %s that are called like what every object has', (format) => {
  const make = FORMATS[format] as (called: Called) => Promise<QuoteRows>;

  it('are read as any others', async () => {
    const [rows, plain] = [await make(asIs), await make(PLAIN)];
    expect(JSON.stringify([...rows])).toBe(renamed(JSON.stringify([...plain])));
    expect(rows).toHaveLength(900);
  });

  it.each([
    { key: undefined, inColumns: false },
    { key: undefined, inColumns: true },
    { key: KEY, inColumns: false },
    { key: KEY, inColumns: true },
  ])('give the report that any others give, of one run and of shards: $key $inColumns', async (way) => {
    const [rows, plain] = [await make(asIs), await make(PLAIN)];
    const expected = renamed(reportOn(whole(plain, PLAIN, way), PLAIN, way.key));
    expect(expected).toContain('"constructor"');
    expect(reportOn(whole(rows, asIs, way), asIs, way.key)).toBe(expected);
    expect(reportOn(await merged(rows, asIs, way), asIs, way.key)).toBe(expected);
  });
});
