import { ConfigError, type Problem, ProviderError } from '../../errors.ts';
import type { CommandResult } from '../../ports/exec.ts';
import type { DependencyInput } from './dependency-key.ts';

const DOCKERFILE = 'build the image with your own Dockerfile instead (`builder: docker`)';

const LOGIN_IN_ADDRESS = /(\w:\/\/)[^\s/]+@/g;

/** Why uv could not install, from what it said. What is wrong with the requirements is the user's; the rest is not. */
export function installFailure(
  { stderr, timedOut }: Pick<CommandResult, 'stderr' | 'timedOut'>,
  input: DependencyInput,
): ConfigError | ProviderError {
  // uv breaks its lines where it likes.
  const said = stderr.replaceAll(/\s+/g, ' ');
  const [first, ...more] = timedOut ? [] : problemsIn(said, input);
  if (first) return new ConfigError(first, ...more);
  const why = timedOut ? 'it took too long' : lastLines(stderr);
  return new ProviderError(
    {
      code: 'IMAGE-INSTALL-FAILED',
      what: `the packages of the image cannot be installed: ${why}`,
      fix: 'Check that this machine reaches its package index (UV_INDEX_URL, proxy) and has space on its disk',
    },
    { retryable: true },
  );
}

function problemsIn(said: string, { platform, libc, python }: DependencyInput): readonly Problem[] {
  const at = `Python ${python} on ${platform.os}/${platform.architecture} (${libc})`;
  const withoutWheel = named(said, /(\S+==\S+) has no (?:usable )?wheels/g).map((requirement) => ({
    code: 'IMAGE-NO-WHEEL',
    what: `${requirement} has no wheel for ${at}, and an image is put together without running anything in it`,
    fix: `Use a version that has one, or ${DOCKERFILE}`,
  }));
  const missing = [
    ...named(said, /there is no version of (\S+==\S+?),? and /g),
    ...named(said, /Because (\S+) was not found in the (?:package registry|provided package locations)/g),
  ].map((requirement) => ({
    code: 'IMAGE-REQUIREMENT-MISSING',
    what: `the package index does not have ${requirement}`,
    fix: 'Correct the version in the lock file of the project, or name the index that has it (UV_INDEX_URL, [tool.uv])',
  }));
  return [...withoutWheel, ...missing];
}

function named(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n').slice(-8).join('\n') || 'uv said nothing';
  // The address of an index may hold its login, which older versions of uv show.
  return lines.replaceAll(LOGIN_IN_ADDRESS, '$1***@');
}
