/**
 * Builds dist/: `tsc` to JavaScript, `ncc` to one bundle with its lazily loaded chunks, the engine's Python files
 * beside it. dist/ is replaced whole and only by a build that went well. The same source gives the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
}

// The same folder every time: the bundle names the files that it was made from.
const work = join(root, 'build');
rmSync(work, { recursive: true, force: true });
try {
  const compiled = join(work, 'compiled');
  const made = join(work, 'dist');
  compile(compiled);
  bundle(compiled, made);
  addPython(made);
  describe(made);
  rmSync(dist, { recursive: true, force: true });
  renameSync(made, dist);
} catch (error) {
  process.stderr.write(`dist/ is as it was: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function compile(out: string): void {
  run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', out);
  // ncc takes the module type from the nearest package.json.
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
}

function bundle(compiled: string, out: string): void {
  const options = ['--out', out, '--target', 'es2022', '--license', 'licenses.txt', '--quiet'];
  run('@vercel/ncc/dist/ncc/cli.js', 'build', join(compiled, 'shared', 'bin.js'), ...options);
}

function addPython(out: string): void {
  mkdirSync(join(out, 'python'), { recursive: true });
  for (const file of globSync('shared/**/python/*.py', { cwd: root })) {
    cpSync(join(root, file), join(out, 'python', basename(file)));
  }
}

/** ncc leaves the manifest of a dependency here. */
function describe(out: string): void {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module' }, undefined, 2)}\n`,
  );
}
