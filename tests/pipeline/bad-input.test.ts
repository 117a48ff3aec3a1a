import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliProject, type Ended, REPOSITORY } from './cli.ts';

const FIXTURE = join(REPOSITORY, 'tests/fixtures/motor-pricing');
const QUOTES = 'tests/quotes/example.json';
const MIB = 2 ** 20;
/** Nobody listens there: port 9 is for throwing away, and closed. */
const NOWHERE = ['--staging-url', 'http://127.0.0.1:9', '--production-url', 'http://127.0.0.1:10'] as const;

/** What a refusal must say. */
interface Refusal {
  readonly exit: 1 | 2 | 3;
  readonly code: string;
  /** As the message begins: `haute.toml:3:1`. */
  readonly at?: string;
  readonly fix: RegExp;
}

/** Temporary folder of the steps: what they leave in it is theirs. */
let temp: string;

beforeAll(() => {
  temp = mkdtempSync(join(realpathSync(tmpdir()), 'haute-bad-input-'));
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

/** What takes back the changes of a test. */
const undone: (() => unknown)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  while (undone.length > 0) undone.pop()?.();
});

/** Runs a step, and holds it to what every refusal must be. */
async function refuse(project: CliProject, step: string, flags: readonly string[], refusal: Refusal): Promise<Ended> {
  const before = tree(project);
  vi.stubEnv('TMPDIR', temp);
  const ended = await project.step(step, ...flags);
  expectRefused(ended, step, refusal);
  expect({ left: readdirSync(temp), running: stillRunning(), tree: tree(project) }).toEqual({
    left: [],
    running: [],
    tree: before,
  });
  return ended;
}

function expectRefused({ code, stdout, stderr }: Ended, step: string, { exit, code: named, at, fix }: Refusal): void {
  expect(code, stderr).toBe(exit);
  expect(stdout).toBe(`${JSON.stringify({ step, result: exit === 1 ? 'fail' : 'error', outputs: {} })}\n`);
  const error = stderr.slice(stderr.indexOf('error: '));
  expect(error).toContain(`[${named}]`);
  if (at !== undefined) expect(error).toContain(`error: ${at}: `);
  expect(error).toMatch(fix);
  expect(error).toContain(`\nSee https://github.com/haute/deploy/blob/main/docs/errors.md#${named.toLowerCase()}\n`);
  expect(stderr, 'a stack is for our own defects').not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

/** The project's files, without the environments and caches of the engine, which are to stay. */
function tree(project: CliProject): readonly string[] {
  const pruned = ['(', '-path', '*/.haute/engine', '-o', '-name', '.haute_cache', ')', '-prune', '-o', '-print'];
  return execFileSync('find', [project.dir, ...pruned], { encoding: 'utf8' })
    .split('\n')
    .toSorted();
}

/** Processes that were started by a step, directly or not: they have its temporary folder in their environment. */
function stillRunning(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .flatMap((pid) => {
      try {
        const started = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`TMPDIR=${temp}`);
        return started ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        return [];
      }
    });
}

/** Changes a file of the project until the end of the test. */
function edit(project: CliProject, file: string, change: (text: string) => string): void {
  const path = project.path(file);
  const before = readFileSync(path, 'utf8');
  chmodSync(path, 0o644);
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  undone.push(() => writeFileSync(path, before));
}

