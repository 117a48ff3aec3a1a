import type { RepositoryName } from '../../ports/registry.ts';
import { DOCKER_HUB, DOCKER_HUB_ALIASES } from '../registry/name.ts';

/** The key that Docker writes its Hub under; it names an API that is long gone. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/**
 * The keys of login files that stand for a repository, the narrowest first: podman's logins may be for a path alone.
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function keysOf({ registry, repository }: RepositoryName): readonly string[] {
  const parts = repository.split('/');
  const paths = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/'));
  return [...paths, ...hostKeysOf(registry)];
}

/** The keys that stand for a whole registry; credential helpers are asked by the first. */
export function hostKeysOf(registry: string): readonly [string, ...string[]] {
  return registry === DOCKER_HUB ? [DOCKER_HUB_KEY, registry, ...DOCKER_HUB_ALIASES] : [registry];
}

/** A key as it is compared: without `https://`, and of Docker's old keys the host alone. */
export function plainKey(key: string): string {
  const bare = key.replace(/^https?:\/\//i, '');
  const isOld = bare !== key || /\/v[12]\/?$/.test(bare);
  const [host = '', ...path] = bare.replace(/\/+$/, '').split('/');
  return isOld ? host.toLowerCase() : [host.toLowerCase(), ...path].join('/');
}
