import { ConfigError } from '../../errors.ts';
import type { JsonObject } from '../../release/json.ts';
import type { QuoteRows } from '../../release/quote-rows.ts';
import type { Book } from '../book/book.ts';
import { BookBuilder, type BookOptions } from '../book/book-builder.ts';
import { type PartialManifest, wholeRun } from './partial-manifest.ts';
import { batchOfRows, decodePartialRow, type PartialRow } from './partial-rows.ts';

/** One shard: its manifest, and the rows of its files in order. */
export interface Partial {
  readonly manifest: PartialManifest;
  readonly rows: AsyncIterable<QuoteRows>;
}

const BATCH_ROWS = 8_192;

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
    return new RowReader(partial.rows, manifest.shard.index);
  });
  try {
    for (let position = 0; position < first.total; ) {
      const batch: PartialRow[] = [];
      for (; position < first.total && batch.length < BATCH_ROWS; position++) {
        batch.push(await (readers[position % readers.length] as RowReader).next(position));
      }
      builder.addPaired(batchOfRows(batch, compared));
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

class RowReader {
  readonly #chunks: AsyncIterator<QuoteRows>;
  readonly #shard: number;
  #chunk: QuoteRows = [];
  #at = 0;

  constructor(rows: AsyncIterable<QuoteRows>, shard: number) {
    this.#chunks = rows[Symbol.asyncIterator]();
    this.#shard = shard;
  }

  /** The next row, which must be the one at this position. */
  async next(position: number): Promise<PartialRow> {
    const cells = await this.#take();
    if (cells === undefined) throw this.#misplaced(`ends before row ${position}`);
    const row = decodePartialRow(cells);
    if (row.position !== position) throw this.#misplaced(`has row ${row.position} where row ${position} should be`);
    return row;
  }

  async checkEnd(): Promise<void> {
    if ((await this.#take()) !== undefined) throw this.#misplaced('has more rows than it says');
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #take(): Promise<JsonObject | undefined> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      [this.#chunk, this.#at] = [next.value, 0];
    }
    return this.#chunk.at(this.#at++);
  }

  #misplaced(what: string): ConfigError {
    const fix = 'Run its job again, and hand its files over unchanged';
    return new ConfigError({ code: 'MERGE-BROKEN', what: `the partial of shard ${this.#shard} ${what}`, fix });
  }
}