describe('a project that cannot be read', () => {
  let project: CliProject;
  beforeEach(() => {
    project = new CliProject(FIXTURE);
    undone.push(() => rmSync(resolve(project.dir, '..'), { recursive: true, force: true }));
  });

  const toml = (change: (text: string) => string) => () => edit(project, 'haute.toml', change);
  const quotes = (text: string) => () => edit(project, QUOTES, () => text);

  it.each<[string, () => void, Omit<Refusal, 'exit'>]>([
    [
      'no haute.toml',
      () => rmSync(project.path('haute.toml')),
      { code: 'TOML-MISSING', at: 'haute.toml', fix: /Name the folder that holds haute\.toml/ },
    ],
    [
      'an empty haute.toml',
      toml(() => ''),
      { code: 'TOML-EMPTY', at: 'haute.toml:1', fix: /Write at least \[project\]/ },
    ],
    [
      'a haute.toml of 40 MiB',
      () => truncateSync(project.path('haute.toml'), 40 * MIB),
      { code: 'FILE-TOO-LARGE', at: 'haute.toml', fix: /40 MiB.*Check that it is the right file/ },
    ],
    [
      'a haute.toml that is Latin-1',
      () => writeFileSync(project.path('haute.toml'), Buffer.from('[project]\nname = "caf\xe9"\n', 'latin1')),
      { code: 'FILE-NOT-UTF8', at: 'haute.toml:2', fix: /byte 0xE9.*Save the file as UTF-8/ },
    ],
    [
      'a haute.toml with a slip',
      toml((text) => text.replace('name = "motor-pricing"', 'name = motor-pricing')),
      { code: 'TOML-SYNTAX', at: 'haute.toml:2:8', fix: /Correct the line/ },
    ],
    [
      'a folder named haute.toml',
      () => {
        rmSync(project.path('haute.toml'));
        mkdirSync(project.path('haute.toml'));
      },
      { code: 'FILE-WRONG-KIND', at: 'haute.toml', fix: /Remove the folder/ },
    ],
    [
      'a misspelt key',
      toml((text) => text.replace('model_name', 'modelname')),
      { code: 'TOML-UNKNOWN-KEY', at: 'haute.toml:7:1', fix: /Did you mean 'model_name'\?/ },
    ],
    [
      'a pipeline path that leaves the project',
      toml((text) => text.replace('rating/main.py', '../main.py')),
      { code: 'TOML-BAD-VALUE', at: 'haute.toml:3:1', fix: /Write a path relative to the folder of haute\.toml/ },
    ],
    [
      'a pipeline folder that is a link out of the project',
      () => {
        renameSync(project.path('rating'), join(project.dir, '../rating'));
        symlinkSync('../rating', project.path('rating'));
      },
      { code: 'PATH-OUTSIDE-PROJECT', at: 'haute.toml:3:1', fix: /Put the file itself into the project/ },
    ],
    [
      'a pipeline that is not there',
      () => rmSync(project.path('rating/main.py')),
      { code: 'PIPELINE-MISSING', at: 'haute.toml:3:1', fix: /Write the path of the pipeline to "pipeline"/ },
    ],
    [
      'quotes that are not an array',
      quotes('{"driver_age": 22}'),
      { code: 'QUOTES-NOT-ARRAY', at: `${QUOTES}:1`, fix: /Put the quotes between \[ and \]/ },
    ],
    [
      'quotes that are not objects',
      quotes('[\n  {"driver_age": 22},\n  22\n]'),
      { code: 'QUOTES-NOT-OBJECT', at: `${QUOTES}:3:3`, fix: /Write each quote as/ },
    ],
    [
      'quotes with NaN',
      quotes('[{"driver_age": NaN}]'),
      { code: 'QUOTES-SYNTAX', at: `${QUOTES}:1:17`, fix: /NaN is not JSON.*Correct the JSON/ },
    ],
    [
      'quotes of 50 MiB',
      () => truncateSync(project.path(QUOTES), 50 * MIB),
      { code: 'FILE-TOO-LARGE', at: QUOTES, fix: /50 MiB, more than the 8 MiB/ },
    ],
    [
      'no quotes',
      () => rmSync(project.path('tests'), { recursive: true }),
      { code: 'QUOTES-MISSING', at: 'haute.toml:16:1', fix: /Put golden quotes into tests\/quotes/ },
    ],
    [
      'a policy with a limit that is no percentage',
      () => writeFileSync(project.path('haute.release.toml'), '[gates.impact]\nmean_change = { fail = 5 }\n'),
      { code: 'TOML-BAD-VALUE', at: 'haute.release.toml:2:17', fix: /Write "5%" if that is what you mean/ },
    ],
  ])('%s', async (_, make, refusal) => {
    make();
    await refuse(project, 'validate', [], { exit: 2, ...refusal });
  });

  it('is told everything that is wrong with it at once', async () => {
    edit(project, 'haute.toml', (text) => text.replace('model_name', 'modelname').replace('8080', '"8080"'));
    edit(project, QUOTES, () => '[1]');
    vi.stubEnv('TMPDIR', temp);
    const { code, stderr } = await project.step('validate');
    const told = [...stderr.matchAll(/^error: (\S+): .*\[([A-Z-]+)\]$/gm)].map(([, at, named]) => [at, named]);
    expect(code).toBe(2);
    expect(told).toEqual([
      ['haute.toml:12:1', 'TOML-BAD-VALUE'],
      ['haute.toml:7:1', 'TOML-UNKNOWN-KEY'],
      ['tests/quotes/example.json:1:2', 'QUOTES-NOT-OBJECT'],
    ]);
  });

  it.each<[string, string, readonly string[], string, Omit<Refusal, 'exit'>]>([
    [
      'without the key',
      'policy_no,driver_age\n1,22\n',
      ['--key', 'quote_id'],
      'portfolio.csv',
      {
        code: 'PORTFOLIO-NO-KEY',
        at: 'portfolio.csv',
        fix: /the columns are policy_no, driver_age.*Name a column that is there/,
      },
    ],
    [
      'with a broken line',
      'quote_id,driver_age\n1,22\n2,22,33\n',
      ['--key', 'quote_id'],
      'portfolio.csv',
      { code: 'PORTFOLIO-ROW', at: 'portfolio.csv:3', fix: /Check the quotes and the number of cells/ },
    ],
    [
      'that is not there',
      '',
      [],
      'elsewhere.csv',
      { code: 'PORTFOLIO-MISSING', fix: /there is no file elsewhere\.csv.*Check \[safety\] impact_dataset/ },
    ],
  ])('a portfolio %s', async (_, text, flags, dataset, refusal) => {
    writeFileSync(project.path('portfolio.csv'), text);
    await refuse(project, 'impact-report', [...NOWHERE, '--dataset', dataset, ...flags], { exit: 2, ...refusal });
  });

  it.each<[string, string, Omit<Refusal, 'exit'>]>([
    [
      'a Python that is too old',
      python('3.8.10', null),
      { code: 'PYTHON-TOO-OLD', fix: /is 3\.8\.10\. Install Python 3\.11 or newer/ },
    ],
    ['a Python without Haute', python('3.11.7', null), { code: 'HAUTE-MISSING', fix: /pip install haute/ }],
    [
      'a Haute that is too old',
      python('3.11.7', '0.4.1'),
      { code: 'HAUTE-TOO-OLD', fix: /has Haute 0\.4\.1; 0\.5 or newer is needed\. Install a newer Haute/ },
    ],
    [
      'a Python that does not run',
      '#!/bin/sh\nexit 3\n',
      { code: 'PYTHON-NOT-FOUND', fix: /exit code 3\. Correct the python input/ },
    ],
  ])('%s', async (_, script, refusal) => {
    writeFileSync(project.path('a-python'), script, { mode: 0o755 });
    await refuse(project, 'validate', ['--python', './a-python'], { exit: 2, ...refusal });
  });

  it('a project that wants a Haute that is too old', async () => {
    writeFileSync(project.path('requirements.txt'), 'haute==0.3.0\n');
    const fix = /wants Haute 0\.3\.0; 0\.5 or newer is needed\. Move the project to a newer Haute/;
    await refuse(project, 'validate', [], { exit: 2, code: 'HAUTE-TOO-OLD', at: 'requirements.txt', fix });
  });

  it('inputs that are misspelt or no value, together, named as they were written', async () => {
    const { code, stdout, stderr } = await project.step('validate', '--quotez', 'x', '--timeout', 'soon');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '{"step":"validate","result":"error","outputs":{}}\n' });
    expect(stderr).toMatch(/--quotez is not known here\. Did you mean --quotes\? \[INPUT-UNKNOWN\]/);
    expect(stderr).toMatch(/--timeout is "soon", not a duration\. .*\[INPUT-INVALID\]/);
  });
});

