/**
 * Builds dist/: `tsc` to JavaScript, `ncc` to one bundle with its lazily loaded chunks and to one for each kind of
 * thread, the engine's Python files beside them. dist/ is replaced whole and only by a build that went well. The same source gives the same bytes.
 */
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleWorker, compile } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

// The same folder every time: the bundle names the files that it was made from.
const work = join(root, 'build');
rmSync(work, { recursive: true, force: true });
try {
  const compiled = join(work, 'compiled');
  const made = join(work, 'dist');
  compile('tsconfig.build.json', compiled);
  bundle(join(compiled, 'shared', 'bin.js'), made, 'licenses.txt');
  bundleWorker('compress', compiled, made, join(work, 'worker'));
  bundleWorker('columns', compiled, made, join(work, 'worker'));
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
