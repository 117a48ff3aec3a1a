import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** TypeScript to JavaScript. */
export function compile(tsconfig: string, out: string): void {
  run('typescript/bin/tsc', '-p', tsconfig, '--outDir', out);
  // ncc takes the module type from the nearest package.json.
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
}

/** A compiled program as one file, `index.js`, with its lazily loaded chunks beside it. */
export function bundle(program: string, out: string, licenses?: string): void {
  const options = ['--out', out, '--target', 'es2022', '--quiet'];
  run('@vercel/ncc/dist/ncc/cli.js', 'build', program, ...options, ...(licenses ? ['--license', licenses] : []));
}

/**
 * The threads that compress start from a file of their own, beside the bundle. What it is made of is in the bundle
 * too, its licences included.
 */
export function bundleWorker(compiled: string, out: string, made: string): void {
  bundle(join(compiled, 'shared', 'image', 'assemble', 'compress-worker.js'), made);
  renameSync(join(made, 'index.js'), join(out, 'compress-worker.js'));
}

function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
}
