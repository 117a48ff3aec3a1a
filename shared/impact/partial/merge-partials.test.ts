import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, motorBook, POLICY, type Priced, reportOf, SUBJECT } from '../../../tests/impact/make-book.ts';
import { FilePortfolios } from '../../portfolio/file-portfolios.ts';
import { digestOf } from '../../release/digest.ts';
import { analyse } from '../report/analyse.ts';
import { encodeImpact } from '../report/codec.ts';
import type { ImpactJson } from '../report/impact-json.ts';
import { mergePartials, type Partial } from './merge-partials.ts';
import { PartialBuilder, type PartialFile } from './partial-builder.ts';
import { decodeManifest, encodeManifest, type PartialManifest, wholeRun } from './partial-manifest.ts';
import { isInShard, positionOf, rowsInShard } from './shard.ts';

const POLICY_DIGEST = digestOf('policy');
const signal = new AbortController().signal;
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'partials-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

interface Scored {
  readonly manifest: PartialManifest;
  readonly files: readonly PartialFile[];
}

/** What the job of one shard does. */
function score(book: readonly Priced[], index: number, of: number, batchSize = 997): Scored {
  const shard = { index, of };
  const builder = new PartialBuilder({
    shard,
    total: book.length,
    sampledFrom: undefined,
    subject: SUBJECT,
    policyDigest: POLICY_DIGEST,
  });
  const rows = book.filter((_, position) => isInShard(shard, position));
  const files: PartialFile[] = [];
  for (let at = 0; at < rows.length; at += batchSize)
    files.push(...builder.add(batchOf(rows.slice(at, at + batchSize))));
  const end = builder.finish();
  return { manifest: decodeManifest(encodeManifest(end.manifest), 'partial.json'), files: [...files, ...end.files] };
}

/** What the merging job does: the files come back from disk. */
async function merge(scored: readonly Scored[]): Promise<ImpactJson> {
  const partials: Partial[] = [];
  for (const { manifest, files } of scored) {
    const folder = `shard-${manifest.shard.index}`;
    await mkdir(join(root, folder), { recursive: true });
    for (const { path, bytes } of files) await writeFile(join(root, folder, path), bytes);
    partials.push({ manifest, rows: rowsOf(folder, files.length) });
  }
  return analyse(await mergePartials(partials, { weightColumn: undefined }), {
    subject: SUBJECT,
    policy: POLICY,
    sample: undefined,
  });
}

async function* rowsOf(folder: string, files: number): Partial['rows'] {
  if (files === 0) return;
  const portfolio = await new FilePortfolios().open({ root, dataset: folder, key: undefined }, signal);
  yield* portfolio.rows({ signal });
}

/** A book with everything that may be odd about a row. */
function oddBook(count: number): Priced[] {
  return motorBook(count, 21, ({ region }, random) => (region === 'North' ? 7 : 0) + random.below(3)).map(
    (quote, index) => {
      if (index % 101 === 5) return { ...quote, staging: null };
      if (index % 211 === 7) return { ...quote, production: `422 bad ${index}` };
      if (index % 307 === 9) return { ...quote, row: { ...quote.row, quote_id: 'same' } };
      if (index % 401 === 11) return { ...quote, row: { ...quote.row, quote_id: null } };
      return index % 503 === 13 ? { ...quote, production: 0 } : quote;
    },
  );
}

describe('shards', () => {
  it('part the rows: each row is in one, at its place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(300), (of, total) => {
        const seen: number[] = [];
        for (let index = 1; index <= of; index++) {
          const positions = Array.from({ length: total }, (_, position) => position).filter((position) =>
            isInShard({ index, of }, position),
          );
          expect(positions).toHaveLength(rowsInShard({ index, of }, total));
          expect(positions).toEqual(positions.map((_, nth) => positionOf({ index, of }, nth)));
          seen.push(...positions);
        }
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, position) => position));
      }),
    );
  });

  it.each([1, 4, 16])('of %i jobs merge into the same bytes as one run', async (of) => {
    const book = oddBook(3_000);
    const scored = Array.from({ length: of }, (_, index) => score(book, index + 1, of, 50 + index * 13));
    expect(encodeImpact(await merge(scored.toReversed()))).toBe(encodeImpact(reportOf(book)));
  });

  it('may be empty', async () => {
    const book = oddBook(3);
    expect(encodeImpact(await merge(Array.from({ length: 5 }, (_, index) => score(book, index + 1, 5))))).toBe(
      encodeImpact(reportOf(book)),
    );
  });

  it('may be empty where there is no baseline yet', () => {
    const manifests = [1, 2, 3, 4, 5].map((index) => score(oddBook(3), index, 5).manifest);
    const alone = manifests.map((each) => ({ ...each, compared: false }));
    expect(wholeRun(alone.toReversed())).toEqual(alone);
  });

  it('are written in files that do not grow with the shard', () => {
    const book = motorBook(70_000, 1, () => 1);
    const { files, manifest } = score(book, 1, 1);
    expect(files.map(({ path }) => path)).toEqual(['rows-00001.parquet', 'rows-00002.parquet']);
    expect(manifest.files.map(({ rows }) => rows)).toEqual([65_536, 4_464]);
  });
});

