import type { RegistryLogin } from '../../ports/registry-login.ts';
import type { Credential } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

/** Logins that somebody else has read: of a CI system for its own registry. */
export class GivenLogins implements LoginProvider {
  readonly #logins: readonly RegistryLogin[];

  constructor(logins: readonly RegistryLogin[]) {
    this.#logins = logins;
  }

  async login(registry: string): Promise<Credential | undefined> {
    const login = this.#logins.find((each) => bare(each.registry) === bare(registry));
    if (login === undefined) return undefined;
    const { username, password, from } = login;
    return { kind: 'password', username, password, from, isImplied: true };
  }
}

/** GitLab names its cache of images with the usual port, and people leave it out. */
function bare(registry: string): string {
  return registry.toLowerCase().replace(/:443$/, '');
}
