import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../errors.ts';
import { type HautePin, OLDEST_HAUTE } from './lock/haute-pin.ts';
import { compareVersions, inRange } from './lock/pep440.ts';
import { type Probe, probePython, tryRun } from './probe.ts';
import type { EngineTools, Python } from './tools.ts';

export const OLDEST_PYTHON = '3.11';
/** What uv may fetch where the machine has no Python of its own that is new enough. */
const FETCHED_PYTHON = '>=3.11,<3.14';

export interface PythonSearch {
  /** The `python` input: a path, a name on PATH, or a command such as `uv run python`. */
  readonly input: string | undefined;
  readonly pin: HautePin;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export type FoundPython =
  /** It has a Haute that the project can be used with. */
  | { readonly kind: 'with-haute'; readonly python: Python & { readonly haute: string } }
  /** New enough to make an environment from. */
  | { readonly kind: 'bare'; readonly python: Python };

/**
 * The Python to resolve the project with: the one that was asked for, else the project's own environment, else the one
 * on PATH where it has Haute; else a Python to make an environment from. The project's own choice wins, so that what
 * its people see on their machines is what is packaged.
 * @throws ConfigError PYTHON-NOT-FOUND, PYTHON-TOO-OLD, HAUTE-MISSING, HAUTE-TOO-OLD, HAUTE-VERSION-DIFFERS
 */
export async function findPython(tools: EngineTools, search: PythonSearch): Promise<FoundPython> {
  if (search.input !== undefined) return { kind: 'with-haute', python: await askedFor(tools, search, search.input) };
  const own = (await projectVenv(tools, search)) ?? (await uvEnvironment(tools, search));
  if (own?.haute !== undefined)
    return { kind: 'with-haute', python: suitable({ ...own, haute: own.haute }, search.pin) };
  return onPath(tools, search, own);
}

/**
 * A Python to make environments from, whether or not it has Haute: looked for in the same order.
 * @throws ConfigError PYTHON-NOT-FOUND, PYTHON-TOO-OLD
 */
export async function findBasePython(tools: EngineTools, search: PythonSearch): Promise<Python> {
  if (search.input !== undefined) return newEnough(tools, search, search.input);
  const own = (await projectVenv(tools, search)) ?? (await uvEnvironment(tools, search));
  return own ?? (await onPath(tools, search, own)).python;
}

/** Nothing but this one will do. */
async function askedFor(tools: EngineTools, search: PythonSearch, input: string): Promise<WithHaute> {
  const python = await newEnough(tools, search, input);
  if (python.haute !== undefined) return suitable({ ...python, haute: python.haute }, search.pin);
  throw new ConfigError({
    code: 'HAUTE-MISSING',
    what: `${python.from} is Python ${python.version} without Haute`,
    fix: 'Install Haute there (`pip install haute`), or leave the python input out: an environment is made then',
  });
}

async function newEnough(tools: EngineTools, search: PythonSearch, input: string): Promise<Python> {
  const argv = await argvOf(tools, input);
  const probe = await probePython(tools, argv, `the python input (${input})`, search.signal);
  if ('why' in probe) throw notFound(`${input}: ${probe.why}`, 'Correct the python input, or leave it out');
  if (isTooOld(probe.python)) throw tooOld([probe.python]);
  return probe.python;
}

async function argvOf({ files, root }: EngineTools, input: string): Promise<readonly [string, ...string[]]> {
  const path = isAbsolute(input) ? input : join(root, input);
  if (input.includes('/') && (await files.realPath(path)) !== undefined) return [path];
  const [program = input, ...rest] = input.trim().split(/\s+/);
  return [program, ...rest];
}

async function projectVenv(tools: EngineTools, search: PythonSearch): Promise<Python | undefined> {
  const path = join(tools.root, '.venv', 'bin', 'python');
  if ((await tools.files.realPath(path)) === undefined) return undefined;
  return usable(await probePython(tools, [path], '.venv', search.signal), '.venv', search);
}

/**
 * The environment that `uv run` would use, which may be that of a workspace around the project. It is asked for and not
 * run: `uv run` would install the whole of Haute, or make an empty .venv in the project.
 */
async function uvEnvironment(tools: EngineTools, search: PythonSearch): Promise<Python | undefined> {
  if (search.pin.file !== 'uv.lock' && search.pin.file !== 'pyproject.toml') return undefined;
  const argv = ['uv', 'python', 'find', '--no-python-downloads', '--project', tools.root] as const;
  const found = await tryRun(tools, argv, search.signal);
  const path = 'why' in found ? '' : found.stdout.trim();
  if (path === '') return undefined;
  return usable(await probePython(tools, [path], 'uv', search.signal), 'uv', search);
}

async function onPath(tools: EngineTools, search: PythonSearch, own: Python | undefined): Promise<FoundPython> {
  const seen = own ? [own] : [];
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11']) {
    const probe = await probePython(tools, [name], name, search.signal);
    if (!('python' in probe)) continue;
    const { python } = probe;
    seen.push(python);
    if (isTooOld(python)) continue;
    if (python.haute === undefined || faultOf({ ...python, haute: python.haute }, search.pin)) break;
    return { kind: 'with-haute', python: { ...python, haute: python.haute } };
  }
  const base = seen.find((python) => !isTooOld(python)) ?? (await fetched(tools, search));
  if (base) return { kind: 'bare', python: base };
  if (seen.length > 0) throw tooOld(seen);
  throw notFound('there is no Python on this machine', 'Install Python 3.11 or newer, or uv, which fetches one');
}

