import { describe, expect, it } from 'vitest';
import { fixedPart, pathInProject, pathOrAddress } from './inside-project.ts';

describe('a path in the project', () => {
  it.each([
    ['main.py', 'main.py'],
    ['rating/main.py', 'rating/main.py'],
    ['./rating//./main.py', 'rating/main.py'],
    ['tests/quotes/', 'tests/quotes'],
    ['.', '.'],
    ['..data/x', '..data/x'],
    ['data/*.csv', 'data/*.csv'],
  ])('%s is %s', (path, value) => {
    expect(pathInProject(path)).toEqual({ value });
  });

  it.each([
    '..',
    '../x',
    'a/../../x',
    'a/..',
    '/etc/passwd',
    '~/x',
    'C:/x',
    'C:\\x',
    'rating\\main.py',
    's3://bucket/x',
    'file:///etc/passwd',
  ])('%s is refused', (path) => {
    expect(pathInProject(path)).toMatchObject({ problem: expect.stringContaining(JSON.stringify(path)) });
  });
});

describe('a portfolio', () => {
  it.each(['s3://bucket/book.parquet', 'abfss://c@account.dfs.core.windows.net/x', 'https://example.org/x.csv'])(
    'may be at the address %s',
    (path) => {
      expect(pathOrAddress(path)).toEqual({ value: path });
    },
  );

  it.each(['file:///etc/passwd', 'FILE://x', '../x'])('may not be at %s', (path) => {
    expect(pathOrAddress(path)).toHaveProperty('problem');
  });
});

describe('the fixed part of a glob', () => {
  it.each([
    ['data/book.parquet', 'data/book.parquet'],
    ['data/2*/book.parquet', 'data'],
    ['*.csv', '.'],
    ['a/b/{c,d}.csv', 'a/b'],
  ])('%s is below %s', (glob, part) => {
    expect(fixedPart(glob)).toBe(part);
  });
});
