/**
 * How long an impact analysis takes and how much memory, against `haute impact` and against a bare loop, all in one run
 * on the same machine: compare the ratios, not the seconds.
 *
 * Usage: node scripts/bench/impact.ts [options]
 *   --only thin | real | merge two thin servers, which do next to nothing; two real Haute applications: the motor
 *                              pricing example before and after its version v2; partials of four shards, merged. All
 *                              of them where not given
 *   --rows 100000,1000000      rows of the portfolios for the thin servers
 *   --huge                     10,000,000 rows for them as well, without `haute impact`; and of 16 shards
 *   --no-routes                only Parquet for them, not the same rows as CSV, as JSON lines, and as Parquet without
 *                              dictionaries, which is read by the built-in reader and with DuckDB
 *   --no-slow                  without two servers that price a row in 20 microseconds
 *   --real-rows 10000,100000   rows of the portfolios for the real applications
 *   --haute path/to/haute      the command of an installed Haute; without it there is no ratio to it
 *   --haute-rows 1000000       the most rows that `haute impact` gets of the thin servers
 *   --haute-real-rows 10000    and of the real applications, where each of its requests takes a second. It sends 500 rows
 *                              a request, one after the other, so a larger portfolio takes as many times longer as it
 *                              has more rows; what is reckoned so is marked. Of ours and of the bare loop the faster of
 *                              two runs counts there
 *   --staging URL --production URL --portfolio FILE   two other applications instead of all these
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bundleProgram } from './bundle-program.ts';
import { compareMerge } from './impact/compare-merge.ts';
import { serveExample } from './impact/example-servers.ts';
import { copyPortfolio, makePortfolio } from './impact/make-portfolio.ts';
import { type Measured, runHaute } from './impact/run-haute.ts';

interface Addresses {
  readonly staging: string;
  readonly production: string;
}

interface Ours extends Measured {
  readonly rows: number;
  readonly batch: number;
  readonly scored: number;
  readonly digest: string;
}

/** The most rows that are also read in other formats, and priced slowly. */
const MOST_ROWS = 1_000_000;
const PRICING_MICROSECONDS = 20;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'thin,real,merge' },
    'real-rows': { type: 'string', default: '10000,100000' },
    'haute-real-rows': { type: 'string', default: '10000' },
    rows: { type: 'string', default: '100000,1000000' },
    huge: { type: 'boolean', default: false },
    'no-routes': { type: 'boolean', default: false },
    'no-slow': { type: 'boolean', default: false },
    haute: { type: 'string' },
    'haute-rows': { type: 'string', default: '1000000' },
    staging: { type: 'string' },
    production: { type: 'string' },
    portfolio: { type: 'string' },
  },
});
const here = import.meta.dirname;
const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'bench-impact-'));
const built = join(here, '../../build/bench-impact');
// Ours as users have it; the bare loop likewise, as loading sources takes memory too.
const ours = bundleProgram('impact/run-ours', 'columns', join(built, 'ours'));
const bare = bundleProgram('impact/run-bare', undefined, join(built, 'bare'));

try {
  const { staging, production, portfolio, only } = options;
  if (staging !== undefined && production !== undefined && portfolio !== undefined) {
    await compare({ title: 'two applications', path: resolve(portfolio), addresses: { staging, production } });
  } else {
    if (only.includes('thin')) await compareThin();
    if (only.includes('real')) await compareReal();
    if (only.includes('merge')) await mergeShards();
  }
} finally {
  for (const child of children) child.kill();
  for (const dir of [folder, built]) rmSync(dir, { recursive: true, force: true });
}

async function compareThin(): Promise<void> {
  const counts = [...options.rows.split(',').map(Number), ...(options.huge ? [10_000_000] : [])];
  for (const rows of counts) {
    const path = join(folder, `${rows}.parquet`);
    await makePortfolio(path, rows);
    const title = `${rows.toLocaleString('en')} rows`;
    const ours = await compare({
      title: `two thin servers, ${title}`,
      path,
      addresses: await thinServers(),
      ...(rows > Number(options['haute-rows']) && { haute: 'left out' }),
    });
    if (!options['no-routes'] && rows <= MOST_ROWS) await compareRoutes(title, path, ours);
    if (!options['no-slow'] && rows <= MOST_ROWS) await compareWithPricing(title, path, rows);
    rmSync(path);
  }
}

async function mergeShards(): Promise<void> {
  const program = bundleProgram('impact/run-merge', 'columns', join(built, 'merge'));
  for (const [rows, shards] of [[MOST_ROWS, 4], ...(options.huge ? [[10_000_000, 16]] : [])] as [number, number][]) {
    const portfolio = join(folder, `${rows}.parquet`);
    await makePortfolio(portfolio, rows);
    const { staging, production } = await thinServers();
    const whole = rows > MOST_ROWS ? undefined : run(ours, portfolio, staging, production);
    if (whole) print(`one run, ${rows.toLocaleString('en')} rows`, 'haute/deploy', whole, whole);
    const lines = compareMerge({ program, portfolio, rows, shards, folder, ...(whole && { whole }) });
    for (const line of lines) process.stdout.write(line);
    rmSync(portfolio);
  }
}

