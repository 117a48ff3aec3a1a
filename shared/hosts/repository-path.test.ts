import { describe, expect, it } from 'vitest';
import { repositoryPath } from './repository-path.ts';

describe('a file as the pages of a host find it', () => {
  it.each<[string, string, string, string | undefined]>([
    ['in the project at the root', 'haute.toml', '.', 'haute.toml'],
    ['in a project below the root', 'tests/quotes/a.json', 'pricing/motor', 'pricing/motor/tests/quotes/a.json'],
    ['absolute', '/build/repo/rating/main.py', 'pricing', 'rating/main.py'],
    ['beside the checkout', '../other/haute.toml', '.', undefined],
    ['elsewhere', '/etc/passwd', '.', undefined],
    ['with dots in its name', '..rates/a.json', '.', '..rates/a.json'],
    ['the checkout itself', '.', '.', undefined],
  ])('%s', (_, file, project, shown) => {
    expect(repositoryPath(file, '/build/repo', project)).toBe(shown);
  });
});
