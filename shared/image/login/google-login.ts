import type { BearerToken } from '../../ports/identity.ts';
import type { Credential } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

const HOST = /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/;
const USERNAME = 'oauth2accesstoken';

/**
 * Google's registries: an access token is the password.
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
export class GoogleLogin implements LoginProvider {
  readonly #token: (signal: AbortSignal) => Promise<BearerToken>;

  /** @param token an access token with the scope `cloud-platform`, or that of reading and writing the registry */
  constructor(token: (signal: AbortSignal) => Promise<BearerToken>) {
    this.#token = token;
  }

  async login(registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    if (!HOST.test(registry)) return undefined;
    const { token, expiresAt } = await this.#token(signal);
    return { kind: 'password', username: USERNAME, password: token, expiresAt, from: 'Google Cloud' };
  }
}
