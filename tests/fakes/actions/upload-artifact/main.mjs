import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

const { env } = process;
const target = join(env.HAUTE_TEST_ARTIFACTS, env.INPUT_NAME);
const hidden = env['INPUT_INCLUDE-HIDDEN-FILES'] === 'true';
const paths = env.INPUT_PATH.split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')
  .map((line) => resolve(env.GITHUB_WORKSPACE, line));

/** The real one keeps paths below the folder that all the given paths have in common. */
function commonFolder(all) {
  const [first, ...rest] = all.map((path) => dirname(path).split(sep));
  const depth = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return (depth === -1 ? first : first.slice(0, depth)).join(sep);
}

const isHidden = (path) =>
  relative(env.GITHUB_WORKSPACE, path)
    .split(sep)
    .some((part) => /^\.[^.]/.test(part));
const found = paths.filter((path) => existsSync(path) && (hidden || !isHidden(path)));
if (found.length === 0 && env['INPUT_IF-NO-FILES-FOUND'] === 'error') throw new Error('no files were found');
if (found.length > 0 && existsSync(target)) {
  if (env.INPUT_OVERWRITE !== 'true') throw new Error(`an artifact with this name exists: ${env.INPUT_NAME}`);
  rmSync(target, { recursive: true });
}
const root = commonFolder(paths);
for (const path of found) {
  const filter = (source) => hidden || !basename(source).startsWith('.');
  cpSync(path, join(target, relative(root, path)), { recursive: true, filter });
}
console.log(`kept ${found.length} of ${paths.length} paths`);
