import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCompiledLock } from '../../shared/engine/lock/compiled-lock.ts';
import { requirementsOf, SCORING_RUNTIME } from '../../shared/engine/lock/runtime-lock.ts';
import { HAUTE_0_6_0 } from '../../shared/engine/runtimes/haute-0-6-0.ts';
import type { EnginePackage } from '../../shared/ports/engine.ts';
import type { Registry, RepositoryName } from '../../shared/ports/registry.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { Running } from '../../tests/image/processes.ts';
import { pythonHere } from '../../tests/image/python-base.ts';
import { packageIn, storeBlob, storeBytes, storeManifest } from '../../tests/image/workbench.ts';

/** Names of packages to leave out, for a machine that has no time: `BENCH_WITHOUT=pyarrow,polars-runtime-32`. */
const WITHOUT = (process.env.BENCH_WITHOUT ?? '').split(',');

/** The scoring runtime that every pricing service of Haute 0.6.0 has. */
export const REQUIREMENTS: readonly string[] = requirementsOf(
  parseCompiledLock(HAUTE_0_6_0, 'haute 0.6.0'),
  SCORING_RUNTIME,
).filter((line) => !WITHOUT.includes(line.split('==')[0] ?? ''));
/** The same with one small package in another version. */
export const OTHER_REQUIREMENTS: readonly string[] = REQUIREMENTS.map((line) =>
  line.startsWith('idna==') ? 'idna==3.10' : line,
);

/** Wheels of both lists, downloaded once. */
export function downloadWheels(dir: string): void {
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > REQUIREMENTS.length) return;
  for (const list of [REQUIREMENTS, OTHER_REQUIREMENTS]) {
    writeFileSync(join(dir, '..', 'list.txt'), list.join('\n'));
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', dir];
    execFileSync('python3', [...args, '--requirement', join(dir, '..', 'list.txt')], { stdio: 'inherit' });
  }
}

/** A package index on this machine, with the wheels of a folder: for everybody the same. */
export async function startIndex(
  wheels: string,
  dir: string,
): Promise<{ readonly url: string; readonly running: Running }> {
  for (const file of readdirSync(wheels)) {
    const name = (file.split('-')[0] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-');
    mkdirSync(join(dir, 'simple', name), { recursive: true });
    symlinkSync(join(wheels, file), join(dir, 'simple', name, file));
  }
  const running = new Running('python3', ['-u', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', dir, '0']);
  const port = await running.until(() => /port (\d+)/.exec(running.log)?.[1]);
  return { url: `http://127.0.0.1:${port}/simple`, running };
}

/** A package with rating tables of about a megabyte, of which one figure can be changed. */
export function writePackage(dir: string, base: number, requirements: readonly string[]): EnginePackage {
  rmSync(dir, { recursive: true, force: true });
  const table = (seed: number) =>
    Array.from({ length: 2_500 }, (_, n) => `${n},${((n * 7919 + seed * 104_729) % 99_991) / 1e4}`).join('\n');
  const tables = Array.from({ length: 40 }, (_, n) => [`artifacts/table_${n}.csv`, table(n)] as const);
  return packageIn(
    dir,
    {
      'app.py': 'app = None\n',
      'deploy_manifest.json': '{ "haute_version": "0.6.0" }\n',
      'requirements.txt': `${requirements.join('\n')}\n`,
      ...Object.fromEntries(tables),
      'artifacts/rates.json': `{ "base": ${base} }\n`,
    },
    requirements,
  );
}

/** A base image with this machine's Python and pip: no public image can be pulled here. */
export async function storePipBase(registry: Registry, name: RepositoryName, work: string, layer: Uint8Array) {
  const root = join(work, 'pip-root');
  const version = pythonHere().split('.').slice(0, 2).join('.');
  const packages = join(root, 'usr/local/lib', `python${version}`, 'site-packages');
  const pip = execFileSync('python3', ['-c', 'import pip; print(pip.__path__[0])']).toString().trim();
  cpSync(pip, join(packages, 'pip'), { recursive: true, filter: (path) => !path.includes('__pycache__') });
  execFileSync('tar', ['-czf', join(work, 'pip.tar.gz'), '--owner=0', '--group=0', '-C', root, '.']);
  const layers = [layer, readFileSync(join(work, 'pip.tar.gz'))];
  const type = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const stored = [];
  for (const bytes of layers) stored.push(await storeBytes(registry, name, type, bytes));
  const config = await storeBlob(registry, name, 'application/vnd.oci.image.config.v1+json', {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', `PYTHON_VERSION=${pythonHere()}`],
      Cmd: ['python3'],
    },
    rootfs: { type: 'layers', diff_ids: layers.map((bytes) => digestOf(gunzipSync(bytes))) },
    // buildah takes no image whose history is shorter than its layers.
    history: layers.map((_, number) => ({ created: '1970-01-01T00:00:00Z', created_by: `base ${number}` })),
  });
  return storeManifest(
    registry,
    name,
    'application/vnd.oci.image.manifest.v1+json',
    { config, layers: stored },
    'here',
  );
}
