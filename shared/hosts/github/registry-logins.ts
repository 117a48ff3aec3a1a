import type { RegistryLogin } from '../../ports/registry-login.ts';
import { githubAccess } from './forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * GitHub's own registry takes the token of a job with `packages: write`; a company's server has one beside it.
 * @see https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
export function githubRegistryLogins(env: Env): readonly RegistryLogin[] {
  const { token } = githubAccess(env);
  if (!token || !env.GITHUB_ACTOR) return [];
  const server = env.GITHUB_SERVER_URL ?? '';
  const host = URL.canParse(server) ? new URL(server).host : 'github.com';
  const registry = host === 'github.com' ? 'ghcr.io' : `containers.${host}`;
  return [{ registry, username: env.GITHUB_ACTOR, password: token, from: 'the token of this job' }];
}
