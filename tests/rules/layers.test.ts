import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const files = globSync('shared/**/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
const sources = files.filter((file) => !file.endsWith('.test.ts'));

/** What a room may import, besides itself and errors.ts. Whoever is not listed may import everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  release: [],
  project: ['release', 'ports'],
  impact: ['release', 'project'],
  ports: ['release', 'project', 'impact'],
  steps: ['ports', 'release', 'project', 'impact'],
  hosts: ['ports', 'release'],
  forges: ['ports', 'release'],
  identity: ['ports', 'release'],
  targets: ['ports', 'release', 'project'],
  engine: ['ports', 'release', 'project'],
  image: ['ports', 'release', 'project'],
  scoring: ['ports', 'release', 'project'],
  portfolio: ['ports', 'release', 'project'],
  io: ['ports', 'release', 'impact'],
};
/** The composition root: the only files that name concrete classes of several rooms. */
const ROOTS = ['bin', 'main', 'cli', 'compose', 'compose-images', 'local-commands', 'release-commands'].map(
  (name) => `shared/${name}.ts`,
);
/** Rooms whose folders are siblings that must not know each other. */
const APART = ['targets', 'hosts', 'forges'];

function room(file: string): string {
  const [, first = '', second = ''] = file.split('/');
  return APART.includes(first) && !second.endsWith('.ts') ? `${first}/${second}` : first;
}

function imports(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((path) => relative(root, resolve(root, dirname(file), path)));
}

describe('the rooms of shared/', () => {
  it.each(sources.filter((file) => !ROOTS.includes(file)))('%s imports only what its room may', (file) => {
    const own = room(file);
    const allowed = MAY_IMPORT[own.split('/')[0] ?? ''];
    const wrong = imports(file).filter((imported) => {
      const other = room(imported);
      return (
        other !== own &&
        // What siblings share lies beside them, and their registry names them.
        other !== own.split('/')[0] &&
        other.split('/')[0] !== own &&
        other !== 'errors.ts' &&
        other !== 'version.ts' &&
        !allowed?.includes(other.split('/')[0] ?? '')
      );
    });
    expect(file === 'shared/errors.ts' || file === 'shared/version.ts' ? [] : wrong).toEqual([]);
  });

  it.each(sources)('%s imports files that exist', (file) => {
    expect(imports(file).filter((imported) => !existsSync(join(root, imported)))).toEqual([]);
  });

  it('reads process.env in main.ts alone', () => {
    const readers = sources.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers).toEqual(['shared/main.ts']);
  });

  it('names the variables of CI hosts under hosts/ alone', () => {
    const names = /\b(?:GITHUB_|GITLAB_|BUILD_|SYSTEM_|INPUT_|CI_)[A-Z]/;
    const wrong = sources.filter(
      (file) => !file.startsWith('shared/hosts/') && names.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps ports to eight methods each', () => {
    const tooMany = sources.filter((file) => {
      if (!file.startsWith('shared/ports/')) return false;
      const bodies = readFileSync(join(root, file), 'utf8').match(/export interface \w+ \{[\s\S]*?\n\}/g) ?? [];
      return bodies.some((body) => (body.match(/^ {2}\w+(?:<[^>]*>)?\(/gm) ?? []).length > 8);
    });
    expect(tooMany).toEqual([]);
  });
});
