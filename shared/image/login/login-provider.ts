import type { Credential } from './credentials.ts';

/** A cloud, or a CI system, that gives logins to registries of its own. */
export interface LoginProvider {
  /** @returns undefined for a registry of somebody else. @throws ConfigError LOGIN-DENIED; ProviderError LOGIN-…; Interrupted */
  login(registry: string, signal: AbortSignal): Promise<Credential | undefined>;
}
