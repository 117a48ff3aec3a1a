import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleWorker, compile, WORKERS } from '../bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A program of ours as a bundle, made as dist/ is: what users run is one.
 * @param name of a file in this folder
 * @param worker the kind of thread that it starts; undefined for none
 * @param work a folder of its own inside of the repository, whose packages are found from there
 * @returns the program
 */
export function bundleProgram(name: string, worker: keyof typeof WORKERS | undefined, work: string): string {
  const compiled = join(work, 'compiled');
  const out = join(work, 'ours');
  mkdirSync(compiled, { recursive: true });
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rootDir: root, typeRoots: [join(root, 'node_modules/@types')] },
    files: [`scripts/bench/${name}`, ...(worker ? [WORKERS[worker]] : [])].map((file) => join(root, `${file}.ts`)),
    include: [],
  };
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(tsconfig));
  compile(join(work, 'tsconfig.json'), compiled);
  bundle(join(compiled, 'scripts', 'bench', `${name}.js`), out);
  if (worker) bundleWorker(worker, compiled, out, join(work, 'worker'));
  return join(out, 'index.js');
}
