import type { QuoteRows } from '../../release/quote-rows.ts';
import type { Book } from '../book/book.ts';
import { BookBuilder, type BookOptions } from '../book/book-builder.ts';
import { BlockMerger } from './merge-block.ts';
import { type PartialManifest, wholeRun } from './partial-manifest.ts';
import { ShardReader } from './shard-reader.ts';

/** One shard: its manifest, and the rows of its files in order. */
export interface Partial {
  readonly manifest: PartialManifest;
  readonly rows: AsyncIterable<QuoteRows>;
}

/** Rows of all shards that are put together at once. */
const BLOCK_ROWS = 1 << 14;

/**
 * The book that one run over all rows would have made: the rows of all shards, back in the order of the portfolio.
 * @throws ConfigError MERGE-… when the partials are not those of one whole run, or a file is not what was written
 */
export async function mergePartials(
  partials: readonly Partial[],
  { weightColumn, store }: Pick<BookOptions, 'weightColumn' | 'store'>,
): Promise<Book> {
  const [first, ...rest] = wholeRun(partials.map(({ manifest }) => manifest));
  const manifests = [first, ...rest];
  const builder = new BookBuilder({ key: first.subject.key ?? undefined, weightColumn, ...(store && { store }) });
  const compared = manifests.some((manifest) => manifest.compared);
  const readers = manifests.map((manifest) => {
    const partial = partials.find((candidate) => candidate.manifest === manifest) as Partial;
    return new ShardReader(partial.rows, manifest.shard);
  });
  const blocks = new BlockMerger(first.subject.key ?? undefined, compared);
  try {
    for (let position = 0; position < first.total; ) {
      // After the last whole round some shards have a row more than the others.
      const turns = readers.slice(0, first.total - position);
      let rounds = Math.min(Math.ceil(BLOCK_ROWS / turns.length), Math.floor((first.total - position) / turns.length));
      for (const [index, reader] of turns.entries()) rounds = Math.min(rounds, await reader.ready(position + index));
      const rows = turns.map((reader) => reader.take(rounds));
      builder.addPaired(blocks.merge(rows, rounds));
      position += rounds * turns.length;
    }
    for (const reader of readers) await reader.checkEnd();
  } finally {
    for (const reader of readers) await reader.close();
  }
  for (const { oddities } of manifests) {
    builder.addOddities({ extraAnswers: oddities.extra_answers, keyTypesDiffer: oddities.key_types_differ });
  }
  return builder.finish();
}
