import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { DUCKDB_VERSION } from '../../shared/portfolio/duckdb/duckdb.ts';
import { DUCKDB_LOCK } from '../../shared/portfolio/duckdb/duckdb-lock.ts';
import { createDuckDbSource, machine } from '../../shared/portfolio/duckdb/duckdb-source.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';

const signal = new AbortController().signal;
const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));

let folder = '';
let said: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-install-'));
  said = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program that lies where no `node_modules` is. */
function portfolios(
  more: Readonly<Record<string, string>> = {},
  here = folder,
  exec = new NodeExec(new Redactor()),
): FilePortfolios {
  const say = (line: string): void => void said.push(line);
  const cache = join(folder, 'cache');
  const source = createDuckDbSource({
    exec,
    env: { ...env, ...more },
    here,
    say,
    cache,
  });
  return new FilePortfolios(undefined, { ...source, smallBytes: 0 });
}

/** Values that come again, and no dictionary: DuckDB gives it one. */
async function writeBook(path: string): Promise<void> {
  const columnData = ['a', 'b'].map((name) => ({
    name,
    type: 'STRING' as const,
    encoding: 'PLAIN' as const,
    data: Array.from({ length: 1_000 }, (_, row) => `${name}${row % 7}`),
  }));
  await writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData })));
}

async function isReadByDuckDb(
  reader: 'auto' | 'duckdb' | 'built-in',
  from = portfolios(),
  root = folder,
): Promise<boolean> {
  const portfolio = await from.open({ root, dataset: 'book.parquet', key: 'a', reader }, signal);
  for await (const chunk of portfolio.rows({ signal })) return chunk.parts?.[0]?.columns[0]?.places !== undefined;
  return false;
}

describe('DuckDB', () => {
  beforeEach(async () => {
    await writeBook(join(folder, 'book.parquet'));
  });

  it('is installed only where it is asked for, and found from then on', async () => {
    expect(await isReadByDuckDb('auto')).toBe(false);
    expect(said).toEqual([]);
    expect(await isReadByDuckDb('duckdb')).toBe(true);
    expect(said).toEqual([`installing @duckdb/node-api ${DUCKDB_VERSION}`]);
    expect(await readdir(join(folder, 'cache'))).toEqual([`duckdb-${DUCKDB_VERSION}-${machine()}`]);
    expect(await isReadByDuckDb('auto')).toBe(true);
    expect(await isReadByDuckDb('built-in')).toBe(false);
    expect(said.length).toBe(1);
  });

  it('is never taken from the project, whose code must not run here', async () => {
    const planted = join(folder, 'project/node_modules/@duckdb/node-api');
    await mkdir(join(planted, 'lib'), { recursive: true });
    await writeFile(join(planted, 'package.json'), JSON.stringify({ version: DUCKDB_VERSION, type: 'module' }));
    await writeFile(join(planted, 'lib/index.js'), 'globalThis.isPlanted = true; export const DuckDBInstance = {};\n');
    await writeBook(join(folder, 'project/book.parquet'));
    expect(await isReadByDuckDb('auto', portfolios({}, join(folder, 'program')), join(folder, 'project'))).toBe(false);
    expect('isPlanted' in globalThis).toBe(false);
  });

  it('is said not to be there where npm cannot install it, and nothing is left behind', async () => {
    const offline = portfolios({ npm_config_offline: 'true', npm_config_cache: join(folder, 'npm') });
    await expect(isReadByDuckDb('duckdb', offline)).rejects.toMatchObject({
      problem: { code: 'DUCKDB-NOT-INSTALLED' },
    });
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('is installed with what is for this machine, although npm is told to leave out what is optional', async () => {
    expect(await isReadByDuckDb('duckdb', portfolios({ npm_config_omit: 'optional' }))).toBe(true);
  });

  it('is not kept where it does not run', async () => {
    const broken = new NodeExec(new Redactor());
    const run = broken.run.bind(broken);
    broken.run = async (command) => {
      const result = await run(command);
      if (command.argv[0] === 'npm')
        await rm(join(command.cwd ?? '', 'node_modules/@duckdb/node-bindings'), { recursive: true });
      return result;
    };
    await expect(isReadByDuckDb('duckdb', portfolios({}, folder, broken))).rejects.toMatchObject({
      problem: { code: 'DUCKDB-NOT-INSTALLED', what: expect.stringContaining('does not run on this machine') },
    });
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('is kept apart for each kind of machine, which may share a home', () => {
    expect(
      machine({ platform: 'linux', arch: 'x64', report: () => ({ header: { glibcVersionRuntime: '2.36' } }) }),
    ).toBe('linux-x64-glibc');
    expect(machine({ platform: 'linux', arch: 'arm64', report: () => ({ header: {} }) })).toBe('linux-arm64-musl');
    expect(machine({ platform: 'darwin', arch: 'arm64', report: () => ({ header: {} }) })).toBe('darwin-arm64');
  });

  it('is installed with the very packages that the project was tested with', async () => {
    const lock = JSON.parse(await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
      packages: Record<string, Record<string, unknown>>;
    };
    const names = Object.keys(lock.packages).filter((name) => /^node_modules\/(@duckdb\/|detect-libc$)/.test(name));
    expect(Object.keys(DUCKDB_LOCK)).toEqual(names);
    for (const [name, pinned] of Object.entries(DUCKDB_LOCK)) expect(lock.packages[name]).toMatchObject(pinned);
  });
});
