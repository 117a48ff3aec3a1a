import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICY, SUBJECT } from '../../../tests/impact/make-book.ts';
import { FilePortfolios } from '../../portfolio/file-portfolios.ts';
import { type Answer, type Answers, answerValue } from '../../release/answers.ts';
import { digestOf } from '../../release/digest.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import { type QuoteRows, rowsOfColumns } from '../../release/quote-rows.ts';
import { answersIn } from '../../scoring/answers-in.ts';
import type { Batch, PlacedAnswers } from '../book/batch.ts';
import type { Book } from '../book/book.ts';
import { BookBuilder } from '../book/book-builder.ts';
import { Pairing } from '../book/pairing.ts';
import { analyse } from '../report/analyse.ts';
import { encodeImpact } from '../report/codec.ts';
import { BlockMerger } from './merge-block.ts';
import { mergePartials } from './merge-partials.ts';
import { PartialBuilder } from './partial-builder.ts';
import type { PartialManifest } from './partial-manifest.ts';
import { isInShard, type Shard } from './shard.ts';
import { ShardReader } from './shard-reader.ts';

const signal = new AbortController().signal;
let root = '';
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'partial-round-trip-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** What was sent for one row, and what came back. */
interface Scored {
  readonly row: JsonObject;
  readonly staging: Answer;
  readonly production: Answer;
}

interface Way {
  readonly key: string | undefined;
  readonly compared: boolean;
  readonly batchSize: number;
  /** Rows and answers as columns, where they can be. */
  readonly inColumns: boolean;
  /** Answers from the last to the first, where each has a key. */
  readonly turned: boolean;
}

const HALF_A_LETTER = '\ud800';
const NAMES = [
  'premium',
  'a',
  'A',
  '',
  'premium.net',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '12',
  '0',
  'é',
  '"x"',
  'keys',
  HALF_A_LETTER,
  'a\nb',
];
const numbers = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 0.1, 2 ** 53, -(2 ** 60), 1e300, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const texts = fc.oneof(
  fc.constantFrom('', 'x', '1', 'null', '\ufeffx', HALF_A_LETTER, 'Île'),
  fc.string({ maxLength: 3 }),
);
const flags = fc.boolean();
const nested = fc.constantFrom<Json>([], {}, [1, [-0, null]], { net: 1.5, tax: { vat: -0, ['__proto__']: 'x' } }, [
  HALF_A_LETTER,
]);
const withNull = <T extends Json>(values: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 5, arbitrary: values }, fc.constant(null));
/** Values of one column: mostly of one type. */
const column = fc.record({
  name: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, fc.string({ maxLength: 3 })),
  values: fc.constantFrom<fc.Arbitrary<Json>>(
    numbers,
    texts,
    flags,
    fc.constant(null),
    ...[numbers, texts, flags, nested, fc.oneof<fc.Arbitrary<Json>[]>(numbers, texts, flags, nested)].map(withNull),
  ),
  isOptional: fc.boolean(),
});

/** Objects that mostly have the same columns, some of them not all or in another order. */
const objects = fc
  .tuple(fc.uniqueArray(column, { selector: ({ name }) => name, maxLength: 6 }), fc.boolean())
  .map(([columns, mayTurn]): fc.Arbitrary<JsonObject> => {
    const values = columns.map(({ values: all, isOptional }) =>
      isOptional ? fc.option(all, { nil: undefined, freq: 4 }) : all,
    );
    return fc.tuple(fc.tuple(...values), fc.boolean()).map(([cells, turn]) => {
      const members = columns.map(({ name }, index) => [name, cells[index]] as const);
      const there = members.filter((member): member is [string, Json] => member[1] !== undefined);
      return Object.fromEntries(mayTurn && turn ? there.reverse() : there);
    });
  });

const failure = fc
  .tuple(fc.constantFrom('', '422 no', HALF_A_LETTER), fc.constantFrom(undefined, 422, 500))
  .map(([error, status]): Answer => ({ ok: false, error, status }));

function answers(rows: fc.Arbitrary<JsonObject>, fails: boolean): fc.Arbitrary<Answer> {
  const answered = rows.map((row): Answer => ({ ok: true, row }));
  return fails ? fc.oneof({ weight: 9, arbitrary: answered }, failure) : answered;
}

