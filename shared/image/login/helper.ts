import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import type { Credential } from './credentials.ts';
import type { LoginFileTools } from './login-files.ts';
import { hostKeysOf } from './registry-keys.ts';

const HELPER_MS = 60_000;
/** What helpers write instead of a user name when the secret stands for a login. */
const IDENTITY_USER = '<token>';
const NOT_FOUND = /credentials not found|no credentials server URL|no usernames? for/i;

const answerSchema = z.object({ Username: z.string(), Secret: z.string().min(1) });

/**
 * Asks a credential helper. The registry goes in by standard input and the secret comes by standard output; what it
 * writes is in no message.
 *
 * @returns undefined where it knows no login
 * @throws ConfigError REGISTRY-HELPER; ProviderError EXEC-NOT-FOUND; Interrupted
 * @see https://github.com/docker/docker-credential-helpers#development
 */
export async function askHelper(
  { exec, env, mask }: Pick<LoginFileTools, 'exec' | 'env' | 'mask'>,
  helper: string,
  registry: RepositoryName['registry'],
  path: string,
  signal: AbortSignal,
): Promise<Credential | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw failed(helper, registry, `${path} gives it a name that no program has`);
  const [server] = hostKeysOf(registry);
  const { code, stdout, stderr, timedOut } = await exec.run({
    argv: [`docker-credential-${helper}`, 'get'],
    cwd: '/',
    env,
    stdin: `${server}\n`,
    timeoutMs: HELPER_MS,
    signal,
  });
  if (timedOut) throw failed(helper, registry, `it did not end within ${HELPER_MS / 1000} s`);
  if (code !== 0) {
    if (NOT_FOUND.test(stdout + stderr)) return undefined;
    throw failed(helper, registry, `it ended with ${code}`);
  }
  const read = answerSchema.safeParse(jsonOf(stdout));
  if (!read.success) throw failed(helper, registry, 'its answer is not a login');
  const { Username: username, Secret: secret } = read.data;
  mask(secret);
  const from = `docker-credential-${helper}`;
  return username === IDENTITY_USER
    ? { kind: 'identity', token: secret, from }
    : { kind: 'password', username, password: secret, from };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(helper: string, registry: string, why: string): ConfigError {
  return new ConfigError({
    code: 'REGISTRY-HELPER',
    what: `docker-credential-${helper} gives no login for ${registry}: ${why}`,
    fix: `Look at what echo ${registry} | docker-credential-${helper} get says, or log in with docker login`,
  });
}
