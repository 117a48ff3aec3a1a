/**
 * What the jobs of all shards write, with the answers of two thin servers, all in one process. Told is what the writing
 * takes, without the answers.
 * Usage: node run-partials.ts <portfolio> <shards> <folder>; prints one line of JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PartialBuilder, type PartialFile } from '../../../shared/impact/partial/partial-builder.ts';
import { encodeManifest, MANIFEST_FILE } from '../../../shared/impact/partial/partial-manifest.ts';
import { isInShard } from '../../../shared/impact/partial/shard.ts';
import { FilePortfolios } from '../../../shared/portfolio/file-portfolios.ts';
import { digestOf } from '../../../shared/release/digest.ts';
import { filterRows, type QuoteRows } from '../../../shared/release/quote-rows.ts';
import { answersIn } from '../../../shared/scoring/answers-in.ts';
import { RowEncoder } from '../../../shared/scoring/row-encoder.ts';
import { SUBJECT } from '../../../tests/impact/make-book.ts';
import { peakMb } from './peak-mb.ts';
import { thinAnswers } from './thin-answers.ts';

const [portfolioPath = '', shards = '', folder = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const encoder = new RowEncoder();
const request = { root: dirname(portfolioPath), dataset: basename(portfolioPath), key: 'quote_id' };
const portfolio = await new FilePortfolios().open(request, signal);
const total = await portfolio.count(signal);
const jobs = Array.from({ length: Number(shards) }, (_, index) => {
  const shard = { index: index + 1, of: Number(shards) };
  const about = { total, sampledFrom: undefined, subject: SUBJECT, policyDigest: digestOf('policy') };
  return { shard, at: join(folder, `shard-${shard.index}`), builder: new PartialBuilder({ shard, ...about }) };
});
let [bytes, microseconds, first] = [0, 0, 0];

for await (const rows of portfolio.rows({ signal })) {
  for (const { shard, at, builder } of jobs) {
    const own = filterRows(rows, (index) => isInShard(shard, first + index));
    const body = Buffer.from(encoder.encode(own, { before: '', after: '' })).toString('latin1');
    const [staging, production] = [answersOf(body, 1.01, own), answersOf(body, 1, own)];
    timed(() => write(at, builder.add({ rows: own, staging, production })));
  }
  first += rows.length;
}
for (const { at, builder } of jobs) {
  timed(() => {
    const { files, manifest } = builder.finish();
    write(at, files);
    writeFileSync(join(at, MANIFEST_FILE), encodeManifest(manifest));
  });
}
process.stdout.write(`${JSON.stringify({ rows: total, bytes, cpuSeconds: microseconds / 1e6, peakMb: peakMb() })}\n`);

function answersOf(body: string, factor: number, { length }: QuoteRows) {
  return answersIn(Buffer.from(thinAnswers(body, factor)), 'application/x-ndjson', length);
}

function write(at: string, files: readonly PartialFile[]): void {
  mkdirSync(at, { recursive: true });
  for (const file of files) {
    writeFileSync(join(at, file.path), file.bytes);
    bytes += file.bytes.length;
  }
}

function timed(work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  microseconds += user + system;
}
