import { ConfigError } from '../../errors.ts';
import type { Answers } from '../../release/answers.ts';
import type { Batch, PairedBatch, PlacedAnswers, Side } from './batch.ts';
import { pairAnswers } from './pair-answers.ts';

/** What was odd about the keys of answers. */
export interface PairingOddities {
  /** Answers with a key that no row of their batch has. */
  readonly extraAnswers: Readonly<Record<Side, number>>;
  /** Keys came back as another type than they were sent. */
  readonly keyTypesDiffer: Readonly<Record<Side, boolean>>;
}

/** Puts the answers of batches in the places of their rows, and remembers what was odd. */
export class Pairing {
  readonly #key: string | undefined;
  readonly #extra: Record<Side, number> = { staging: 0, production: 0 };
  readonly #typesDiffer: Record<Side, boolean> = { staging: false, production: false };

  /** @param key undefined to pair by position */
  constructor(key: string | undefined) {
    this.#key = key;
  }

  get oddities(): PairingOddities {
    return { extraAnswers: { ...this.#extra }, keyTypesDiffer: { ...this.#typesDiffer } };
  }

  addOddities({ extraAnswers, keyTypesDiffer }: PairingOddities): void {
    for (const side of ['staging', 'production'] as const) {
      this.#extra[side] += extraAnswers[side];
      this.#typesDiffer[side] ||= keyTypesDiffer[side];
    }
  }

  /** @throws ConfigError IMPACT-KEY-NOT-ANSWERED when the answers of a side do not have the key column at all */
  pair({ rows, staging, production }: Batch): PairedBatch {
    return {
      rows,
      staging: this.#side('staging', rows, staging),
      production: production && this.#side('production', rows, production),
    };
  }

  #side(side: Side, rows: Batch['rows'], answers: Answers): PlacedAnswers {
    if (answers.length !== rows.length) throw new Error(`${answers.length} answers for ${rows.length} rows`);
    if (this.#key === undefined) return answers;
    const paired = pairAnswers(rows, answers, this.#key);
    if (paired.keyless) throw keyNotAnswered(this.#key, side, answers);
    this.#extra[side] += paired.extra;
    this.#typesDiffer[side] ||= paired.typesDiffer;
    return paired.answers;
  }
}

function keyNotAnswered(key: string, side: Side, answers: Answers): ConfigError {
  const columns = Object.keys([...answers].find((answer) => answer.ok)?.row ?? {});
  return new ConfigError({
    code: 'IMPACT-KEY-NOT-ANSWERED',
    what: `the answers of ${side} have no column ${key}; they have ${columns.join(', ') || 'none'}`,
    fix: `Add ${key} to the output mapping of the pipeline, name another key, or leave it out to pair by position`,
  });
}
