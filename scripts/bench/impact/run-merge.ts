/**
 * What the job does that merges, in a process of its own so that its memory is its own.
 * Usage: node run-merge.ts <folder of the partials>; prints one line of JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpilledPages } from '../../../shared/impact/pages/page-store.ts';
import { mergePartials, type Partial } from '../../../shared/impact/partial/merge-partials.ts';
import {
  decodeManifest,
  MANIFEST_FILE,
  type PartialManifest,
} from '../../../shared/impact/partial/partial-manifest.ts';
import { rowsAsParquet } from '../../../shared/impact/rows/rows-as-parquet.ts';
import { DiskScratch } from '../../../shared/io/disk-scratch.ts';
import { keepYoungGenerationSmall } from '../../../shared/io/young-generation.ts';
import { FilePortfolios } from '../../../shared/portfolio/file-portfolios.ts';
import { peakMb } from './peak-mb.ts';
import { reportOn } from './report-on.ts';

const [folder = ''] = process.argv.slice(2);
keepYoungGenerationSmall();
const startedMs = performance.now();
const seconds = (): number => (performance.now() - startedMs) / 1000;
const { signal } = new AbortController();
const portfolios = new FilePortfolios();
const partials = readdirSync(folder).map((name): Partial => {
  const at = join(folder, name);
  const manifest = decodeManifest(readFileSync(join(at, MANIFEST_FILE), 'utf8'), at);
  return { manifest, rows: rowsOf(at, manifest) };
});
const scratch = new DiskScratch(tmpdir());
const store = new SpilledPages(scratch);
const book = await mergePartials(partials, { weightColumn: undefined, store });
const merged = seconds();
const mergedMb = peakMb();
const mergedCpu = process.cpuUsage();
const report = await reportOn(() => book, book.rows, scratch);
const { user, system } = process.cpuUsage();
const [done, peak] = [seconds(), peakMb()];
let rowsBytes = 0;
for await (const piece of rowsAsParquet(book, { named: [], key: 'quote_id' })) rowsBytes += piece.length;
const rows = process.cpuUsage({ user, system });
scratch.close();
const result = {
  ...report,
  merged,
  mergedMb,
  mergedCpuSeconds: (mergedCpu.user + mergedCpu.system) / 1e6,
  seconds: done,
  cpuSeconds: (user + system) / 1e6,
  peakMb: peak,
  /** The file with every row. */
  rowsBytes,
  rowsCpuSeconds: (rows.user + rows.system) / 1e6,
  rowsMb: peakMb(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function* rowsOf(root: string, { files }: PartialManifest): Partial['rows'] {
  for (const { path, digest } of files) {
    const portfolio = await portfolios.open({ root, dataset: path, key: undefined }, signal);
    if (portfolio.files[0]?.digest !== digest) throw new Error(`${path} is not what was written`);
    yield* portfolio.rows({ signal });
  }
}
