import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleWorker, compile } from '../bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One build of ours as a bundle, made as dist/ is: what users run starts from one. @returns the program */
export function bundleOurs(work: string): string {
  const compiled = join(work, 'compiled');
  const out = join(work, 'ours');
  mkdirSync(compiled, { recursive: true });
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rootDir: root, typeRoots: [join(root, 'node_modules/@types')] },
    files: ['scripts/bench/image-ours.ts', 'shared/image/assemble/compress-worker.ts'].map((file) => join(root, file)),
    include: [],
  };
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(tsconfig));
  // Inside of the repository: its packages are found from there.
  compile(join(work, 'tsconfig.json'), compiled);
  bundle(join(compiled, 'scripts', 'bench', 'image-ours.js'), out);
  bundleWorker(compiled, out, join(work, 'worker'));
  return join(out, 'index.js');
}
