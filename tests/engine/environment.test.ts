import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureEnvironment } from '../../shared/engine/environment.ts';
import { probePython } from '../../shared/engine/probe.ts';
import { DEFAULT_TIMEOUTS, type EngineTools, type Python } from '../../shared/engine/tools.ts';
import { Interrupted, ProviderError } from '../../shared/errors.ts';
import { env, exec, Folders, files, options, PYTHON_DIR } from './bench.ts';

const folders = new Folders();
afterAll(() => folders.remove());

/** Small, and of nothing but Python. */
const LIST = ['idna==3.10'];

let cacheDir: string;
let tools: EngineTools;
let base: Python;

beforeEach(async () => {
  cacheDir = folders.empty();
  tools = { exec, files, root: folders.empty(), env, pythonDir: PYTHON_DIR, cacheDir, timeouts: DEFAULT_TIMEOUTS };
  const probe = await probePython(tools, ['python3'], 'python3', new AbortController().signal);
  if ('why' in probe) throw new Error(probe.why);
  base = probe.python;
});

/** A uv that notes how it is called and then does this. */
function uvThat(does: string): { readonly env: Record<string, string>; calls(): readonly string[] } {
  const bin = folders.empty();
  const log = join(bin, 'calls');
  writeFileSync(join(bin, 'uv'), `#!/bin/sh\necho "$@" >> ${log}\n${does}\n`, { mode: 0o755 });
  return {
    env: { ...env, PATH: `${bin}${delimiter}${env.PATH}` },
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
  };
}

async function works(python: string): Promise<boolean> {
  const argv = [python, '-c', 'import idna; print(idna.__version__)'] as const;
  const { stdout } = await exec.run({ argv, cwd: '/', env, timeoutMs: 20_000, signal: new AbortController().signal });
  return stdout.trim() === '3.10';
}

const REAL_UV = 'PATH=$(echo "$PATH" | cut -d: -f2-) exec uv "$@"';

describe('an environment of the engine', () => {
  it('is made once, and used from then on without asking anyone', async () => {
    const uv = uvThat(REAL_UV);
    const made = await ensureEnvironment({ ...tools, env: uv.env }, base, LIST, options());
    expect(await works(made.python)).toBe(true);
    const before = uv.calls().length;
    const again = await ensureEnvironment({ ...tools, env: uv.env }, base, LIST, options());
    expect(again).toEqual(made);
    expect(uv.calls()).toHaveLength(before);
    expect(readdirSync(cacheDir).filter((name) => !name.endsWith('.lock'))).toEqual([
      made.dir.slice(cacheDir.length + 1),
    ]);
  });

  it('is made once for two that want it at the same time', async () => {
    const uv = uvThat(`[ "$1" = venv ] && sleep 1\n${REAL_UV}`);
    const said: string[] = [];
    const both = await Promise.all(
      [1, 2].map(() => ensureEnvironment({ ...tools, env: uv.env }, base, LIST, options(said))),
    );
    expect(both[0]).toEqual(both[1]);
    expect(uv.calls().filter((line) => line.startsWith('venv'))).toHaveLength(1);
    expect(said).toContain('waiting for another process that makes the same environment');
  });

  it('is another one for other packages and for another Python', async () => {
    const uv = uvThat('exit 0');
    const of = (python: Partial<Python>, list: readonly string[]) =>
      ensureEnvironment({ ...tools, env: uv.env }, { ...base, ...python }, list, options()).then(({ dir }) => dir);
    // That uv makes nothing: what counts is the name under which each would be.
    await Promise.allSettled([of({}, LIST), of({ version: '3.99.0' }, LIST), of({}, ['idna==3.9'])]);
    const locks = readdirSync(cacheDir).filter((name) => name.endsWith('.lock'));
    expect(new Set(locks).size).toBe(3);
  });

  it('that was left half made is made anew', async () => {
    const slow = uvThat('[ "$1" = pip ] && sleep 600\nPATH=$(echo "$PATH" | cut -d: -f2-) exec uv "$@"');
    const cancel = new AbortController();
    const half = ensureEnvironment({ ...tools, env: slow.env }, base, LIST, options([], cancel.signal)).catch(
      (e: unknown) => e,
    );
    while (!readdirSync(cacheDir).some((name) => name.endsWith('.building')))
      await new Promise((r) => setTimeout(r, 20));
    cancel.abort();
    expect(await half).toBeInstanceOf(Interrupted);
    const made = await ensureEnvironment(tools, base, LIST, options());
    expect(await works(made.python)).toBe(true);
    expect(readdirSync(cacheDir).filter((name) => name.endsWith('.building'))).toEqual([]);
  });

  it('whose Python was taken away is made anew', async () => {
    const made = await ensureEnvironment(tools, base, LIST, options());
    rmSync(made.python);
    symlinkSync('/nowhere/python3', made.python);
    await ensureEnvironment(tools, base, LIST, options());
    expect(await works(made.python)).toBe(true);
  });

  it('that cannot be made says what the installer says, and leaves nothing', async () => {
    const failing = ensureEnvironment(tools, base, ['there-is-no-such-package==1.0'], options());
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).problem).toMatchObject({
      code: 'ENVIRONMENT-FAILED',
      what: expect.stringMatching(/with uv: .*there-is-no-such-package/s),
    });
    expect(readdirSync(cacheDir).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  it('is made by pip where there is no uv', async () => {
    const uv = uvThat('exit 1');
    const said: string[] = [];
    const noUv = { ...tools, env: { ...uv.env, PYTHONPATH: withoutUv() } };
    const made = await ensureEnvironment(noUv, base, LIST, options(said));
    expect(await works(made.python)).toBe(true);
    expect(existsSync(join(made.dir, 'bin/pip'))).toBe(true);
  });
});

/** A folder whose `uv` module ends at once, before any other. */
function withoutUv(): string {
  const dir = folders.empty();
  writeFileSync(join(dir, 'uv.py'), 'raise SystemExit(1)\n');
  return dir;
}
