import type { RegistryLogin } from '../ports/registry-login.ts';
import { githubRegistryLogins } from './github/registry-logins.ts';
import { gitlabRegistryLogins } from './gitlab/registry-logins.ts';

/**
 * Logins that a job has without anybody logging in: each for its CI system's own registry. Azure DevOps has none, and
 * a terminal neither.
 */
export function registryLogins(env: Readonly<Record<string, string | undefined>>): readonly RegistryLogin[] {
  return [...githubRegistryLogins(env), ...gitlabRegistryLogins(env)];
}