/** A program that answers the engine's probe as such a Python would. */
function python(version: string, haute: string | null): string {
  const answer = { python: version, base: '/usr/bin/python3', platform: 'linux-x86_64', haute };
  return `#!/bin/sh\necho 'haute-probe ${JSON.stringify(answer)}'\n`;
}

describe('a project that was built', () => {
  let project: CliProject;
  const release = () => project.path('.haute/release.json');

  beforeAll(async () => {
    project = new CliProject(FIXTURE);
    for (const step of ['validate', 'build-push']) {
      const { code, stderr } = await project.step(step);
      expect(code, stderr).toBe(0);
    }
  });
  afterAll(() => project.dispose());

  it('refuses a pipeline that is not Python, at the line', async () => {
    edit(project, 'rating/main.py', (text) => text.replace('320.0 *', '(320.0 *'));
    const fix = /the pipeline is not Python.*Correct the pipeline; `haute lint` shows the same/;
    await refuse(project, 'validate', [], { exit: 2, code: 'PIPELINE-INVALID', at: 'rating/main.py:21:19', fix });
  });

  it('refuses a pipeline whose artifact is missing, by its path', async () => {
    const file = project.path('rating/data/sample_quotes.parquet');
    renameSync(file, join(project.dir, '../artifact'));
    undone.push(() => renameSync(join(project.dir, '../artifact'), file));
    const fix = /rating\/data\/sample_quotes\.parquet\. Put the file there and commit it/;
    await refuse(project, 'validate', [], { exit: 2, code: 'PIPELINE-FILE-MISSING', at: 'rating/main.py', fix });
  });

  it.each<[string, (text: string) => string, Omit<Refusal, 'at'>]>([
    [
      'evidence edited by hand',
      (text) => text.replace('"kind": "built"', '"kind": "smoked"'),
      { exit: 1, code: 'RELEASE-TAMPERED', fix: /evidence 1 \(smoked\) does not match its hash.*do not edit the file/ },
    ],
    [
      'evidence taken out',
      (text) => JSON.stringify({ ...JSON.parse(text), evidence: JSON.parse(text).evidence.slice(1) }),
      { exit: 1, code: 'RELEASE-TAMPERED', fix: /evidence 0 \(built\) does not follow the one before it/ },
    ],
    [
      'a core edited by hand',
      (text) => text.replace('"commit": null', '"commit": "0123456"'),
      { exit: 1, code: 'RELEASE-TAMPERED', fix: /the core of the release does not match its id/ },
    ],
    [
      'half of it',
      (text) => text.slice(0, text.length / 2),
      { exit: 2, code: 'RELEASE-BROKEN', fix: /is not JSON.*Run build-push again/ },
    ],
  ])('refuses a release file with %s', async (_, change, refusal) => {
    edit(project, '.haute/release.json', change);
    await refuse(project, 'approve-promote', ['--approve', 'a', '--approve', 'b'], {
      ...refusal,
      at: '.haute/release.json',
    });
  });

  describe.skipIf(!canMount())(
    'on a full disk (skipped where no disk can be mounted: that takes root on Linux)',
    () => {
      it.each([
        [
          'where packages are stored',
          '.haute/local/packages',
          /cannot copy to .*\.incoming-.*Free some space on that disk/,
        ],
        ['where releases are kept', '.haute/releases', /cannot write .*Free some space on that disk/],
      ])('%s: stores nothing, and the release is the one before', async (_, folder, fix) => {
        const before = readFileSync(release(), 'utf8');
        fullDisk(project.path(folder));
        vi.stubEnv('TMPDIR', temp);
        expectRefused(await project.step('build-push'), 'build-push', { exit: 3, code: 'DISK-FULL', fix });
        expect(readdirSync(project.path(folder)).toSorted()).toEqual(['fill']);
        expect(readdirSync(temp)).toEqual([]);
        expect(readFileSync(release(), 'utf8')).toBe(before);
      });

      it('where temporary files go: changes nothing', async () => {
        fullDisk(temp);
        vi.stubEnv('TMPDIR', temp);
        const ended = await project.step('validate');
        expectRefused(ended, 'validate', { exit: 3, code: 'DISK-FULL', fix: /Free some space on that disk/ });
        expect(readdirSync(temp)).toEqual(['fill']);
      });
    },
  );

  it('refuses an address whose port is in use, and leaves no deployment', async () => {
    const { port, close } = await listen();
    undone.push(close, () => rmSync(project.path('haute.release.toml')));
    writeFileSync(project.path('haute.release.toml'), `[targets.local]\nports = { staging = ${port} }\n`);
    const ended = await project.step('deploy-staging');
    const fix = new RegExp(`port ${port} on 127\\.0\\.0\\.1, the address of the environment staging.*set another port`);
    expectRefused(ended, 'deploy-staging', { exit: 2, code: 'LOCAL-PORT-IN-USE', fix });
    expect((await status()).environments).toEqual([]);
    await expect.poll(servers, { timeout: 30_000 }).toBe(0);
  });

  it('lets one of two promotions at once through, refuses the other, and ends what it started', async () => {
    const first = project.start('deploy-staging');
    await first.sees(/: (?:deploying|loading), /);
    const second = await project.step('deploy-staging');
    // Which of the two is faster is the machine's affair; that only one passes is ours.
    const both = [await first.ended, second];
    const [passed, ...more] = both.filter(({ code }) => code === 0);
    const [refused] = both.filter(({ code }) => code !== 0);
    expect(more, 'both passed').toEqual([]);
    expect(passed, both.map(({ stderr }) => stderr).join('\n')).toBeDefined();
    expect(refused).toMatchObject({ code: 1, json: { step: 'deploy-staging', result: 'fail', outputs: {} } });
    expect(refused?.stderr).toMatch(/\[(?:ENVIRONMENT-MOVED|PROMOTION-ACTIVE)\]/);
    const { environments } = await status();
    expect(environments.map(({ weights }) => weights)).toEqual([
      { [passed?.json?.outputs['deployment-id'] ?? '']: 100 },
    ]);
    await expect.poll(servers, { timeout: 30_000 }).toBe(1);
  });

  interface Status {
    readonly environments: readonly { readonly weights: Readonly<Record<string, number>> }[];
    readonly deployments: readonly { readonly pids: readonly number[] }[];
  }

  async function status(): Promise<Status> {
    return JSON.parse((await project.command('local', 'status', '--json')).stdout) as Status;
  }

  async function servers(): Promise<number> {
    return (await status()).deployments.flatMap(({ pids }) => pids).length;
  }
});

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const dir = mkdtempSync(join(tmpdir(), 'haute-mount-'));
  try {
    mountSmall(dir);
    execFileSync('umount', [dir]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function mountSmall(dir: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', dir], { stdio: 'ignore' });
}

/** Puts a small disk with no byte free in the place of a folder, until the end of the test. */
function fullDisk(dir: string): void {
  mkdirSync(dir, { recursive: true });
  mountSmall(dir);
  undone.push(() => execFileSync('umount', [dir]));
  try {
    writeFileSync(join(dir, 'fill'), Buffer.alloc(64 * 1024));
  } catch {
    // As much as there was room for was written.
  }
}

async function listen(): Promise<{ port: number; close: () => Server }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close: () => server.close() };
}