const book = fc.tuple(objects, objects, objects, fc.boolean()).chain(([rows, staging, production, fails]) =>
  fc.array(fc.record({ row: rows, staging: answers(staging, fails), production: answers(production, fails) }), {
    minLength: 1,
    maxLength: 60,
  }),
);
const way = fc.record({
  key: fc.constantFrom(undefined, 'quote_id'),
  compared: fc.boolean(),
  batchSize: fc.constantFrom(1, 7, 50_000),
  inColumns: fc.boolean(),
  turned: fc.boolean(),
});

/** With keys: now and then a row has none, or an answer has one of another type or of nobody. */
function withKeys(scored: readonly Scored[]): readonly Scored[] {
  return scored.map(({ row, staging, production }, index) => {
    const key = index % 5 === 2 ? index : `Q${index}é`;
    const answered = (answer: Answer, other: number): Answer => {
      if (!answer.ok) return answer;
      const own = index % 17 === other ? 'nobody' : index % 13 === other ? String(key) : key;
      return { ok: true, row: { ...answer.row, quote_id: own } };
    };
    return {
      row: index % 19 === 7 ? { ...row, quote_id: null } : { quote_id: key, ...row },
      staging: answered(staging, 3),
      production: answered(production, 4),
    };
  });
}

function batchesOf(scored: readonly Scored[], { compared, batchSize, ...how }: Way): readonly Batch[] {
  const batches: Batch[] = [];
  for (let at = 0; at < scored.length; at += batchSize) {
    const some = scored.slice(at, at + batchSize);
    const staging = sideOf(
      some.map((each) => each.staging),
      how,
    );
    const production = compared
      ? sideOf(
          some.map((each) => each.production),
          how,
        )
      : undefined;
    batches.push({
      rows: how.inColumns ? asColumns(some.map(({ row }) => row)) : some.map(({ row }) => row),
      staging,
      production,
    });
  }
  return batches;
}

function sideOf(
  given: readonly Answer[],
  { key, inColumns, turned }: Pick<Way, 'key' | 'inColumns' | 'turned'>,
): Answers {
  const rows = given.flatMap((answer) => (answer.ok ? [answer.row] : []));
  if (rows.length < given.length) return given;
  const sent = turned && key !== undefined ? rows.toReversed() : rows;
  if (!inColumns) return sent.map((row) => ({ ok: true, row }));
  const lines = sent.map((row) => `${JSON.stringify(row)}\n`).join('');
  return answersIn(Buffer.from(lines), 'application/x-ndjson', sent.length);
}

/** As a reader gives rows: with a list of values, in half of the columns. */
function asColumns(rows: readonly JsonObject[]): QuoteRows {
  const names = Object.keys(rows[0] ?? {});
  if (rows.some((row) => Object.keys(row).join('\n') !== names.join('\n'))) return rows;
  const columns = names.map((name, index) => {
    const own = rows.map((row) => row[name] ?? null);
    if (index % 2 === 0) return { name, values: own, places: undefined };
    const values = [...new Set(own), null];
    return { name, values, places: Uint32Array.from(own, (value) => values.indexOf(value)) };
  });
  return rowsOfColumns(rows.length, columns);
}

interface Written {
  readonly manifest: PartialManifest;
  readonly folder: string;
}

async function write(scored: readonly Scored[], shard: Shard, how: Way): Promise<Written> {
  const subject = { ...SUBJECT, key: how.key ?? null };
  const about = { total: scored.length, sampledFrom: undefined, subject, policyDigest: digestOf('') };
  const builder = new PartialBuilder({ shard, ...about });
  const own = scored.filter((_, position) => isInShard(shard, position));
  const ready = batchesOf(own, how).flatMap((batch) => builder.add(batch));
  const { files, manifest } = builder.finish();
  const folder = `${folders++}`;
  await mkdir(join(root, folder));
  for (const { path, bytes } of [...ready, ...files]) await writeFile(join(root, folder, path), bytes);
  return { manifest, folder };
}

async function writeAll(scored: readonly Scored[], of: number, how: Way): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (let index = 1; index <= of; index++) written.push(await write(scored, { index, of }, how));
  return written;
}

async function* rowsOf({ folder, manifest }: Written): AsyncIterable<QuoteRows> {
  if (manifest.files.length === 0) return;
  yield* (await new FilePortfolios().open({ root, dataset: folder, key: undefined }, signal)).rows({ signal });
}

