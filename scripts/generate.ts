/**
 * Writes every manifest, stub and reference page from the definitions of the steps, and removes those that no
 * definition asks for any more.
 *
 *   node scripts/generate.ts           write
 *   node scripts/generate.ts --list    print the paths
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definitions } from '../shared/steps/definitions.ts';
import { emitAll } from './emit/index.ts';
import type { GeneratedFile } from './emit/suite.ts';

/** Where every file is generated, so that what is left over can be told. */
const GENERATED_ROOMS = [
  'actions/**/*',
  'gitlab-components/templates/**/*',
  'azure-tasks/*/task.json',
  'azure-tasks/*/main.mjs',
  'docs/reference/**/*',
  'docs/schemas/*',
  'examples/aws-ecs/iam/*',
];

/** All generated files of a checkout, as they should be. */
export function generatedFiles(root: string): readonly GeneratedFile[] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return emitAll({ steps: definitions, version, license: readFileSync(join(root, 'LICENSE'), 'utf8') });
}

/** Files in generated rooms that no definition asks for. */
export function leftOverFiles(root: string, files: readonly GeneratedFile[]): readonly string[] {
  const wanted = new Set(files.map(({ path }) => path));
  return globSync(GENERATED_ROOMS, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter((path) => !wanted.has(path));
}

function generate(root: string): void {
  const files = generatedFiles(root);
  for (const path of leftOverFiles(root, files)) rmSync(join(root, path));
  for (const { path, content } of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || readFileSync(file, 'utf8') !== content) writeFileSync(file, content);
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (process.argv[2] === '--list')
    process.stdout.write(
      generatedFiles(root)
        .map(({ path }) => `${path}\n`)
        .join(''),
    );
  else generate(root);
}
