/**
 * Fails when a generated file or dist/ is not what the source gives: deletes everything that is generated, makes it
 * again, and asks git whether anything changed, untracked files included.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const listed = run(process.execPath, join(root, 'scripts', 'generate.ts'), '--list');
const generated = ['dist', ...listed.split('\n').filter((line) => line !== '')];

function changes(): string {
  return run('git', 'status', '--porcelain', '--untracked-files=all', '--', ...generated, 'actions', 'docs/reference');
}

const before = changes();
if (before !== '') fail(`commit or remove these first:\n${before}`);
for (const path of generated) if (path !== 'dist') rmSync(join(root, path), { force: true });
run(process.execPath, join(root, 'scripts', 'generate.ts'));
run(process.execPath, join(root, 'scripts', 'build.ts'));
const after = changes();
if (after !== '') {
  process.stderr.write(run('git', 'diff', '--stat', '--', ...generated));
  fail(`these are not what the source gives; run \`npm run generate && npm run build\` and commit:\n${after}`);
}
process.stdout.write(`dist/ and ${generated.length - 1} generated files are up to date\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
