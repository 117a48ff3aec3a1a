import type { RegistryLogin } from '../../ports/registry-login.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Logins that GitLab gives every job: to the registry of its projects and to the group's cache of Docker Hub.
 * @see https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
 */
export function gitlabRegistryLogins(env: Env): readonly RegistryLogin[] {
  const { CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_USER, CI_DEPENDENCY_PROXY_PASSWORD } = env;
  return [
    ...login(env.CI_REGISTRY, env.CI_REGISTRY_USER, env.CI_REGISTRY_PASSWORD),
    ...login(CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_USER, CI_DEPENDENCY_PROXY_PASSWORD),
  ];
}

function login(
  registry: string | undefined,
  username: string | undefined,
  password: string | undefined,
): readonly RegistryLogin[] {
  if (!registry || !username || !password) return [];
  return [{ registry, username, password, from: 'the token of this job' }];
}
