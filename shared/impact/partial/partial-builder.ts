import { digestOf } from '../../release/digest.ts';
import type { Batch } from '../book/batch.ts';
import { Pairing } from '../book/pairing.ts';
import type { ImpactJson } from '../report/impact-json.ts';
import { fileSize } from './file-size.ts';
import { PartialFileBuilder } from './partial-file-builder.ts';
import { PARTIAL_SCHEMA, type PartialManifest } from './partial-manifest.ts';
import { positionOf, type Shard } from './shard.ts';

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
  readonly #size: ReturnType<typeof fileSize>;
  #file: PartialFileBuilder;
  /** Rows in files that are done. */
  #rows = 0;
  #compared = false;

  constructor(setup: PartialSetup) {
    this.#setup = setup;
    this.#pairing = new Pairing(setup.subject.key ?? undefined);
    this.#size = fileSize(setup.shard.of);
    this.#file = this.#newFile();
  }

  /** Adds the next rows of the shard. @returns files that are ready to be written */
  add(batch: Batch): readonly PartialFile[] {
    const paired = this.#pairing.pair(batch);
    this.#compared ||= paired.production !== undefined;
    const ready: PartialFile[] = [];
    for (let at = 0; at < paired.rows.length; ) {
      at = this.#file.add(paired, at);
      if (this.#file.isFull) ready.push(this.#takeFile());
    }
    return ready;
  }

  finish(): { readonly files: readonly PartialFile[]; readonly manifest: PartialManifest } {
    const files = this.#file.rows > 0 ? [this.#takeFile()] : [];
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

  #takeFile(): PartialFile {
    const { shard } = this.#setup;
    const { rows } = this.#file;
    const bytes = this.#file.finish(positionOf(shard, this.#rows), this.#size.pageRows);
    const path = `rows-${String(this.#files.length + 1).padStart(5, '0')}.parquet`;
    this.#files.push({ path, rows, digest: digestOf(bytes) });
    this.#rows += rows;
    this.#file = this.#newFile();
    return { path, bytes };
  }

  #newFile(): PartialFileBuilder {
    return new PartialFileBuilder(this.#size.fileRows, this.#setup.subject.key ?? undefined);
  }
}
