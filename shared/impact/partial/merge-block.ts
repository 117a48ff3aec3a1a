import type { Answer } from '../../release/answers.ts';
import type { PairedBatch, PlacedAnswers, Side } from '../book/batch.ts';
import { PARTS, type Part } from './column-names.ts';
import { broken } from './merge-errors.ts';
import { type MergedTable, type OwnKey, TableMerger } from './merged-table.ts';
import type { ShardRows } from './shard-reader.ts';

/** Puts the next rows of all shards into the order of the portfolio, as a batch for the book. */
export class BlockMerger {
  readonly #tables = Object.fromEntries(PARTS.map((part) => [part, new TableMerger()])) as Record<Part, TableMerger>;
  readonly #key: string | undefined;
  readonly #compared: boolean;

  /** @param key that answers were paired by */
  constructor(key: string | undefined, compared: boolean) {
    this.#key = key;
    this.#compared = compared;
  }

  /** @param sources a row of each in turn @param rounds rows of each */
  merge(sources: readonly ShardRows[], rounds: number): PairedBatch {
    const table = (part: Part, own?: OwnKey): MergedTable =>
      this.#tables[part].merge(
        sources.map(({ chunk, from }) => ({ table: chunk.tables[part], from })),
        rounds,
        own,
      );
    const rows = table('row');
    const own = this.#key === undefined ? undefined : { name: this.#key, rows };
    const answers = (side: Side): PlacedAnswers => placedAnswers(table(side, own), table(`${side}_failure`));
    return {
      rows: rows.rows(),
      staging: answers('staging'),
      production: this.#compared ? answers('production') : undefined,
    };
  }
}

function placedAnswers(answered: MergedTable, failed: MergedTable): PlacedAnswers {
  const { length } = answered;
  const columns = answered.answers();
  const at = (row: number): Answer | undefined => answerOf(answered, failed, row);
  return columns === undefined ? { length, at } : { length, at, columns };
}

function answerOf(answered: MergedTable, failed: MergedTable, row: number): Answer | undefined {
  const object = answered.at(row);
  if (object !== undefined) return { ok: true, row: object };
  const failure = failed.at(row);
  if (failure === undefined) return undefined;
  const { error, status } = failure;
  if (typeof error !== 'string') throw broken('a failure does not say what failed');
  return { ok: false, error, status: typeof status === 'number' ? status : undefined };
}
