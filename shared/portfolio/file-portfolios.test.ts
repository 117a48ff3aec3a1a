import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, Interrupted } from '../errors.ts';
import { DiskScratch } from '../io/disk-scratch.ts';
import type { ScratchFile } from '../ports/scratch.ts';
import { globPattern } from '../project/glob-pattern.ts';
import { digestOf } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import { FilePortfolios } from './file-portfolios.ts';
import type { RemoteFile } from './file-source.ts';

const FIXTURES = resolve(import.meta.dirname, '../../tests/impact/fixtures');
const signal = new AbortController().signal;
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'portfolio-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}

async function read(dataset: string, key?: string, folder = root): Promise<JsonObject[]> {
  const portfolio = await new FilePortfolios().open({ root: folder, dataset, key }, signal);
  const rows: JsonObject[] = [];
  for await (const chunk of portfolio.rows({ signal })) rows.push(...chunk);
  expect(await portfolio.count(signal)).toBe(rows.length);
  return rows;
}

/** Text content of one file named `p` with this ending. */
async function readText(ending: string, content: string | Uint8Array, key?: string): Promise<JsonObject[]> {
  await put(`p${ending}`, content);
  return await read(`p${ending}`, key);
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.message;
}

describe('Parquet', () => {
  it('gives the values of every type as JSON carries them', async () => {
    const rows = await read('types.parquet', 'id', FIXTURES);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      id: 1,
      small: -1,
      unsigned: 0,
      decimal: 0.35,
      wide_decimal: 0.123456789,
      day: '2024-02-29',
      micros: '2024-01-31T13:05:00.123456',
      utc: '2024-01-31T13:05:00Z',
      nanos: '2024-01-31T13:05:00.123456789',
      time: '13:05:01',
      flag: true,
      text: 'café',
      category: 'a',
      single: 0.5,
      double: 1.1,
      list: [1, 2],
      struct: { a: 1, b: 'x' },
      all_null: null,
    });
    expect(rows[1]).toMatchObject({
      unsigned: 4_294_967_295,
      decimal: -1999.99,
      day: '1969-12-31',
      micros: '1969-12-31T23:59:59',
      double: null,
      list: [],
      struct: { a: null, b: 'y' },
    });
    expect(new Set(Object.values(rows[2] ?? {}))).toEqual(new Set([null]));
  });

  it.each(['codec-none', 'codec-snappy', 'codec-gzip', 'codec-zstd', 'codec-brotli', 'codec-lz4', 'polars'])(
    'is read whole: %s',
    async (name) => {
      const expected = Array.from({ length: 300 }, (_, id) => ({
        quote_id: id,
        region: ['London', 'Wales', null][id % 3] as string | null,
        value: id % 7 === 0 ? null : id / 8,
      }));
      expect(await read(`${name}.parquet`, 'quote_id', FIXTURES)).toEqual(expected);
    },
  );

  it('gives texts that begin with a byte order mark as they are, by themselves and in a dictionary', async () => {
    const texts = ['\ufeff1', 'x', '\ufeff'];
    const columnData = [
      { name: 'plain', type: 'STRING', data: texts, encoding: 'PLAIN' },
      { name: 'repeated', type: 'STRING', data: texts, encoding: 'RLE_DICTIONARY' },
    ] as const;
    await put('marks.parquet', new Uint8Array(parquetWriteBuffer({ columnData: [...columnData] })));
    expect(await read('marks.parquet')).toEqual(texts.map((text) => ({ plain: text, repeated: text })));
  });

  it.each([
    ['is refused where the name of a column begins with one', ['\ufeffid', 'id'], 'x', /PORTFOLIO-HEADER/],
    ['is refused where that of a single column does', ['\ufeffid'], 'x', /column id begins with a byte order mark/],
    ['is read where only its texts do', ['id', 'name'], '\ufeffx', undefined],
    ['is read where one stands within a name', ['id', 'a\ufeffb'], 'x', undefined],
  ])('with byte order marks %s', async (_, names, text, problem) => {
    const columnData = names.map((name) => ({ name, type: 'STRING' as const, data: [text] }));
    await put('marks.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
    if (problem) expect(await problemOf(read('marks.parquet'))).toMatch(problem);
    else expect(await read('marks.parquet')).toEqual([Object.fromEntries(names.map((name) => [name, text]))]);
  });

  it('gives back what was written, whatever the row groups', async () => {
    const cell = {
      id: fc.nat(),
      name: fc.option(fc.string()),
      value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      flag: fc.option(fc.boolean()),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record(cell), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, rowGroupSize) => {
          const column = (name: keyof typeof cell, type: 'INT32' | 'STRING' | 'DOUBLE' | 'BOOLEAN') => ({
            name,
            type,
            data: rows.map((row) => row[name]),
          });
          const columnData = [
            column('id', 'INT32'),
            column('name', 'STRING'),
            column('value', 'DOUBLE'),
            column('flag', 'BOOLEAN'),
          ];
          await put('w.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize })));
          // JSON has one zero, and so has what is sent: the sign of the other is of no account.
          const sent = (row: object): unknown => JSON.parse(JSON.stringify(row));
          expect((await read('w.parquet', 'id')).map(sent)).toEqual(rows.map(sent));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    [
      'too-large.parquet',
      /column quote_id holds 9007199254740993, which JSON numbers cannot carry exactly \[PORTFOLIO-INTEGER\]/,
    ],
    ['binary.parquet', /holds binary data, which JSON cannot carry \[PORTFOLIO-VALUE\]/],
    ['empty.parquet', /holds no rows \[PORTFOLIO-EMPTY\]/],
  ])('%s is refused', async (name, message) => {
    expect(await problemOf(read(name, 'quote_id', FIXTURES))).toMatch(message);
  });

  it('is refused when it is something else, cut short or damaged', async () => {
    const good = await readFile(join(FIXTURES, 'codec-none.parquet'));
    const damaged = Buffer.from(good);
    damaged.fill(0xff, 4, 200);
    const footer = Buffer.from(good);
    footer.writeUInt32LE(0x7fff_ffff, footer.length - 8);
    const zeroed = Buffer.from(good).fill(0, good.length - 8 - good.readUInt32LE(good.length - 8), good.length - 8);
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['no Parquet', Buffer.from('quote_id,premium\n1,2\n')],
      ['nothing', Buffer.alloc(0)],
      ['cut', good.subarray(0, good.length - 100)],
      ['a wrong footer length', footer],
      ['a broken footer', zeroed],
      ['broken pages', damaged],
    ];
    for (const [name, bytes] of cases) {
      await put('p.parquet', bytes);
      expect(`${name}: ${await problemOf(read('p.parquet'))}`).toMatch(
        /p\.parquet: the file cannot be read: .* \[PORTFOLIO-CORRUPT\]/,
      );
    }
  });
});

