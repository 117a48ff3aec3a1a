import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Registry, RepositoryName, StoredManifest } from '../../shared/ports/registry.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { storeBlob, storeBytes, storeManifest } from './workbench.ts';

const CACHE = process.env.HAUTE_TEST_TOOLS ?? join(homedir(), '.cache', 'haute-deploy-tests');
const OCI = 'application/vnd.oci.image';

/** Version of the Python of this machine: the one in the base image. */
export function pythonHere(): string {
  return execFileSync('python3', ['-c', 'import platform; print(platform.python_version())']).toString().trim();
}

export function architectureHere(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

/** The Python of this machine as a layer, made once: no public image can be pulled in a test. */
export function pythonLayer(): Uint8Array {
  const folder = join(CACHE, `python-base-1-${pythonHere()}`);
  const file = join(folder, 'layer.tar.gz');
  if (!existsSync(file)) makeLayer(folder, 'layer.tar.gz');
  return readFileSync(file);
}

function makeLayer(folder: string, file: string): void {
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, '.making-'));
  try {
    const root = join(making, 'root');
    execFileSync('python3', [join(import.meta.dirname, 'python_root.py'), root]);
    execFileSync('tar', ['-czf', join(making, file), '--owner=0', '--group=0', '-C', root, '.']);
    rmSync(root, { recursive: true });
    try {
      renameSync(making, folder);
    } catch (error) {
      // Another worker may have been faster: its layer is as good.
      if (!existsSync(join(folder, file))) throw error;
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Stores an image of this machine's Python that says what an image of Docker Hub says. */
export async function storePythonBase(registry: Registry, name: RepositoryName, tag: string): Promise<StoredManifest> {
  const bytes = pythonLayer();
  const layer = await storeBytes(registry, name, `${OCI}.layer.v1.tar+gzip`, bytes);
  const config = await storeBlob(registry, name, `${OCI}.config.v1+json`, {
    architecture: architectureHere(),
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', `PYTHON_VERSION=${pythonHere()}`],
      Cmd: ['python3'],
    },
    rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(bytes))] },
  });
  return storeManifest(registry, name, `${OCI}.manifest.v1+json`, { config, layers: [layer] }, tag);
}
