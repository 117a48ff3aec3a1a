import type { RepositoryName } from '../../ports/registry.ts';

/** How to show a registry who we are. */
export type Credential = {
  /** Where it was found, for people: `DOCKER_USERNAME`, `~/.docker/config.json`. */
  readonly from: string;
  /** Milliseconds since the epoch; not there where nobody said. */
  readonly expiresAt?: number;
  /** Nobody logged in: the job has it by itself. What it may not read is asked for without. */
  readonly isImplied?: boolean;
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** For the token service of the registry alone. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token of the registry itself. */
  | { readonly kind: 'bearer'; readonly token: string }
);

/** Logins to registries. */
export interface Credentials {
  /**
   * The login for a repository; undefined where there is none, and the registry is asked without.
   * @throws ConfigError REGISTRY-LOGIN-FILE, REGISTRY-HELPER, LOGIN-DENIED; ProviderError LOGIN-…; Interrupted
   */
  find(name: RepositoryName, signal: AbortSignal): Promise<Credential | undefined>;
}
