import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** Programs of threads, compiled. Each starts from a file of its own, beside the bundle. */
export const WORKERS = {
  compress: 'shared/image/assemble/compress-worker',
  columns: 'shared/io/columns-thread/columns-worker',
} as const;

/** The program of a thread. What it is made of is in the bundle too, its licences included. @param made a folder to work in */
export function bundleWorker(worker: keyof typeof WORKERS, compiled: string, out: string, made: string): void {
  const program = `${WORKERS[worker]}.js`;
  bundle(join(compiled, program), made);
  const chunks = readdirSync(made).filter((name) => /^\d+\.index\.js$/.test(name));
  if (chunks.length > 0) throw new Error(`${program} loads ${chunks.join(', ')}, which would not be beside the bundle`);
  renameSync(join(made, 'index.js'), join(out, basename(program)));
}

function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
}
