import { rowsInShard, type Shard } from '../../impact/partial/shard.ts';
import { count } from '../../impact/render/format.ts';
import { shownUrl } from '../../release/deployment.ts';
import { page, plain } from '../parts/markdown.ts';
import type { ImpactRun } from './impact-run.ts';
import type { FoundPartials } from './read-partials.ts';

const TITLE = '## Haute impact report';

/** What would be done. */
export function planPage(run: ImpactRun, partials: FoundPartials | undefined): string {
  const { sides, dataset, total, sample, shard } = run;
  const all = sample?.rows ?? total;
  const against = sides.production
    ? plain(shownUrl(sides.production.address.url))
    : 'nothing: there is no baseline yet';
  const what = `${plain(dataset.name)} would be scored on ${plain(shownUrl(sides.staging.address.url))} and compared with ${against}. Nothing was scored.`;
  if (partials)
    return page(`${TITLE}: plan`, `${partials.length} partials would be merged into one report. Nothing was merged.`);
  if (!shard) return page(`${TITLE}: plan`, `${all} of ${total} rows of ${what}`);
  return page(
    `${TITLE}: plan`,
    `As shard ${shard.index} of ${shard.of}, ${rowsInShard(shard, all)} of ${total} rows of ${what}`,
  );
}

/** What one job of many did, and that it decides nothing. */
export function shardPage({ index, of }: Shard, rows: number, all: number): string {
  return page(
    `${TITLE}: shard ${index} of ${of}`,
    `${count(rows)} of ${count(all)} rows were scored. **Nothing is judged yet and no evidence was left:** that is done by the job that merges all ${of} partials.`,
  );
}
