import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../../shared/errors.ts';
import { engineOn, env, exec, Folders, options } from './bench.ts';

const folders = new Folders();
afterAll(() => folders.remove());

const IS_ROOT = process.getuid?.() === 0;

/** A project whose own code does this when the engine reads it. */
function projectThat(does: string): { readonly root: string; pid(): number } {
  const root = folders.project('tables');
  const pidFile = join(root, '../pid');
  const utility = join(root, 'rating/utility/rounding.py');
  const before = ['import os, sys, time', `open(${JSON.stringify(pidFile)}, "w").write(str(os.getpid()))`, does];
  writeFileSync(utility, `${before.join('\n')}\n${readFileSync(utility, 'utf8')}`);
  return { root, pid: () => Number(readFileSync(pidFile, 'utf8')) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  return (error as ProviderError).problem;
}

describe('an engine that misbehaves', () => {
  it('may print what it likes', async () => {
    const lies = '{\\"type\\": \\"resolved\\", \\"nodesKept\\": []}';
    const { root } = projectThat(
      `print("${lies}"); sys.stderr.write("\\x00\\x1b[31m garbage"); sys.stdout.buffer.write(b"\\xff\\xfe\\n")`,
    );
    const said: string[] = [];
    const resolved = await engineOn(root).resolve(options(said));
    expect(resolved.nodesKept).toContain('underwriting');
    expect(said.join('\n')).toContain('nodesKept');
  });

  it('is told of when it is killed', async () => {
    const { root } = projectThat('os.kill(os.getpid(), 9)');
    expect(await failureOf(engineOn(root).resolve(options()))).toMatchObject({ code: 'ENGINE-KILLED' });
  });

  it('is told of when it just ends', async () => {
    const { root } = projectThat('os._exit(0)');
    expect(await failureOf(engineOn(root).resolve(options()))).toMatchObject({ code: 'ENGINE-NO-ANSWER' });
  });

  it('is ended when it hangs', async () => {
    const { root, pid } = projectThat('time.sleep(600)');
    const problem = await failureOf(engineOn(root, {}, { timeouts: { bridge: 8_000 } }).resolve(options()));
    expect(problem).toMatchObject({ code: 'ENGINE-TIMEOUT' });
    expect(isAlive(pid())).toBe(false);
  });

  it('is ended with the step that asked', async () => {
    const { root, pid } = projectThat('time.sleep(600)');
    const cancel = new AbortController();
    const dir = join(folders.empty(), 'package');
    const packaging = engineOn(root).package(dir, options([], cancel.signal));
    const outcome = packaging.catch((thrown: unknown) => thrown);
    while (!existsSync(join(root, '../pid'))) await new Promise((resolve) => setTimeout(resolve, 50));
    cancel.abort();
    expect(await outcome).toBeInstanceOf(Interrupted);
    expect(isAlive(pid())).toBe(false);
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a server that is being accepted', () => {
  it('is ended with the step that asked', async () => {
    const { root, pid } = projectThat('');
    const engine = engineOn(root);
    const pkg = await engine.package(join(folders.empty(), 'package'), options());
    const cancel = new AbortController();
    // The packaged copy of the user's code notes its own process.
    rmSync(join(root, '../pid'));
    const quote = { quote_id: 1, driver_age: 30, region: 'Wales', vehicle_value: 1000 };
    const quotes = Array.from({ length: 2000 }, (_, index) => ({
      file: 'q.json',
      index,
      description: undefined,
      input: quote,
      expected: undefined,
      tolerance: undefined,
    }));
    const answers = quotes.map(() => ({ ok: true as const, row: { quote_id: 1, premium: 287 }, ms: 1 }));
    const outcome = engine.accept(pkg, quotes, answers, options([], cancel.signal)).catch((thrown: unknown) => thrown);
    while (!existsSync(join(root, '../pid'))) await new Promise((resolve) => setTimeout(resolve, 50));
    cancel.abort();
    expect(await outcome).toBeInstanceOf(Interrupted);
    expect(isAlive(pid())).toBe(false);
  });
});

describe('a full disk', () => {
  /** A disk of so many bytes. */
  async function withDisk(bytes: number, work: (dir: string) => Promise<void>): Promise<void> {
    const dir = folders.empty();
    const run = (...argv: readonly [string, ...string[]]) =>
      exec.run({ argv, cwd: '/', env, timeoutMs: 20_000, signal: new AbortController().signal });
    const mounted = await run('mount', '-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', dir);
    expect(mounted).toMatchObject({ code: 0 });
    try {
      await work(dir);
    } finally {
      await run('umount', '--lazy', dir);
    }
  }

  it.skipIf(!IS_ROOT)('under a package is told of, and no half package is left', async () => {
    const root = folders.project('modelled');
    const engine = engineOn(root);
    await engine.resolve(options());
    await withDisk(32_768, async (disk) => {
      const problem = await failureOf(engine.package(join(disk, 'package'), options()));
      expect(problem).toMatchObject({ code: 'DISK-FULL', what: expect.stringMatching(/cannot write/) });
      expect(readdirSync(disk)).toEqual([]);
    });
  });

  it.skipIf(!IS_ROOT)('under the environments is told of, and none is left', async () => {
    await withDisk(8 * 1024 * 1024, async (disk) => {
      const problem = await failureOf(engineOn(folders.project('tables'), {}, { cacheDir: disk }).resolve(options()));
      expect(problem).toMatchObject({ code: 'DISK-FULL' });
      expect(readdirSync(disk).filter((name) => !name.endsWith('.lock'))).toEqual([]);
    });
  });
});

describe('a machine without a fitting Python', () => {
  /** Programs of the test's own, and none of the machine's but the shell. */
  function pathWith(programs: Readonly<Record<string, string>>): Record<string, string> {
    const bin = folders.empty();
    for (const [name, text] of Object.entries(programs))
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return { PATH: bin, HOME: folders.empty() };
  }

  const OLD = `echo 'haute-probe {"python": "3.9.7", "executable": "/py", "base": "/py", "platform": "linux-x86_64", "haute": null}'`;

  it.each<[string, Record<string, string>, string | undefined, string]>([
    ['has none', {}, undefined, 'PYTHON-NOT-FOUND'],
    ['has an old one', { python3: OLD }, undefined, 'PYTHON-TOO-OLD'],
    ['was told of one that is not there', {}, '/opt/none/bin/python', 'PYTHON-NOT-FOUND'],
    ['was told of one without Haute', { py: OLD.replace('3.9.7', '3.12.7') }, 'py', 'HAUTE-MISSING'],
    [
      'was told of one with an old Haute',
      { py: OLD.replace('3.9.7', '3.12.7').replace('null', '"0.4.1"') },
      'py',
      'HAUTE-TOO-OLD',
    ],
  ])('is told so when it %s', async (_, programs, python, code) => {
    const engine = engineOn(folders.project('tables'), {}, { env: pathWith(programs), python });
    await expect(engine.resolve(options())).rejects.toThrow(new RegExp(code));
  });
});

describe("the project's own environment", () => {
  it('is used where it has Haute, whatever else is on the machine', async () => {
    const root = folders.project('tables');
    const said: string[] = [];
    await engineOn(root).resolve(options(said));
    // An environment that was made for a project is one with Haute.
    const made = /Haute 0\.6\.0 on Python \S+ \(engine environment\)/;
    expect(said.some((line) => made.test(line))).toBe(true);

    const own = folders.project('tables');
    mkdirSync(join(own, '.venv'));
    const plan = await engineOn(root).servePlan(
      await engineOn(root).package(join(folders.empty(), 'p'), options()),
      options(),
    );
    const [python = ''] = plan.argv;
    symlinkSync(join(python, '..'), join(own, '.venv/bin'));
    symlinkSync(join(python, '../../lib'), join(own, '.venv/lib'));
    symlinkSync(join(python, '../../pyvenv.cfg'), join(own, '.venv/pyvenv.cfg'));
    const heard: string[] = [];
    const resolved = await engineOn(own).resolve(options(heard));
    expect(resolved.engine.version).toBe('0.6.0');
    expect(heard).toContainEqual(expect.stringMatching(/\(\.venv\)$/));
  });
});