async function fetched(tools: EngineTools, { signal }: PythonSearch): Promise<Python | undefined> {
  const argv = ['uv', 'run', '--quiet', '--no-project', '--python', FETCHED_PYTHON, 'python'] as const;
  const probe = await probePython(tools, argv, 'uv', signal);
  return 'python' in probe && !isTooOld(probe.python) ? probe.python : undefined;
}

/** An environment of the project's that is broken or holds an old Python is passed over, and said to be. */
function usable(probe: Probe, from: string, search: PythonSearch): Python | undefined {
  if ('python' in probe && !isTooOld(probe.python)) return probe.python;
  search.progress(`${from} is not used: ${'why' in probe ? probe.why : `it is Python ${probe.python.version}`}`);
  return undefined;
}

type WithHaute = Python & { readonly haute: string };

function suitable(python: WithHaute, pin: HautePin): WithHaute {
  const fault = faultOf(python, pin);
  if (fault) throw fault;
  return python;
}

function faultOf({ from, haute }: WithHaute, { range, file }: HautePin): ConfigError | undefined {
  if (compareVersions(haute, OLDEST_HAUTE) < 0) {
    return new ConfigError({
      code: 'HAUTE-TOO-OLD',
      what: `${from} has Haute ${haute}; ${OLDEST_HAUTE} or newer is needed`,
      fix: 'Install a newer Haute there',
    });
  }
  if (inRange(haute, range)) return undefined;
  return new ConfigError({
    code: 'HAUTE-VERSION-DIFFERS',
    what: `${from} has Haute ${haute}, and the project wants haute${range}`,
    fix: 'Install what the project wants (`uv sync`, or `pip install -r requirements.txt`)',
    ...(file !== undefined && { place: { file } }),
  });
}

function isTooOld({ version }: Python): boolean {
  return compareVersions(version, OLDEST_PYTHON) < 0;
}

function tooOld(seen: readonly Python[]): ConfigError {
  const list = seen.map(({ from, version }) => `${from} is ${version}`).join(', ');
  return new ConfigError({
    code: 'PYTHON-TOO-OLD',
    what: `Haute needs Python ${OLDEST_PYTHON} or newer: ${list}`,
    fix: `Install Python ${OLDEST_PYTHON} or newer, or uv, which fetches one; or name another one with the python input`,
  });
}

function notFound(what: string, fix: string): ConfigError {
  return new ConfigError({ code: 'PYTHON-NOT-FOUND', what, fix });
}
