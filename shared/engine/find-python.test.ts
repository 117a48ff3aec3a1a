import { beforeEach, describe, expect, it } from 'vitest';
import { FakeExec, type Program, python } from '../../tests/engine/fake-exec.ts';
import { MemoryFiles } from '../../tests/fakes/memory-files.ts';
import { ConfigError } from '../errors.ts';
import { findBasePython, findPython } from './find-python.ts';
import type { HautePin } from './lock/haute-pin.ts';
import { DEFAULT_TIMEOUTS, type EngineTools } from './tools.ts';

const VENV = '/p/.venv/bin/python';
const UV_FIND = 'uv python find';

let exec: FakeExec;
let files: MemoryFiles;
let said: string[];

beforeEach(() => {
  exec = new FakeExec();
  files = new MemoryFiles();
  said = [];
});

interface Machine {
  readonly [program: string]: Program;
}

function search(machine: Machine, input?: string, pin: Partial<HautePin> = {}) {
  for (const [name, program] of Object.entries(machine)) {
    exec.programs.set(name, program);
    if (name.startsWith('/')) files.content.set(name, new Uint8Array());
  }
  const tools: EngineTools = {
    exec,
    files,
    root: '/p',
    env: {},
    pythonDir: '/suite',
    cacheDir: '/p/.haute/engine',
    timeouts: DEFAULT_TIMEOUTS,
  };
  const options = {
    input,
    pin: { range: '', file: undefined, lock: undefined, ...pin },
    signal: new AbortController().signal,
    progress: (line: string) => said.push(line),
  };
  return { found: () => findPython(tools, options), base: () => findBasePython(tools, options) };
}

async function problem(machine: Machine, input?: string, pin?: Partial<HautePin>) {
  const error = await search(machine, input, pin)
    .found()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems[0];
}

describe('the Python that a project is resolved with', () => {
  it.each<[string, Machine, string | undefined, Partial<HautePin>, object]>([
    [
      'the one that was asked for, whatever else there is',
      { '/opt/py': python('3.12.1', '0.6.0'), [VENV]: python('3.11.2', '0.5.2') },
      '/opt/py',
      {},
      { argv: ['/opt/py'], haute: '0.6.0' },
    ],
    ['a name on PATH', { 'python3.12': python('3.12.1', '0.6.0') }, 'python3.12', {}, { argv: ['python3.12'] }],
    [
      'a path in the project',
      { '/p/env/bin/python': python('3.12.1', '0.6.0') },
      'env/bin/python',
      {},
      { argv: ['/p/env/bin/python'] },
    ],
    [
      'a command',
      { 'uv run python': python('3.12.1', '0.6.0') },
      'uv run python',
      {},
      { argv: ['uv', 'run', 'python'] },
    ],
    [
      "the project's environment before the one on PATH",
      { [VENV]: python('3.11.2', '0.5.2'), python3: python('3.12.1', '0.6.0') },
      undefined,
      {},
      { argv: [VENV], from: '.venv' },
    ],
    [
      "uv's environment, which may be that of a workspace",
      { [UV_FIND]: () => ({ stdout: '/w/.venv/bin/python\n' }), '/w/.venv/bin/python': python('3.11.2', '0.6.0') },
      undefined,
      { file: 'pyproject.toml', range: '>=0.5' },
      { argv: ['/w/.venv/bin/python'], from: 'uv' },
    ],
    [
      'the one on PATH where it has Haute',
      { python3: python('3.11.2', '0.6.0') },
      undefined,
      {},
      { argv: ['python3'] },
    ],
    [
      'a newer one where the first is old',
      { python3: python('3.9.2'), 'python3.12': python('3.12.1', '0.6.0') },
      undefined,
      {},
      { argv: ['python3.12'] },
    ],
  ])('is %s', async (_, machine, input, pin, expected) => {
    expect(await search(machine, input, pin).found()).toMatchObject({ kind: 'with-haute', python: expected });
  });

  it.each<[string, Machine, Partial<HautePin>, string]>([
    ['there is no Haute', { python3: python('3.11.2') }, {}, 'python3'],
    ['the environment of the project has none', { [VENV]: python('3.12.2'), python3: python('3.11.2') }, {}, VENV],
    [
      "the one on PATH has an old one, which is not the project's",
      { python3: python('3.11.2', '0.4.1') },
      {},
      'python3',
    ],
    [
      'the one on PATH has another one than is wanted',
      { python3: python('3.11.2', '0.6.0') },
      { range: '==0.5.2' },
      'python3',
    ],
    ['uv has to fetch one', { python3: python('3.9.2'), 'uv run': python('3.13.1') }, {}, 'uv'],
  ])('is to be made where %s', async (_, machine, pin, from) => {
    const found = await search(machine, undefined, pin).found();
    expect(found).toMatchObject({ kind: 'bare' });
    expect(found.python.argv[0]).toBe(from);
  });

  it('passes over an environment that is broken or old, and says so', async () => {
    const broken: Program = () => ({ code: 1, stderr: 'Fatal: no module named encodings' });
    await search({ [VENV]: broken, python3: python('3.11.2', '0.6.0') }).found();
    expect(said).toEqual(['.venv is not used: Fatal: no module named encodings']);
  });

  it('is not run by uv, which would install or make an environment in the project', async () => {
    await search({ python3: python('3.11.2', '0.6.0') }, undefined, { file: 'uv.lock', range: '==0.6.0' }).found();
    expect(exec.commands.filter((line) => line.startsWith('uv run'))).toEqual([]);
  });
});

