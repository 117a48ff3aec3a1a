import type { TokenOf } from './cloud-tokens.ts';
import type { Credential } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

const HOST = /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/;
const USERNAME = 'oauth2accesstoken';

/**
 * Google's registries: an access token is the password.
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
export class GoogleLogin implements LoginProvider {
  readonly #token: TokenOf;

  /** @param token an access token with the scope `cloud-platform`, or that of reading and writing the registry */
  constructor(token: TokenOf) {
    this.#token = token;
  }

  async login(registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    if (!HOST.test(registry)) return undefined;
    const found = await this.#token(signal);
    if (!found) return undefined;
    const { token: password, expiresAt } = found;
    const known = expiresAt === undefined ? {} : { expiresAt };
    return { kind: 'password', username: USERNAME, password, from: 'Google Cloud', ...known };
  }
}
