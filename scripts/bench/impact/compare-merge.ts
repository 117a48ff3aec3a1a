import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Measured } from './run-haute.ts';

interface Merged extends Measured {
  readonly rows: number;
  readonly digest: string;
  /** Seconds until all rows were in the book. */
  readonly merged: number;
  readonly rowsCpuSeconds: number;
  readonly rowsBytes: number;
}

interface Comparison {
  /** The one that merges, as users have it. */
  readonly program: string;
  readonly portfolio: string;
  readonly rows: number;
  readonly shards: number;
  readonly folder: string;
  /** One run over the same rows, whose report must be the same; without it nothing is compared. */
  readonly whole?: Measured & { readonly digest: string };
}

/**
 * What sharing costs: what the jobs write beside scoring, and what the one that merges does. The same rows are put into
 * their order by DuckDB as well, into one file and without a report.
 * @returns lines to print
 */
export function compareMerge({ program, portfolio, rows, shards, folder, whole }: Comparison): readonly string[] {
  const partials = join(folder, `partials-${rows}`);
  const written = run<Measured & { readonly bytes: number }>(
    here('run-partials.ts'),
    portfolio,
    String(shards),
    partials,
  );
  const merged = run<Merged>(program, partials);
  if (whole !== undefined && whole.digest !== merged.digest) throw new Error('merging gives another report');
  const duckdb = run<Measured>(here('run-duckdb-merge.ts'), partials, String(shards));
  const title = `${shards} shards, ${rows.toLocaleString('en')} rows`;
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  const perMillion = ((written.cpuSeconds * 1e6) / rows).toFixed(1);
  const toWhole = whole && `${(merged.seconds / whole.seconds).toFixed(2)} x the time of one run, with the same report`;
  return [
    `${title}: written: ${megabytes(written.bytes)}, ${perMillion} CPU s for each 1,000,000 rows`,
    `${title}: merged: in order in ${merged.merged.toFixed(1)} s, reported in ${told(merged)}${toWhole ? `; ${toWhole}` : ''}`,
    `${title}: put in order by DuckDB alone: ${told(duckdb)}; ${(duckdb.seconds / merged.merged).toFixed(2)} x what ours takes for it`,
    `${title}: every row as Parquet: ${megabytes(merged.rowsBytes)}, ${merged.rowsCpuSeconds.toFixed(1)} CPU s`,
  ].map((line) => `${line}\n`);
}

function told({ seconds, cpuSeconds, peakMb }: Measured): string {
  return `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s, ${peakMb} MB`;
}

function here(script: string): string {
  return join(import.meta.dirname, script);
}

function run<T>(file: string, ...args: readonly string[]): T {
  return JSON.parse(execFileSync(process.execPath, [file, ...args], { encoding: 'utf8' })) as T;
}
