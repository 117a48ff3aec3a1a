import { join } from 'node:path';
import { ConfigError, ProviderError } from '../../errors.ts';
import type { CommandResult } from '../../ports/exec.ts';
import type { ImageTools, Libc, Platform } from '../assemble/image-input.ts';
import type { DependencyInput } from './dependency-key.ts';
import { installFailure } from './install-errors.ts';

const INSTALL_TIMEOUT_MS = 15 * 60_000;
const PROBE_TIMEOUT_MS = 30_000;

type InstallTools = Pick<ImageTools, 'exec' | 'files' | 'root' | 'env' | 'signal'>;

/**
 * Installs packages into a folder for a Python and a platform that need not be here: from wheels alone, so that nothing
 * of them is run, and nothing but the pinned names.
 * @param dir an empty folder, for the list and for uv's work
 * @returns the folder of the packages
 * @throws ConfigError IMAGE-NO-WHEEL, IMAGE-REQUIREMENT-MISSING, IMAGE-UV-MISSING; ProviderError IMAGE-INSTALL-FAILED
 */
export async function installPackages(tools: InstallTools, input: DependencyInput, dir: string): Promise<string> {
  const target = join(dir, 'packages');
  const list = join(dir, 'requirements.txt');
  await tools.files.write(list, `${[...input.requirements].sort().join('\n')}\n`);
  const uv = await findUv(tools);
  const result = await run(
    tools,
    [
      ...uv,
      ...['pip', 'install', '--quiet', '--no-progress', '--no-deps', '--only-binary', ':all:'],
      // Whatever the user set: a link of another kind leads out of the image.
      ...['--link-mode', 'hardlink'],
      ...['--python-version', input.python, '--python-platform', uvPlatform(input.platform, input.libc)],
      ...['--target', target, '--requirement', list],
    ],
    INSTALL_TIMEOUT_MS,
  );
  if (result.code !== 0) throw installFailure(result, input);
  return target;
}

/** `x86_64-unknown-linux-gnu`. uv knows both processors under Linux's names for them. */
function uvPlatform({ architecture }: Platform, libc: Libc): string {
  const processor: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };
  const name = processor[architecture];
  if (name !== undefined) return `${name}-unknown-linux-${libc === 'musl' ? 'musl' : 'gnu'}`;
  throw new ConfigError({
    code: 'IMAGE-PLATFORM-UNKNOWN',
    what: `there are no wheels for ${architecture}`,
    fix: 'Build for amd64 or arm64, or build with your own Dockerfile (`builder: docker`)',
  });
}

async function findUv(tools: InstallTools): Promise<readonly [string, ...string[]]> {
  for (const uv of [['uv'], ['python3', '-m', 'uv']] as const) {
    try {
      if ((await run(tools, [...uv, '--version'], PROBE_TIMEOUT_MS)).code === 0) return uv;
    } catch (error) {
      if (!(error instanceof ProviderError && error.problem.code.startsWith('EXEC-'))) throw error;
    }
  }
  throw new ConfigError({
    code: 'IMAGE-UV-MISSING',
    what: 'the packages of the image are installed with uv, which is not on this machine',
    fix: 'Install it (`pip install uv`, or the astral-sh/setup-uv action), or build with your own Dockerfile (`builder: docker`)',
  });
}

function run(
  { exec, root, env, signal }: InstallTools,
  argv: readonly [string, ...string[]],
  timeoutMs: number,
): Promise<CommandResult> {
  return exec.run({ argv, cwd: root, env, timeoutMs, signal });
}