describe('CSV', () => {
  it('gives numbers, booleans and text by what all cells of a column are', async () => {
    const csv = [
      'id,code,postcode,price,flag,when,note,empty,missing',
      '1,007,12345,1.5,true,2024-01-31,"a, ""b""",,1',
      '2,010,AB1,-2e3,FALSE,2024-02-01,"two\nlines",,NA',
      '3,100,99,,,,x,,NaN',
    ].join('\n');
    expect(await readText('.csv', csv, 'id')).toEqual([
      {
        id: 1,
        code: '007',
        postcode: '12345',
        price: 1.5,
        flag: true,
        when: '2024-01-31',
        note: 'a, "b"',
        empty: null,
        missing: 1,
      },
      {
        id: 2,
        code: '010',
        postcode: 'AB1',
        price: -2000,
        flag: false,
        when: '2024-02-01',
        note: 'two\nlines',
        empty: null,
        missing: null,
      },
      {
        id: 3,
        code: '100',
        postcode: '99',
        price: null,
        flag: null,
        when: null,
        note: 'x',
        empty: null,
        missing: null,
      },
    ]);
  });

  it('keeps NA where it is a text, and whole numbers that a double would change', async () => {
    expect(await readText('.csv', 'country,id\nNA,9007199254740993\nDE,1\n')).toEqual([
      { country: 'NA', id: '9007199254740993' },
      { country: 'DE', id: '1' },
    ]);
  });

  it.each([
    ['semicolons', 'a;b\n1;"x,y"\n'],
    ['tabs', 'a\tb\n1\tx,y\n'],
    ['bars', 'a|b\n1|x,y\n'],
    ['commas and Windows line ends and a byte order mark', '\ufeffa,b\r\n1,"x,y"\r\n'],
    ['empty lines', 'a,b\n\n1,"x,y"\n\n'],
  ])('is read with %s', async (_, csv) => {
    expect(await readText('.csv', csv)).toEqual([{ a: 1, b: 'x,y' }]);
  });

  it('is read packed', async () => {
    expect(await readText('.csv.gz', gzipSync('a,b\n1,2\n'))).toEqual([{ a: 1, b: 2 }]);
  });

  it.each([
    ['a line with too many cells', 'a,b\n1,2\n1,2,3\n', /line 3 \[PORTFOLIO-ROW\]|p\.csv:3: .* \[PORTFOLIO-ROW\]/],
    ['a quote that does not end', 'a,b\n"1,2\n', /\[PORTFOLIO-ROW\]/],
    ['a column without a name', 'a,\n1,2\n', /p\.csv:1: column 2 has no name \[PORTFOLIO-HEADER\]/],
    ['two columns of one name', 'a,b,a\n1,2,3\n', /p\.csv:1: two columns are called a \[PORTFOLIO-HEADER\]/],
    ['a header alone', 'a,b\n', /\[PORTFOLIO-EMPTY\]/],
    ['nothing', '', /\[PORTFOLIO-EMPTY\]/],
  ])('is refused with %s', async (_, csv, message) => {
    expect(await problemOf(readText('.csv', csv))).toMatch(message);
  });

  it('is refused when it is not UTF-8, as names would quietly change', async () => {
    expect(await problemOf(readText('.csv', Buffer.from('a\ncaf\xe9\n', 'latin1')))).toMatch(
      /not UTF-8 text \[PORTFOLIO-NOT-UTF8\]/,
    );
  });

  it('is refused when it is said to be packed and is not', async () => {
    expect(await problemOf(readText('.csv.gz', 'a,b\n1,2\n'))).toMatch(/\[PORTFOLIO-CORRUPT\]/);
  });

  it('gives back what was written', async () => {
    const text = fc
      .string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é', ' ', ';') })
      .filter((value) => value !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), text), { minLength: 1, maxLength: 20 }), async (rows) => {
        const csv = rows.map(([id, value]) => `${id},"${value.replaceAll('"', '""')}"\n`).join('');
        expect(await readText('.csv', `id,"te;xt"\n${csv}`)).toEqual(
          rows.map(([id, value]) => ({ id, 'te;xt': value })),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('JSON lines', () => {
  it.each(['.jsonl', '.ndjson'])('are read: %s', async (ending) => {
    expect(await readText(ending, '{"a":1,"b":{"c":null}}\n\n{"a":"x"}')).toEqual([
      { a: 1, b: { c: null } },
      { a: 'x' },
    ]);
  });

  it.each([
    ['half a line', '{"a":1}\n{"a":\n', /p\.jsonl:2: this line cannot be used: .* \[PORTFOLIO-ROW\]/],
    ['NaN', '{"a":NaN}\n', /NaN is not JSON/],
    ['a list', '[1]\n', /it is not an object/],
    ['a text', '"a"\n', /it is not an object/],
    [
      'a number that a double would change',
      '{"a":9007199254740993}\n',
      /9007199254740993 is more than a number can hold exactly/,
    ],
    ['a number beyond the largest', '{"a":1e999}\n', /1e999 is more than a number can hold exactly/],
    ['nothing', '\n\n', /\[PORTFOLIO-EMPTY\]/],
  ])('are refused with %s', async (_, lines, message) => {
    expect(await problemOf(readText('.jsonl', lines))).toMatch(message);
  });

  it('are not taken for inexact when the long number is a text', async () => {
    expect(await readText('.jsonl', '{"a":"9007199254740993"}\n')).toEqual([{ a: '9007199254740993' }]);
  });
});

describe('files of test quotes', () => {
  it.each([
    ['plain quotes', '[{"id":1,"_note":"x"},{"id":2}]'],
    ['golden cases', '[{"input":{"id":1},"expected":{"premium":5}},{"_description":"two","input":{"id":2}}]'],
  ])('are a small portfolio: %s', async (_, quotes) => {
    expect(await readText('.json', quotes, 'id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('are refused when they are broken', async () => {
    expect(await problemOf(readText('.json', '[{"id":1},]'))).toMatch(/QUOTES-SYNTAX/);
    expect(await problemOf(readText('.json', '[]'))).toMatch(/PORTFOLIO-EMPTY/);
  });
});

describe('the files of a dataset', () => {
  beforeEach(async () => {
    await put('data/2.csv', 'id\n2\n');
    await put('data/10.jsonl', '{"id":10}\n');
    await put('data/sub/1.csv', 'id\n1\n');
    await put('data/.hidden/9.csv', 'id\n9\n');
    await put('data/readme.md', 'no rows');
  });

  it.each([
    ['data/2.csv', [2]],
    ['data', [10, 2, 1]],
    ['data/*.csv', [2]],
    ['data/**/*.csv', [2, 1]],
    ['data/{2,10}.*', [10, 2]],
    ['data/[0-9].csv', [2]],
    ['data/?.csv', [2]],
  ])('%s, sorted by name', async (dataset, ids) => {
    expect((await read(dataset, 'id')).map(({ id }) => id)).toEqual(ids);
  });

  it('are named with their size and digest', async () => {
    const { files } = await new FilePortfolios().open({ root, dataset: 'data/2.csv', key: 'id' }, signal);
    expect(files).toEqual([{ path: 'data/2.csv', bytes: 5, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
  });

  it.each([
    ['nowhere.parquet', 'PORTFOLIO-MISSING'],
    ['data/*.parquet', 'PORTFOLIO-MISSING'],
    ['data/readme.md', 'PORTFOLIO-FORMAT'],
    ['s3://bucket/p.parquet', 'PORTFOLIO-REMOTE'],
  ])('%s is refused: %s', async (dataset, code) => {
    expect(await problemOf(read(dataset))).toContain(code);
  });

  it('must have the key', async () => {
    expect(await problemOf(read('data', 'quote_id'))).toMatch(
      /data\/10\.jsonl: there is no column quote_id to pair rows by; the columns are id \[PORTFOLIO-NO-KEY\]/,
    );
  });

  it.each([
    ['a*b', 'axxb', true],
    ['a*b', 'a/b', false],
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['{a,b}.{c,d}', 'b.c', true],
    ['{a,b}.{c,d}', 'b.e', false],
    ['a,b', 'a,b', true],
    ['a+(b)', 'a+(b)', true],
    ['[!a]', 'b', true],
    ['[!a]', 'a', false],
    ['[', '[', true],
  ])('the glob %s on %s: %s', (pattern, path, matches) => {
    expect(globPattern(pattern).test(path)).toBe(matches);
  });
});

describe('a file of a store that is read several times', () => {
  const text = Buffer.from('id,name\n1,x\n2,y\n');
  let fetched = 0;
  const closed = { count: 0 };

  /** A store with one file, and copies whose closing is counted. */
  function portfolios(): FilePortfolios {
    const path = 's3://book/p.csv';
    [fetched, closed.count] = [0, 0];
    const remote: RemoteFile = {
      bytes: text.length,
      digest: digestOf(text),
      version: undefined,
      slice: async (start, end) => new Uint8Array(text.subarray(start, end)).buffer,
      async *stream() {
        fetched += 1;
        yield text;
      },
    };
    const scratch = (): ScratchFile => {
      const file = new DiskScratch(root);
      const close = (): void => {
        closed.count += 1;
        file.close();
      };
      const { descriptor } = file;
      return { descriptor, append: (bytes) => file.append(bytes), read: (at, into) => file.read(at, into), close };
    };
    return new FilePortfolios({ find: async () => [{ path, name: path, remote }] }, undefined, {
      scratch,
      say: () => undefined,
    });
  }

  it('is fetched once, and its copy is gone when its rows were read', async () => {
    const portfolio = await portfolios().open({ root, dataset: 's3://book/p.csv', key: 'id' }, signal);
    const rows: JsonObject[] = [];
    for await (const chunk of portfolio.rows({ signal })) rows.push(...chunk);
    expect(rows).toEqual([
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ]);
    expect([fetched, closed.count]).toEqual([1, 1]);
    await portfolio.close();
    expect(closed.count).toBe(1);
  });

  it('is given back when nobody reads it, and fetched again for those who do', async () => {
    const portfolio = await portfolios().open({ root, dataset: 's3://book/p.csv', key: 'id' }, signal);
    await portfolio.close();
    expect([fetched, closed.count]).toEqual([1, 1]);
    for await (const chunk of portfolio.rows({ signal })) expect(chunk.length).toBe(2);
    expect(fetched).toBeGreaterThan(1);
  });

  it('is given back when the portfolio cannot be used', async () => {
    const opening = portfolios().open({ root, dataset: 's3://book/p.csv', key: 'policy_no' }, signal);
    expect(await problemOf(opening)).toContain('PORTFOLIO-NO-KEY');
    expect(closed.count).toBe(1);
  });
});

describe('reading', () => {
  it('gives only the rows that are taken, numbered over all files', async () => {
    await put('a.csv', 'id\n0\n1\n2\n');
    await put('b.csv', 'id\n3\n4\n');
    const portfolio = await new FilePortfolios().open({ root, dataset: '*.csv', key: 'id' }, signal);
    const rows: unknown[] = [];
    for await (const chunk of portfolio.rows({ signal, take: (row) => row % 2 === 1 }))
      rows.push(...chunk.map(({ id }) => id));
    expect(rows).toEqual([1, 3]);
  });

  it.each(['before', 'while'])('notices a file that changes %s it is read', async (when) => {
    await put('a.jsonl', '{"id":1}\n'.repeat(20_000));
    const portfolio = await new FilePortfolios().open({ root, dataset: 'a.jsonl', key: 'id' }, signal);
    const reading = async (): Promise<void> => {
      if (when === 'before') await appendFile(join(root, 'a.jsonl'), '{"id":2}\n');
      for await (const _ of portfolio.rows({ signal })) await appendFile(join(root, 'a.jsonl'), '{"id":2}\n');
    };
    expect(await problemOf(reading())).toMatch(/a\.jsonl: the file changed while it was read \[PORTFOLIO-CHANGED\]/);
  });

  it('stops when it is cancelled', async () => {
    await put('a.jsonl', '{"id":1}\n'.repeat(20_000));
    const stop = new AbortController();
    const portfolio = await new FilePortfolios().open({ root, dataset: 'a.jsonl', key: 'id' }, stop.signal);
    const reading = async (): Promise<void> => {
      for await (const _ of portfolio.rows({ signal: stop.signal })) stop.abort();
    };
    await expect(reading()).rejects.toThrow(Interrupted);
    await expect(new FilePortfolios().open({ root, dataset: 'a.jsonl', key: 'id' }, stop.signal)).rejects.toThrow(
      Interrupted,
    );
  });
});
