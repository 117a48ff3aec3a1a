/**
 * How long an impact analysis takes and how much memory, against `haute impact` and against a bare loop, all in one run
 * on the same machine: compare the ratios, not the seconds.
 *
 * Usage: node scripts/bench/impact.ts [options]
 *   --rows 100000,1000000      rows of the portfolios for two thin servers, which this script starts
 *   --huge                     10,000,000 rows as well, without `haute impact`
 *   --haute path/to/haute      the command of an installed Haute; without it there is no ratio to it
 *   --haute-rows 1000000       the most rows that `haute impact` gets
 *   --staging URL --production URL --portfolio FILE   two real applications instead of thin servers
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { makePortfolio } from './impact/make-portfolio.ts';
import { type Measured, runHaute } from './impact/run-haute.ts';

interface Addresses {
  readonly staging: string;
  readonly production: string;
}

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000,1000000' },
    huge: { type: 'boolean', default: false },
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

try {
  const { staging, production, portfolio } = options;
  if (staging !== undefined && production !== undefined && portfolio !== undefined) {
    await compare('two applications', resolve(portfolio), { staging, production }, Number.POSITIVE_INFINITY);
  } else {
    const counts = [...options.rows.split(',').map(Number), ...(options.huge ? [10_000_000] : [])];
    for (const rows of counts) {
      const path = join(folder, `${rows}.parquet`);
      await makePortfolio(path, rows);
      const addresses = { staging: await thinServer('1.01'), production: await thinServer('1') };
      await compare(`two thin servers, ${rows.toLocaleString('en')} rows`, path, addresses, rows);
      for (const child of children.splice(0)) child.kill();
      rmSync(path);
    }
  }
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(title: string, path: string, addresses: Addresses, rows: number): Promise<void> {
  const ours = run('run-ours.ts', path, addresses.staging, addresses.production);
  print(title, 'haute/deploy', ours, ours);
  print(
    title,
    'bare loop',
    run('run-bare.ts', path, addresses.staging, addresses.production, String(ours.batch)),
    ours,
  );
  if (options.haute === undefined || rows > Number(options['haute-rows'])) return;
  print(
    title,
    'haute impact',
    await runHaute(resolve(options.haute), path, addresses.staging, addresses.production),
    ours,
  );
}

function run(script: string, ...args: readonly string[]): Measured & { readonly rows: number; readonly batch: number } {
  const file = join(here, 'impact', script);
  return JSON.parse(execFileSync(process.execPath, [file, ...args], { encoding: 'utf8' })) as ReturnType<typeof run>;
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

async function thinServer(factor: string): Promise<string> {
  const child = spawn(process.execPath, [join(here, 'impact', 'thin-server.ts'), factor], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface(child.stdout)) return `http://127.0.0.1:${line}`;
  throw new Error('a thin server did not start');
}
