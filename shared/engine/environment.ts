import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import { digestOfJson, shortDigest } from '../release/digest.ts';
import { tryRun } from './probe.ts';
import type { EngineTools, Python } from './tools.ts';

/** A Python with a known list of packages in it, made by us. */
export interface Environment {
  readonly dir: string;
  readonly python: string;
}

interface Run {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/**
 * An environment with exactly these packages, made from that Python: the one that is there, or a new one. Two processes
 * that want the same one make it once; one that is half made is never used.
 * @param requirements `name==version` each, complete: dependencies are not looked for
 * @throws ProviderError ENVIRONMENT-FAILED when an installer fails
 */
export async function ensureEnvironment(
  tools: EngineTools,
  base: Python,
  requirements: readonly string[],
  { signal, progress }: Run,
): Promise<Environment> {
  const { files, cacheDir, pythonDir, root, env, timeouts } = tools;
  const list = forPlatform(requirements, base.platform);
  const dir = join(cacheDir, shortDigest(digestOfJson({ list, python: base.version, platform: base.platform })));
  const python = join(dir, 'bin', 'python');
  if (await isWhole(tools, dir)) return { dir, python };

  progress(`making an environment of ${list.length} packages for Python ${base.version}`);
  const work = await files.tempDir('haute-environment-');
  try {
    const file = join(work, REQUIREMENTS);
    await files.write(file, `${list.join('\n')}\n`);
    const installer = await findInstaller(tools, base, signal);
    const result = await tools.exec.run({
      argv: [base.base, join(pythonDir, 'make_environment.py'), dir, file, ...installer],
      cwd: root,
      env,
      timeoutMs: timeouts.install,
      signal,
      onLine: progress,
    });
    if (result.code !== 0) throw failed(result.timedOut ? 'it took too long' : lastLines(result.stderr), installer[0]);
    return { dir, python };
  } finally {
    await files.remove(work);
  }
}

const REQUIREMENTS = 'requirements.txt';

/** The builder leaves its list as the last thing; an upgrade may take away the Python that it was made from. */
async function isWhole({ files }: EngineTools, dir: string): Promise<boolean> {
  const [list, python] = await Promise.all([
    files.size(join(dir, 'haute-requirements.txt')),
    files.realPath(join(dir, 'bin', 'python')),
  ]);
  return list !== undefined && python !== undefined;
}

/** uv where it is on PATH or in the Python, which takes a second; pip and venv, which every Python has, otherwise. */
async function findInstaller(
  tools: EngineTools,
  base: Python,
  signal: AbortSignal,
): Promise<readonly [string, ...string[]]> {
  for (const uv of [['uv'], [base.base, '-m', 'uv']] as const) {
    if ('code' in (await tryRun(tools, [...uv, '--version'], signal))) return uv;
  }
  return ['pip'];
}

/** The CPU build of XGBoost has another name on macOS, and the same versions. */
function forPlatform(requirements: readonly string[], platform: string): readonly string[] {
  if (!platform.startsWith('darwin')) return requirements;
  return requirements.map((line) => line.replace(/^xgboost-cpu==/, 'xgboost=='));
}

function failed(why: string, installer: string): ProviderError {
  if (/no space left on device|ENOSPC|quota exceeded/i.test(why)) {
    const what = `the packages of the pricing service cannot be installed: the disk is full\n${why}`;
    return new ProviderError({ code: 'DISK-FULL', what, fix: 'Free some space on that disk, then run the step again' });
  }
  return new ProviderError(
    {
      code: 'ENVIRONMENT-FAILED',
      what: `the packages of the pricing service cannot be installed with ${installer}: ${why}`,
      fix: 'Check that this machine reaches its package index (UV_INDEX_URL, PIP_INDEX_URL, proxy) and has space on its disk',
    },
    { retryable: true },
  );
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n') || 'it said nothing';
}
