import { z } from 'zod';
import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { Retry } from '../../ports/retry.ts';
import type { TokenOf } from './cloud-tokens.ts';
import type { Credential } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

const HOST = /^[a-z0-9]{5,50}(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)$/;
const TIMEOUT_MS = 30_000;

const answerSchema = z.object({ refresh_token: z.string().min(1) });

export interface AzureLoginTools {
  readonly fetch: typeof globalThis.fetch;
  readonly retry: Retry;
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  readonly mask: (secret: string) => void;
  /** A token of Microsoft Entra for `https://containerregistry.azure.net/.default`. */
  readonly token: TokenOf;
  /** An application with a secret of its own, which is a login as it is. */
  readonly principal?: { readonly username: string; readonly password: string } | undefined;
  /** Address of a registry; `https://<registry>` where it is not given. */
  readonly addressOf?: (registry: string) => string;
}

/**
 * Azure's registries: an application with its secret, or a token of Microsoft Entra that is exchanged for one that
 * stands for a login there.
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-authentication
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export class AzureLogin implements LoginProvider {
  readonly #tools: AzureLoginTools;

  constructor(tools: AzureLoginTools) {
    this.#tools = tools;
  }

  async login(registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    if (!HOST.test(registry)) return undefined;
    const { principal } = this.#tools;
    if (principal) return { kind: 'password', ...principal, from: 'AZURE_CLIENT_ID' };
    const found = await this.#tools.token(signal);
    if (!found) return undefined;
    const { token, expiresAt } = found;
    this.#tools.mask(token);
    const refreshToken = await this.#tools.retry(() => this.#exchange(registry, token, signal), { signal });
    this.#tools.mask(refreshToken);
    const known = expiresAt === undefined ? {} : { expiresAt };
    return { kind: 'identity', token: refreshToken, from: 'Microsoft Entra', ...known };
  }

  async #exchange(registry: string, token: string, signal: AbortSignal): Promise<string> {
    const address = this.#tools.addressOf?.(registry) ?? `https://${registry}`;
    const form = new URLSearchParams({ grant_type: 'access_token', service: registry, access_token: token });
    const { status, text, retryAfterMs } = await this.#post(`${address}/oauth2/exchange`, form, registry, signal);
    if (status === 200) return readToken(registry, text);
    if (status === 429 || status >= 500) {
      const code = status === 429 ? 'LOGIN-BUSY' : 'LOGIN-UNAVAILABLE';
      throw new ProviderError(
        { code, what: `${registry} answered ${status} to a login`, fix: 'Run the step again later' },
        { status, retryable: true, ...(retryAfterMs !== undefined && { retryAfterMs }) },
      );
    }
    throw new ConfigError({
      code: 'LOGIN-DENIED',
      what: `${registry} answered ${status} to the login of this job`,
      fix: 'Give the identity of the job the role AcrPush on the registry, and AcrPull where it only reads',
    });
  }

  async #post(url: string, form: URLSearchParams, registry: string, signal: AbortSignal) {
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await this.#tools.fetch(url, {
        method: 'POST',
        body: form,
        redirect: 'error',
        signal: AbortSignal.any([signal, deadline]),
      });
      const retryAfterMs = this.#tools.retryAfterMs(response.headers.get('retry-after') ?? undefined);
      return { status: response.status, text: await response.text(), retryAfterMs };
    } catch (error) {
      if (signal.aborted) throw new Interrupted();
      const code = deadline.aborted ? 'LOGIN-TIMEOUT' : 'LOGIN-UNREACHABLE';
      const what = `${registry} did not answer to a login: ${messageOf(error)}`;
      const fix = 'Check the network of the runner, then run the step again';
      throw new ProviderError({ code, what, fix }, { retryable: true, cause: error });
    }
  }
}

/** The answer is in no message: it holds a token. */
function readToken(registry: string, text: string): string {
  try {
    return answerSchema.parse(JSON.parse(text)).refresh_token;
  } catch {
    const what = `${registry} gave no token for a login`;
    throw new ProviderError({ code: 'LOGIN-BAD-ANSWER', what, fix: 'Run the step again' });
  }
}
