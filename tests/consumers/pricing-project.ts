import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';

export const root = resolve(import.meta.dirname, '../..');
/** The bundle as it is committed. */
export const bundle = join(root, 'dist', 'index.js');
const example = join(root, 'examples', 'motor-pricing');

/**
 * Puts the example into a folder as somebody's pricing project: on this machine's own target, with a latency that
 * suits a test. @param ramp all at once where a test is not about what happens on the way
 */
export function writeProject(folder: string, ramp = '0s'): void {
  const left = /\/(versions|outputs|\.haute(_cache)?)(\/|$)/;
  cpSync(example, folder, { recursive: true, filter: (path) => !left.test(path.slice(example.length)) });
  const policy = join(folder, 'haute.release.toml');
  const text = readFileSync(policy, 'utf8')
    .replace(/^ramp = .*$/m, `ramp = "${ramp}"`)
    .replace(/^p95_latency = .*$/m, 'p95_latency = "10s"');
  writeFileSync(policy, `target = "local"\n\n${text}`);
}

/** Copies the CI files that the README tells people to copy. @param consumer folder of `examples/consumers` */
export function copyConsumer(folder: string, consumer: string): void {
  cpSync(join(root, 'examples', 'consumers', consumer), folder, { recursive: true });
}

/** Lays a version of the rates over the project. */
export function applyRates(folder: string, version: string): void {
  cpSync(join(example, 'versions', version), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('README.md'),
  });
}

/** Asks the address itself which release answers. */
export async function releaseAt(url: string): Promise<string | null> {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(10_000) });
  await response.body?.cancel();
  return response.headers.get('x-haute-release');
}

/** Ends every process that the local target of a project has started. */
export function stopLocal(folder: string): void {
  execFileSync(process.execPath, [bundle, 'local', 'stop', '--project', folder], { stdio: 'ignore', timeout: 60_000 });
}

/** Fails with the end of the log, which says why. */
export function expectExit(exitCode: number | null, wanted: number, log: string): void {
  if (exitCode !== wanted) expect.fail(`ended with ${exitCode}, not ${wanted}:\n${log.slice(-4000)}`);
}

/** The last value of an output that a step told its log. */
export function outputOf(log: string, name: string): string {
  return [...log.matchAll(new RegExp(`[|>] ${name}: (\\S+)`, 'g'))].at(-1)?.[1] ?? '';
}