async function compareReal(): Promise<void> {
  const servers = await serveExample();
  const most = Number(options['haute-real-rows']);
  const counts = options['real-rows'].split(',').map(Number);
  const portfolio = async (rows: number): Promise<string> => {
    const path = join(folder, `${rows}.parquet`);
    await servers.makePortfolio(path, rows);
    return path;
  };
  try {
    const part = Math.min(most, ...counts);
    const haute = options.haute && (await timeHaute(options.haute, await portfolio(part), servers));
    for (const rows of counts) {
      const title = `two Haute applications, ${rows.toLocaleString('en')} rows`;
      const others = haute ? { measured: haute, times: rows / part } : 'left out';
      await compare({ title, path: await portfolio(rows), addresses: servers, haute: others, runs: 2 });
    }
  } finally {
    await servers.stop();
  }
}

interface Comparison {
  readonly title: string;
  readonly path: string;
  readonly addresses: Addresses;
  /** What `haute impact` gets where that is not the same: nothing, or it was measured with one of so many parts. */
  readonly haute?: 'left out' | { readonly measured: Measured; readonly times: number };
  /** How often ours and the bare loop are run, one after the other: the fastest of each counts. */
  readonly runs?: number;
}

async function compare({ title, path, addresses, haute, runs = 1 }: Comparison): Promise<Ours> {
  const { staging, production } = addresses;
  const both = Array.from({ length: runs }, () => {
    const measured = run(ours, path, staging, production);
    return { ours: measured, bare: run(bare, path, staging, production, String(measured.batch)) };
  });
  const best = fastest(both.map((each) => each.ours));
  print(title, 'haute/deploy', best, best);
  print(title, 'bare loop', fastest(both.map((each) => each.bare)), best);
  if (options.haute === undefined || haute === 'left out') return best;
  const { measured, times } = haute ?? { measured: await timeHaute(options.haute, path, addresses), times: 1 };
  const { seconds, cpuSeconds, peakMb } = measured;
  const who = times === 1 ? 'haute impact' : `haute impact (reckoned: ${times} times ${seconds.toFixed(1)} s)`;
  print(title, who, { seconds: seconds * times, cpuSeconds: cpuSeconds * times, peakMb }, best);
  return best;
}

function fastest<T extends Measured>(runs: readonly T[]): T {
  return runs.reduce((best, each) => (each.seconds < best.seconds ? each : best));
}

function timeHaute(command: string, path: string, { staging, production }: Addresses): Promise<Measured> {
  return runHaute(resolve(command), path, staging, production);
}

/** The same rows in other formats; Parquet without dictionaries by both readers. All reports must be the same. */
async function compareRoutes(title: string, path: string, fromParquet: Ours): Promise<void> {
  const { staging, production } = await thinServers();
  for (const [format, ending, readers] of [
    ['csv', 'csv', ['built-in']],
    ['json lines', 'jsonl', ['built-in']],
    ['parquet without dictionaries', 'plain.parquet', ['built-in', 'duckdb']],
  ] as const) {
    const copy = path.replace(/parquet$/, ending);
    await copyPortfolio(path, copy, format);
    for (const reader of readers) {
      const measured = run(ours, copy, staging, production, reader);
      if (measured.digest !== fromParquet.digest)
        throw new Error(`${format}, ${reader}, gives another report than Parquet`);
      print(`two thin servers, ${title}`, `haute/deploy, ${format}, ${reader}`, measured, fromParquet);
    }
    rmSync(copy);
  }
}

/** Whether we keep up with two servers that take their time for each row, as one worker each. */
async function compareWithPricing(title: string, path: string, rows: number): Promise<void> {
  const { staging, production } = await thinServers(String(PRICING_MICROSECONDS));
  const { scored, seconds } = run(ours, path, staging, production);
  const alone = (rows * PRICING_MICROSECONDS) / 1e6;
  const share = (scored / alone).toFixed(2);
  process.stdout.write(
    `two servers of ${PRICING_MICROSECONDS} microseconds a row, ${title}: haute/deploy: scored in ${scored.toFixed(1)} s, ${share} x what their pricing alone takes; ${seconds.toFixed(1)} s in all\n`,
  );
}

function run(program: string, ...args: readonly string[]): Ours {
  return JSON.parse(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })) as Ours;
}

function print(title: string, who: string, measured: Measured, ours: Measured & { readonly rows: number }): void {
  const { seconds, cpuSeconds, peakMb } = measured;
  const rate = Math.round(ours.rows / seconds).toLocaleString('en');
  const ratio = (seconds / ours.seconds).toFixed(2);
  const cpu = (cpuSeconds / (ours.cpuSeconds || 1)).toFixed(2);
  process.stdout.write(
    `${title}: ${who}: ${seconds.toFixed(1)} s, ${rate} rows/s, ${peakMb} MB, ${cpuSeconds.toFixed(1)} CPU s; ${ratio} x our time, ${cpu} x our CPU time\n`,
  );
}

/** Two new ones; those before end. */
async function thinServers(...pricing: readonly string[]): Promise<Addresses> {
  for (const child of children.splice(0)) child.kill();
  return { staging: await thinServer('1.01', ...pricing), production: await thinServer('1', ...pricing) };
}

async function thinServer(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(here, 'impact', 'thin-server.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface(child.stdout)) return `http://127.0.0.1:${line}`;
  throw new Error('a thin server did not start');
}
