import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../tests/fakes/memory-files.ts';
import { chooseHaute, readHautePin } from './haute-pin.ts';

const UV_LOCK = `
[[package]]
name = "haute"
version = "0.5.2"
source = { registry = "https://index" }
`;

async function pinOf(content: Readonly<Record<string, string>>) {
  const files = new MemoryFiles();
  for (const [name, text] of Object.entries(content)) await files.write(`/p/${name}`, text);
  return readHautePin(files, '/p');
}

describe('the version of Haute that a project wants', () => {
  it.each<[string, Record<string, string>, string, string | undefined]>([
    ['nothing where no file names it', {}, '', undefined],
    ['what uv.lock has', { 'uv.lock': UV_LOCK, 'pyproject.toml': '' }, '==0.5.2', 'uv.lock'],
    [
      'a dependency of pyproject.toml',
      {
        'pyproject.toml':
          '[project]\ndependencies = ["polars", "haute[databricks] >= 0.5, <0.6 ; python_version > \'3\'"]',
      },
      '>= 0.5, <0.6',
      'pyproject.toml',
    ],
    [
      'a dependency group',
      { 'pyproject.toml': '[dependency-groups]\ndev = ["haute==0.6.0"]' },
      '==0.6.0',
      'pyproject.toml',
    ],
    [
      'a line of requirements.txt',
      { 'requirements.txt': 'polars\nHaute==0.5.2  # pinned\n' },
      '==0.5.2',
      'requirements.txt',
    ],
    ['any, where the name stands alone', { 'requirements.txt': 'haute\n' }, '', 'requirements.txt'],
    ['nothing of packages with a longer name', { 'requirements.txt': 'haute-extras==1.0\n' }, '', undefined],
    [
      'what requirements.txt says where pyproject.toml says nothing',
      { 'pyproject.toml': '[tool.ruff]\nline-length = 100', 'requirements.txt': 'haute==0.5.2' },
      '==0.5.2',
      'requirements.txt',
    ],
  ])('is %s', async (_, content, range, file) => {
    expect(await pinOf(content)).toMatchObject({ range, file });
  });

  it('must not be older than 0.5', async () => {
    await expect(pinOf({ 'requirements.txt': 'haute==0.4.1' })).rejects.toThrow(/wants Haute 0.4.1.*HAUTE-TOO-OLD/);
  });
});

describe('the version of Haute that is packaged', () => {
  it.each([
    ['the default where nothing is said', '', undefined, '0.6.0'],
    ['the pinned one', '==0.5.2', undefined, '0.5.2'],
    ['the newest known one in a range', '>=0.5,<0.6', undefined, '0.5.2'],
    ['another of a known series', '==0.5.1', undefined, '0.5.1'],
    ['the installed one', '>=0.5', '0.5.2', '0.5.2'],
  ])('is %s', async (_, range, installed, version) => {
    const chosen = chooseHaute({ range, file: 'requirements.txt', lock: undefined }, installed);
    expect(chosen.version).toBe(version);
    expect(chosen.lock.packages.get('haute')?.version).toBe(version);
  });

  it.each([
    ['a pin of an unknown series', '==0.7.0', undefined],
    ['a range without a known version', '>=0.7', undefined],
    ['an installed one of an unknown series', '', '1.0.0'],
  ])('is not guessed for %s', (_, range, installed) => {
    expect(() => chooseHaute({ range, file: undefined, lock: undefined }, installed)).toThrow(/HAUTE-UNLISTED/);
  });

  it("comes with the project's own lock where it has one", async () => {
    const pin = await pinOf({ 'uv.lock': UV_LOCK });
    expect(chooseHaute(pin).lock.source).toBe('uv.lock');
  });
});
