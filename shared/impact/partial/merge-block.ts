import type { Answer } from '../../release/answers.ts';
import type { PairedBatch, PlacedAnswers, Side } from '../book/batch.ts';
import { PARTS, type Part } from './column-names.ts';
import { broken } from './merge-errors.ts';
import { type MergedTable, TableMerger } from './merged-table.ts';
import type { ShardRows } from './shard-reader.ts';

/** Puts the next rows of all shards into the order of the portfolio, as a batch for the book. */
export class BlockMerger {
  readonly #tables = Object.fromEntries(PARTS.map((part) => [part, new TableMerger()])) as Record<Part, TableMerger>;
  readonly #compared: boolean;

  constructor(compared: boolean) {
    this.#compared = compared;
  }

  /** @param sources a row of each in turn @param rounds rows of each */
  merge(sources: readonly ShardRows[], rounds: number): PairedBatch {
    const table = (part: Part): MergedTable =>
      this.#tables[part].merge(
        sources.map(({ chunk, from }) => ({ table: chunk.tables[part], from })),
        rounds,
      );
    const answers = (side: Side): PlacedAnswers =>
      placedAnswers(table(side), table(`${side}_failure`), rounds * sources.length);
    return {
      rows: table('row').rows(),
      staging: answers('staging'),
      production: this.#compared ? answers('production') : undefined,
    };
  }
}

function placedAnswers(answered: MergedTable, failed: MergedTable, length: number): PlacedAnswers {
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
