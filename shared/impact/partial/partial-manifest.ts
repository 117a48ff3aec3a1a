import { z } from 'zod';
import { ConfigError, messageOf } from '../../errors.ts';
import { type Digest, digestOfJson, isDigest } from '../../release/digest.ts';
import type { Json } from '../../release/json.ts';
import { impactJson } from '../report/impact-json.ts';
import { rowsInShard } from './shard.ts';

/** Name of the manifest in the folder of a partial. */
export const MANIFEST_FILE = 'partial.json';

export const PARTIAL_SCHEMA = 'haute.impact-partial/2';

const count = z.int().min(0);
const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest');
const bySide = <T extends z.ZodType>(of: T) => z.strictObject({ staging: of, production: of });

const fields = z.strictObject({
  schema: z.literal(PARTIAL_SCHEMA),
  shard: z.strictObject({ index: z.int().min(1), of: z.int().min(1) }),
  /** Rows of this shard, and of all of them. */
  rows: count,
  total: count,
  /** Rows of the portfolio, where only a sample of it is scored. */
  sampled_from: count.nullable(),
  subject: impactJson.shape.subject,
  /** Of the policy that the run is to be judged by. */
  policy_digest: z.string(),
  /** False where production served nothing. */
  compared: z.boolean(),
  oddities: z.strictObject({ extra_answers: bySide(count), key_types_differ: bySide(z.boolean()) }),
  /** Files with the rows, in the order of the rows; paths relative to the manifest. */
  files: z.array(z.strictObject({ path: z.string().regex(/^rows-\d{5,}\.parquet$/), rows: count, digest })),
});
const manifest = fields
  .refine(({ files }) => new Set(files.map(({ path }) => path)).size === files.length, 'files name one twice')
  .refine(({ rows, files }) => files.reduce((sum, file) => sum + file.rows, 0) === rows, {
    error: 'files do not hold as many rows as it has',
  });

/** What one job of a run scored, beside the files with its rows: `partial.json`. */
export type PartialManifest = z.infer<typeof manifest>;

export function encodeManifest(value: PartialManifest): string {
  return `${JSON.stringify(manifest.parse(value), undefined, 2)}\n`;
}

/** @throws ConfigError MERGE-BROKEN; MERGE-VERSION where another version of this program wrote it */
export function decodeManifest(text: string, file: string): PartialManifest {
  try {
    const value: unknown = JSON.parse(text);
    checkVersion(value, file);
    return manifest.parse(value);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why =
      error instanceof z.ZodError ? `${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}` : messageOf(error);
    throw mergeError(
      'MERGE-BROKEN',
      `this is not a partial (${PARTIAL_SCHEMA}): ${why}`,
      'Run the job that wrote it again',
      file,
    );
  }
}

function checkVersion(value: unknown, file: string): void {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (typeof schema !== 'string' || schema === PARTIAL_SCHEMA || !/^haute\.impact-partial\/\d+$/.test(schema)) return;
  const what = `this partial is a ${schema}, and this job merges ${PARTIAL_SCHEMA}`;
  const fix = 'Run all jobs of the matrix and the one that merges with the same version of haute/deploy';
  throw mergeError('MERGE-VERSION', what, fix, file);
}

/**
 * The partials of one whole run, in the order of their shards.
 * @throws ConfigError MERGE-EMPTY, MERGE-DIFFERENT, MERGE-TWICE, MERGE-INCOMPLETE
 */
export function wholeRun(partials: readonly PartialManifest[]): readonly [PartialManifest, ...PartialManifest[]] {
  const sorted = [...partials].sort((a, b) => a.shard.index - b.shard.index);
  const [first, ...rest] = sorted;
  if (first === undefined) throw mergeError('MERGE-EMPTY', 'there is no partial to merge', 'Check the merge input');
  const different = rest.find((other) => signature(other) !== signature(first)) ?? comparedOtherwise(sorted, first);
  if (different) {
    const what = `the partials of shards ${first.shard.index} and ${different.shard.index} are not of one run`;
    throw mergeError('MERGE-DIFFERENT', what, 'Score all shards against the same portfolio, addresses and releases');
  }
  const twice = rest.find((other, index) => other.shard.index === sorted[index]?.shard.index);
  if (twice) throw mergeError('MERGE-TWICE', `shard ${twice.shard.index} is there twice`, 'Merge each shard once');
  checkComplete(sorted, first);
  return [first, ...rest];
}

function checkComplete(sorted: readonly PartialManifest[], { shard, total }: PartialManifest): void {
  const there = new Set(sorted.map((partial) => partial.shard.index));
  const missing = Array.from({ length: shard.of }, (_, index) => index + 1).filter((index) => !there.has(index));
  if (missing.length > 0) {
    throw mergeError(
      'MERGE-INCOMPLETE',
      `of ${shard.of} shards these are missing: ${missing.join(', ')}`,
      'Wait for all jobs, or run theirs again',
    );
  }
  const short = sorted.find((partial) => partial.rows !== rowsInShard(partial.shard, total));
  if (short) {
    const what = `shard ${short.shard.index} has ${short.rows} rows and should have ${rowsInShard(short.shard, total)}`;
    throw mergeError('MERGE-INCOMPLETE', what, 'Run its job again');
  }
}

/** What the merging job is about, found out by itself. */
export type RunIdentity = Pick<PartialManifest, 'total' | 'sampled_from' | 'subject' | 'policy_digest'>;

/**
 * Refuses partials of another run: of other rates, another portfolio or another policy than the merging job's own.
 * @param partial any of a whole run
 * @throws ConfigError MERGE-FOREIGN naming everything that differs
 */
export function checkBelongs(partial: PartialManifest, run: RunIdentity): void {
  const aspects: readonly (readonly [string, (of: RunIdentity) => unknown])[] = [
    ['project', ({ subject }) => subject.project],
    ['policy', ({ policy_digest: policy }) => policy],
    ['release or address of staging', ({ subject }) => subject.staging],
    ['release or address of production', ({ subject }) => subject.production],
    ['portfolio', ({ subject, total, sampled_from: sampledFrom }) => [subject.dataset, sampledFrom ?? total]],
    ['sample', ({ total, sampled_from: sampledFrom }) => [total, sampledFrom]],
    ['key', ({ subject }) => subject.key],
  ];
  const differing = aspects.filter(([, of]) => digestOfJson(of(partial) as Json) !== digestOfJson(of(run) as Json));
  if (differing.length === 0) return;
  const names = differing.map(([name]) => name).join(', ');
  const what = `the partials are of another run than this job would make: the ${names} ${differing.length === 1 ? 'is' : 'are'} not the same`;
  throw mergeError('MERGE-FOREIGN', what, 'Score all shards again, with the same inputs as the job that merges');
}

/** All that the partials of one run have in common. */
function signature({ shard, total, sampled_from, subject, policy_digest }: PartialManifest): Digest {
  return digestOfJson({ of: shard.of, total, sampled_from, subject, policy_digest } as unknown as Json);
}

/** A partial that has a baseline where the first one has none, or the other way round. One without rows cannot know. */
function comparedOtherwise(sorted: readonly PartialManifest[], first: PartialManifest): PartialManifest | undefined {
  const [known, ...others] = sorted.filter(({ rows }) => rows > 0);
  return others.find(({ compared }) => compared !== (known ?? first).compared);
}

function mergeError(code: string, what: string, fix: string, file?: string): ConfigError {
  return new ConfigError({ code, what, fix, ...(file !== undefined && { place: { file } }) });
}
