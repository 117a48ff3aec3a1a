import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** `haute impact` over the whole portfolio, in a project that holds nothing else. @param haute its command */
export async function runHaute(
  haute: string,
  portfolio: string,
  staging: string,
  production: string,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-haute-'));
  try {
    mkdirSync(join(folder, 'rating'));
    writeFileSync(join(folder, 'rating', 'main.py'), '');
    copyFileSync(portfolio, join(folder, 'portfolio.parquet'));
    writeFileSync(join(folder, 'haute.toml'), tomlOf(staging, production));
    execFileSync('git', ['init', '-q', folder]);
    return await timed(haute, ['impact', '--sample', '0'], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tomlOf(staging: string, production: string): string {
  return `[project]
name = "motor-pricing"
pipeline = "rating/main.py"
[deploy]
target = "container"
model_name = "motor-pricing"
endpoint_name = "motor-pricing"
[deploy.container]
base_image = "python:3.11.9-slim"
[safety]
impact_dataset = "portfolio.parquet"
[ci.staging]
endpoint_url = "${staging}"
[ci.production]
endpoint_url = "${production}"
`;
}

/** GNU time tells what a process of another language took. */
async function timed(command: string, args: readonly string[], cwd: string): Promise<Measured> {
  const child = spawn('/usr/bin/time', ['-f', '%e %U %S %M', command, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.slice(-2_000)}`);
  const [seconds = 0, user = 0, system = 0, kib = 0] = (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, peakMb: Math.round((kib * 1024) / 1e6) };
}
