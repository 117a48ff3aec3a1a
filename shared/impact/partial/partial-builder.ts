import { digestOf } from '../../release/digest.ts';
import type { Batch } from '../book/batch.ts';
import { Pairing } from '../book/pairing.ts';
import type { ImpactJson } from '../report/impact-json.ts';
import { PARTIAL_SCHEMA, type PartialManifest } from './partial-manifest.ts';
import { encodePartialRows, type PartialRow } from './partial-rows.ts';
import { positionOf, type Shard } from './shard.ts';

/** Rows of one file: enough to pack well, few enough to be held in memory. */
const FILE_ROWS = 50_000;

export interface PartialSetup {
  readonly shard: Shard;
  /** Rows to score in all shards. */
  readonly total: number;
  /** Rows of the portfolio, where only a sample of it is scored. */
  readonly sampledFrom: number | undefined;
  readonly subject: ImpactJson['subject'];
  readonly policyDigest: string;
}

/** A file to write beside the manifest. */
export interface PartialFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Turns the batches of one shard into files that another job can merge. Memory does not grow with the shard. */
export class PartialBuilder {
  readonly #setup: PartialSetup;
  readonly #pairing: Pairing;
  readonly #files: { path: string; rows: number; digest: PartialManifest['files'][number]['digest'] }[] = [];
  #pending: PartialRow[] = [];
  #rows = 0;
  #compared = false;

  constructor(setup: PartialSetup) {
    this.#setup = setup;
    this.#pairing = new Pairing(setup.subject.key ?? undefined);
  }

  /** Adds the next rows of the shard. @returns files that are ready to be written */
  add(batch: Batch): readonly PartialFile[] {
    const { rows, staging, production } = this.#pairing.pair(batch);
    this.#compared ||= production !== undefined;
    let index = 0;
    for (const row of rows) {
      const position = positionOf(this.#setup.shard, this.#rows++);
      this.#pending.push({ position, row, staging: staging.at(index), production: production?.at(index) });
      index += 1;
    }
    const ready: PartialFile[] = [];
    while (this.#pending.length >= FILE_ROWS) ready.push(this.#file(this.#pending.splice(0, FILE_ROWS)));
    return ready;
  }

  finish(): { readonly files: readonly PartialFile[]; readonly manifest: PartialManifest } {
    const files = this.#pending.length > 0 ? [this.#file(this.#pending)] : [];
    this.#pending = [];
    const { shard, total, sampledFrom, subject, policyDigest } = this.#setup;
    const { extraAnswers, keyTypesDiffer } = this.#pairing.oddities;
    return {
      files,
      manifest: {
        schema: PARTIAL_SCHEMA,
        shard: { ...shard },
        rows: this.#rows,
        total,
        sampled_from: sampledFrom ?? null,
        subject,
        policy_digest: policyDigest,
        compared: this.#compared,
        oddities: { extra_answers: { ...extraAnswers }, key_types_differ: { ...keyTypesDiffer } },
        files: this.#files,
      },
    };
  }

  #file(rows: readonly PartialRow[]): PartialFile {
    const bytes = encodePartialRows(rows);
    const path = `rows-${String(this.#files.length + 1).padStart(5, '0')}.parquet`;
    this.#files.push({ path, rows: rows.length, digest: digestOf(bytes) });
    return { path, bytes };
  }
}
