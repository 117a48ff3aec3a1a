/**
 * Packs the Azure DevOps extension: gathers the tasks, the bundle and the licence in one folder, and runs `tfx` on it.
 * Every task gets the whole bundle, as agents install tasks one by one.
 *
 *   node scripts/package-azure.ts [--out FOLDER] [--tfx PROGRAM]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The version whose output was looked at; it is large, and no dependency for that. */
const TFX = 'tfx-cli@0.23.1';

/** Packs the extension of a checkout. @returns absolute path of the `.vsix` */
export function packAzure(root: string, out: string, tfx: readonly [string, ...string[]]): string {
  const staging = join(out, 'azure');
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  cpSync(join(root, 'azure-tasks'), staging, { recursive: true });
  cpSync(join(root, 'dist'), join(staging, 'dist'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(staging, 'LICENSE'));
  const { publisher, id, version } = JSON.parse(readFileSync(join(staging, 'vss-extension.json'), 'utf8')) as {
    publisher: string;
    id: string;
    version: string;
  };
  const file = join(out, `${publisher}.${id}-${version}.vsix`);
  const [program, ...first] = tfx;
  const args = ['extension', 'create', '--root', staging, '--manifest-globs', 'vss-extension.json'];
  execFileSync(program, [...first, ...args, '--output-path', file, '--no-prompt', '--no-color'], {
    cwd: staging,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 300_000,
  });
  rmSync(staging, { recursive: true, force: true });
  return file;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'build' }, tfx: { type: 'string' } } });
  const file = packAzure(root, resolve(values.out), values.tfx ? [values.tfx] : ['npx', '--yes', TFX]);
  process.stdout.write(`${file}\n`);
}