describe('a Python that will not do', () => {
  const garbage: Program = () => ({ stdout: 'Welcome to our shell!\n' });
  it.each<[string, Machine, string | undefined, Partial<HautePin>, string, RegExp]>([
    ['none at all', {}, undefined, {}, 'PYTHON-NOT-FOUND', /no Python on this machine/],
    [
      'none where it was said to be',
      {},
      '/opt/py',
      {},
      'PYTHON-NOT-FOUND',
      /^\/opt\/py: the program \/opt\/py is not here/,
    ],
    ['no Python', { '/bin/sh': garbage }, '/bin/sh', {}, 'PYTHON-NOT-FOUND', /does not answer as a Python does/],
    ['one that hangs', { py: () => ({ code: null, timedOut: true }) }, 'py', {}, 'PYTHON-NOT-FOUND', /does not end/],
    ['an old one', { python3: python('3.9.2') }, undefined, {}, 'PYTHON-TOO-OLD', /3\.11 or newer: python3 is 3\.9\.2/],
    [
      'an old one that was asked for',
      { py: python('3.10.1', '0.6.0') },
      'py',
      {},
      'PYTHON-TOO-OLD',
      /py\) is 3\.10\.1/,
    ],
    [
      'one without Haute that was asked for',
      { py: python('3.12.1') },
      'py',
      {},
      'HAUTE-MISSING',
      /3\.12\.1 without Haute/,
    ],
    [
      'an old Haute that was asked for',
      { py: python('3.12.1', '0.4.9') },
      'py',
      {},
      'HAUTE-TOO-OLD',
      /has Haute 0\.4\.9/,
    ],
    [
      'an old Haute in the project',
      { [VENV]: python('3.12.1', '0.4.9') },
      undefined,
      {},
      'HAUTE-TOO-OLD',
      /\.venv has Haute 0\.4\.9/,
    ],
    [
      'another Haute than is wanted',
      { [VENV]: python('3.12.1', '0.6.0') },
      undefined,
      { range: '==0.5.2', file: 'requirements.txt' },
      'HAUTE-VERSION-DIFFERS',
      /has Haute 0\.6\.0, and the project wants haute==0\.5\.2/,
    ],
  ])('is named: %s', async (_, machine, input, pin, code, what) => {
    expect(await problem(machine, input, pin)).toMatchObject({ code, what: expect.stringMatching(what), fix: /./ });
  });
});

describe('the Python that servers are made from', () => {
  it.each<[string, Machine, string | undefined, string]>([
    ['needs no Haute', { py: python('3.12.1') }, 'py', 'py'],
    ["is the project's", { [VENV]: python('3.12.1', '0.4.9'), python3: python('3.11.2') }, undefined, VENV],
    ['is the one on PATH', { python3: python('3.11.2', '0.4.9') }, undefined, 'python3'],
  ])('%s', async (_, machine, input, from) => {
    expect((await search(machine, input).base()).argv).toEqual([from]);
  });
});
