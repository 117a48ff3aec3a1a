import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engineOn, env, exec, Folders, options, quotesOf } from './bench.ts';

const folders = new Folders();
afterAll(() => folders.remove());

function run(cwd: string, ...argv: readonly [string, ...string[]]) {
  return exec.run({ argv, cwd, env, timeoutMs: 120_000, signal: new AbortController().signal });
}

const names = (requirements: readonly string[]) => requirements.map((line) => line.split('==')[0]);

describe('the requirements of a package', () => {
  it("are the versions of the project's uv.lock, and the same packages as those of the list that comes with the suite", async () => {
    const listed = folders.project('tables');
    writeFileSync(join(listed, 'requirements.txt'), 'haute==0.5.2\n');
    const locked = folders.project('tables');
    const pyproject = '[project]\nname = "motor"\nversion = "1"\nrequires-python = ">=3.11"\n';
    // Two versions that no resolution of today would choose.
    writeFileSync(
      join(locked, 'pyproject.toml'),
      `${pyproject}dependencies = ["haute==0.5.2", "anyio==4.10.0", "idna==3.10"]\n`,
    );
    expect(await run(locked, 'uv', 'lock', '--quiet')).toMatchObject({ code: 0 });

    const ours = await engineOn(listed).package(join(folders.empty(), 'p'), options());
    const theirs = await engineOn(locked).package(join(folders.empty(), 'p'), options());
    const lock = readFileSync(join(locked, 'uv.lock'), 'utf8');
    expect(theirs.requirements).toEqual(expect.arrayContaining(['anyio==4.10.0', 'idna==3.10', 'haute==0.5.2']));
    // A dependency of the older anyio.
    expect(names(theirs.requirements).filter((name) => name !== 'sniffio')).toEqual(names(ours.requirements));
    for (const line of theirs.requirements) {
      const [name, version] = line.split('==');
      expect(lock).toContain(`name = "${name}"\nversion = "${version}"`);
    }
  });
});

describe('data that Haute has loaded into its cache', () => {
  const QUOTES = quotesOf(
    { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000 },
    { quote_id: 2, driver_age: 61, region: 'Scotland', vehicle_value: 8000.5 },
  );

  /** A project whose regions are a CSV file, which Haute reads through a snapshot. */
  async function withSnapshot(folder: string, python: string): Promise<string> {
    const root = folders.project('tables', folder);
    const settings = join(root, 'rating/config/data_input/regions.json');
    writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll('parquet', 'csv'));
    const made = await run(root, python, join(import.meta.dirname, 'make-snapshot.py'), settings);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    rmSync(join(root, 'rating/data/regions.parquet'));
    return root;
  }

  it('is packaged as the rows that it is, wherever and whenever it was loaded, and is priced with', async () => {
    const other = engineOn(folders.project('tables'));
    const { argv } = await other.servePlan(await other.package(join(folders.empty(), 'p'), options()), options());
    const [python = ''] = argv;

    const engine = engineOn(await withSnapshot('here', python));
    const { warnings } = await engine.resolve(options());
    expect(warnings).toEqual(['node regions is packaged with the snapshot of its data that is in .haute_cache']);
    const answers = await engine.score(QUOTES, options());
    expect(answers.map((answer) => answer.ok && answer.row.premium)).toEqual([383.8, 262.8]);
    const pkg = await engine.package(join(folders.empty(), 'p'), options());
    await engine.accept(pkg, QUOTES, answers, options());

    const again = engineOn(await withSnapshot('there', python));
    expect((await again.package(join(folders.empty(), 'p'), options())).digest).toBe(pkg.digest);
  }, 120_000);
});