/** Exactly what it is: types, the order of names, and the sign of zero. */
function exactly(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(exactly).join()}]`;
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : JSON.stringify(value);
  return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${exactly(inner)}`)}}`;
}

function known(rows: QuoteRows, staging: PlacedAnswers, production: PlacedAnswers | undefined): readonly string[] {
  return Array.from({ length: rows.length }, (_, at) => exactly([rows.at(at), staging.at(at), production?.at(at)]));
}

/** What the columns of answers say, which must be what the answers say one by one. */
function checkColumns({ columns, at, length }: PlacedAnswers): void {
  if (columns === undefined) return;
  for (let row = 0; row < length; row++) {
    const cells = columns.map((each) => [each.name, answerValue(each, row)] as const);
    const there = cells.filter((cell): cell is [string, Json] => cell[1] !== undefined);
    expect(exactly({ ok: true, row: Object.fromEntries(there) })).toBe(exactly(at(row)));
  }
}

describe('what goes through the files of a partial', { timeout: 60_000 }, () => {
  it('comes back exactly, whatever it is', async () => {
    const seen = { columns: 0, rows: 0 };
    await fc.assert(
      fc.asyncProperty(book, way, async (scored, how) => {
        const all = how.key === undefined ? scored : withKeys(scored);
        const shard = { index: 1, of: 1 };
        const reader = new ShardReader(rowsOf(await write(all, shard, how)), shard);
        const merger = new BlockMerger(how.key, how.compared);
        const found: string[] = [];
        while (found.length < all.length) {
          const rounds = await reader.ready(found.length);
          const { rows, staging, production } = merger.merge([reader.take(rounds)], rounds);
          for (const side of [staging, production]) side && checkColumns(side);
          seen[staging.columns ? 'columns' : 'rows'] += 1;
          found.push(...known(rows, staging, production));
        }
        await reader.checkEnd();
        const pairing = new Pairing(how.key);
        const expected = batchesOf(all, how).flatMap((batch) => {
          const { rows, staging, production } = pairing.pair(batch);
          return known(rows, staging, production);
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 200 },
    );
    expect(Math.min(seen.columns, seen.rows)).toBeGreaterThan(15);
  });

  it('gives the report of one run, whatever the shards, the batches and the order of answers', async () => {
    let reports = 0;
    await fc.assert(
      fc.asyncProperty(book, way, way, fc.constantFrom(1, 4, 16), async (scored, whole, shared, of) => {
        const { key, compared } = whole;
        const all = key === undefined ? scored : withKeys(scored);
        const expected = await outcome(key, async () => {
          const builder = new BookBuilder({ key, weightColumn: undefined });
          for (const batch of batchesOf(all, whole)) builder.add(batch);
          return builder.finish();
        });
        const merged = await outcome(key, async () => {
          const written = await writeAll(all, of, { ...shared, key, compared });
          const partials = written.map((each) => ({ manifest: each.manifest, rows: rowsOf(each) }));
          return mergePartials(partials.toReversed(), { weightColumn: undefined });
        });
        if (expected.startsWith('{')) reports += 1;
        expect(merged).toBe(expected);
      }),
      { numRuns: 120 },
    );
    expect(reports).toBeGreaterThan(20);
  });

  it.each([undefined, 'quote_id'])(
    'is written whole where objects have names that no other has: key %s',
    async (key) => {
      const scored = Array.from({ length: 700 }, (_, index): Scored => {
        const row = { [`only ${index}`]: index % 2 === 0 ? -0 : 'x', quote_id: `Q${index}` };
        const answered = { quote_id: `Q${index}`, premium: index };
        return { row, staging: { ok: true, row: answered }, production: { ok: true, row } };
      });
      const how: Way = { key, compared: true, batchSize: 100, inColumns: false, turned: false };
      const shard = { index: 1, of: 1 };
      const reader = new ShardReader(rowsOf(await write(scored, shard, how)), shard);
      const rounds = await reader.ready(0);
      const { rows, staging, production } = new BlockMerger(key, true).merge([reader.take(rounds)], rounds);
      await reader.close();
      const expected = scored.map((each) => exactly([each.row, each.staging, each.production]));
      expect(known(rows, staging, production)).toEqual(expected);
    },
  );
});

/** The report, or what it fails with. */
async function outcome(key: string | undefined, make: () => Promise<Book>): Promise<string> {
  try {
    const subject = { ...SUBJECT, key: key ?? null };
    return encodeImpact(analyse(await make(), { subject, policy: { ...POLICY, key }, sample: undefined }));
  } catch (error) {
    return String(error);
  }
}
