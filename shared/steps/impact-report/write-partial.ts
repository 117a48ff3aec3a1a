import { join } from 'node:path';
import { PartialBuilder, type PartialFile } from '../../impact/partial/partial-builder.ts';
import { encodeManifest, MANIFEST_FILE } from '../../impact/partial/partial-manifest.ts';
import type { Shard } from '../../impact/partial/shard.ts';
import type { StepContext } from '../context.ts';
import type { ImpactRun } from './impact-run.ts';
import { shareOf } from './sample.ts';
import { scoreRows } from './score-rows.ts';

export interface WrittenPartial {
  /** Absolute. */
  readonly folder: string;
  readonly rows: number;
}

/**
 * Scores the rows of one shard and writes them into a folder of their own. The manifest is written last: a folder
 * without one is a job that did not come to its end.
 */
export async function writePartial(context: StepContext, run: ImpactRun, shard: Shard): Promise<WrittenPartial> {
  const folder = join(run.folder, `shard-${shard.index}-of-${shard.of}`);
  await context.files.remove(folder);
  const total = run.sample?.rows ?? run.total;
  const builder = new PartialBuilder({
    shard,
    total,
    sampledFrom: run.sample && run.total,
    subject: run.subject,
    policyDigest: run.project.policyDigest,
  });
  const share = shareOf(shard, run.sample, run.total);
  for await (const batch of scoreRows(context, run, share)) await write(builder.add(batch));
  const { files, manifest } = builder.finish();
  await write(files);
  await context.files.write(join(folder, MANIFEST_FILE), encodeManifest(manifest));
  return { folder, rows: manifest.rows };

  async function write(ready: readonly PartialFile[]): Promise<void> {
    for (const { path, bytes } of ready) await context.files.write(join(folder, path), bytes);
  }
}