describe('partials that do not belong together', () => {
  const book = oddBook(300);
  const all = (): PartialManifest[] => [1, 2, 3].map((index) => score(book, index, 3).manifest);

  it.each<[string, (manifests: PartialManifest[]) => PartialManifest[], string]>([
    ['none', () => [], 'MERGE-EMPTY'],
    [
      'one is missing',
      ([a, , c]) => [a, c] as PartialManifest[],
      'of 3 shards these are missing: 2 [MERGE-INCOMPLETE]',
    ],
    ['one is there twice', ([a, b, c]) => [a, b, b, c] as PartialManifest[], 'shard 2 is there twice [MERGE-TWICE]'],
    [
      'one has too few rows',
      ([a, b, c]) => [a, { ...b, rows: 50 }, c] as PartialManifest[],
      'shard 2 has 50 rows and should have 100 [MERGE-INCOMPLETE]',
    ],
    [
      'one is of another release',
      ([a, b, c]) =>
        [
          a,
          { ...b, subject: { ...SUBJECT, staging: { ...SUBJECT.staging, release_id: 'sha256:other' } } },
          c,
        ] as PartialManifest[],
      'the partials of shards 1 and 2 are not of one run [MERGE-DIFFERENT]',
    ],
    ['one had no baseline', ([a, b, c]) => [a, b, { ...c, compared: false }] as PartialManifest[], 'MERGE-DIFFERENT'],
  ])('are refused: %s', (_, change, message) => {
    expect(() => wholeRun(change(all()))).toThrow(message);
  });

  it('are refused when the files are not those of the manifest', async () => {
    const [one, two] = [score(book, 1, 2), score(book, 2, 2)];
    await expect(merge([one, { ...two, files: one.files }])).rejects.toThrow(
      'shard 2 has row 0 where row 1 should be [MERGE-BROKEN]',
    );
    const long = score(oddBook(400), 2, 2);
    await expect(merge([one, { ...two, files: long.files }])).rejects.toThrow(
      'shard 2 has more rows than it says [MERGE-BROKEN]',
    );
    await expect(merge([{ ...one, files: [] }, two])).rejects.toThrow('shard 1 ends before row 0 [MERGE-BROKEN]');
  });

  it('are refused when a manifest is broken', () => {
    expect(() => decodeManifest('{', 'partial.json')).toThrow('MERGE-BROKEN');
    expect(() => decodeManifest('{"schema":"haute.impact-partial/2"}', 'partial.json')).toThrow(
      /partial\.json: this is not a partial/,
    );
  });

  it('are refused when a manifest names a file twice, or files of fewer or more rows than it has', () => {
    const { manifest } = score(book, 1, 1);
    const [file] = manifest.files as [PartialManifest['files'][number]];
    const half = Math.floor(file.rows / 2);
    const first = { ...file, rows: half };
    const second = { ...file, rows: file.rows - half };
    const decoded = (files: readonly unknown[]) => (): unknown =>
      decodeManifest(JSON.stringify({ ...manifest, files }), 'partial.json');
    expect(decoded([first, { ...second, path: 'rows-00002.parquet' }])).not.toThrow();
    expect(decoded([first, second])).toThrow(/files name one twice.*\[MERGE-BROKEN\]/);
    expect(decoded([first])).toThrow(/files do not hold as many rows as it has.*\[MERGE-BROKEN\]/);
    expect(decoded([file, { ...file, path: 'rows-00002.parquet' }])).toThrow('[MERGE-BROKEN]');
  });

  it.each([1, 3])('are refused when another version wrote them: %i', (version) => {
    const text = encodeManifest(score(book, 1, 1).manifest).replace('impact-partial/2', `impact-partial/${version}`);
    expect(() => decodeManifest(text, 'partial.json')).toThrow(
      new RegExp(`partial\\.json: this partial is a haute\\.impact-partial/${version}, and .* \\[MERGE-VERSION\\]`),
    );
  });
});
