import { createSign } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { BearerToken } from '../../ports/identity.ts';
import { portfolioError } from '../portfolio-errors.ts';
import { CachedToken } from './cached-token.ts';
import { notUnderstood } from './store-errors.ts';
import { askStore, jsonOf, type StoreAnswer, textOf } from './store-http.ts';
import type { StoreTools } from './store-tools.ts';

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const TOKEN_URI = 'https://oauth2.googleapis.com/token';
const METADATA_MS = 2_000;

const file = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account'),
    client_email: z.string(),
    private_key: z.string(),
    token_uri: z.string().default(TOKEN_URI),
  }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
  }),
]);
const token = z.object({ access_token: z.string().min(1), expires_in: z.number() });

/**
 * Who reads from Google Cloud Storage: an access token, the job's own identity, a file of credentials, or the machine,
 * in this order. Nobody where there is none of them: a public bucket can be read all the same.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export class GoogleCredentials {
  readonly #tools: StoreTools;
  readonly #token: CachedToken;

  constructor(tools: StoreTools) {
    this.#tools = tools;
    this.#token = new CachedToken(tools.clock, (signal) => this.#login(signal));
  }

  /** @throws ConfigError PORTFOLIO-CREDENTIALS, and what logging in throws */
  async token(signal: AbortSignal): Promise<string | undefined> {
    const { env, mask } = this.#tools;
    const given = env.GOOGLE_OAUTH_ACCESS_TOKEN || env.CLOUDSDK_AUTH_ACCESS_TOKEN;
    if (given) mask(given);
    if (given || env.STORAGE_EMULATOR_HOST) return given || undefined;
    return this.#token.get(signal);
  }

  async #login(signal: AbortSignal): Promise<BearerToken | undefined> {
    const { env, federation } = this.#tools;
    const { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider, GOOGLE_SERVICE_ACCOUNT: account } = env;
    if (provider && federation) {
      const pool = { provider, scopes: [SCOPE], lifetimeSeconds: 3600, ...(account && { serviceAccount: account }) };
      return federation.google(pool, signal);
    }
    const path = env.GOOGLE_APPLICATION_CREDENTIALS;
    return path ? this.#fromFile(path, signal) : this.#fromMachine(signal);
  }

  async #fromFile(path: string, signal: AbortSignal): Promise<BearerToken> {
    const content = await this.#tools.readFile(path);
    const parsed = file.safeParse(content && jsonOf({ body: content }));
    if (!parsed.success) throw unusable(path, content === undefined ? 'is not there' : 'is of no kind that is known');
    const found = parsed.data;
    if (found.type === 'service_account') {
      const assertion = this.#signed(path, found);
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
      return this.#exchange(path, found.token_uri, form, signal);
    }
    const { client_id, client_secret, refresh_token } = found;
    for (const secret of [client_secret, refresh_token]) this.#tools.mask(secret);
    return this.#exchange(
      path,
      TOKEN_URI,
      { grant_type: 'refresh_token', client_id, client_secret, refresh_token },
      signal,
    );
  }

  /** @see https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests */
  #signed(path: string, account: { client_email: string; private_key: string; token_uri: string }): string {
    const seconds = Math.floor(this.#tools.clock.now() / 1000);
    const claims = {
      iss: account.client_email,
      scope: SCOPE,
      aud: account.token_uri,
      iat: seconds,
      exp: seconds + 3600,
    };
    const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    try {
      return `${text}.${createSign('sha256').update(text).sign(account.private_key, 'base64url')}`;
    } catch {
      throw unusable(path, 'holds a key that cannot sign');
    }
  }

  async #exchange(
    path: string,
    url: string,
    form: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<BearerToken> {
    const request = { store: 'Google', url, method: 'POST', body: new URLSearchParams(form) } as const;
    const answer = await askStore(this.#tools, request, signal);
    if (answer.status === 200) return this.#read(answer);
    throw unusable(path, `is not accepted: ${textOf(answer).slice(0, 200)}`);
  }

  /** Machines of Google answer this at once; elsewhere there is nobody. */
  async #fromMachine(signal: AbortSignal): Promise<BearerToken | undefined> {
    const host = this.#tools.env.GCE_METADATA_HOST || '169.254.169.254';
    const request = {
      store: 'the metadata server',
      url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
      headers: { 'metadata-flavor': 'Google' },
      timeoutMs: METADATA_MS,
    };
    const once: StoreTools = { ...this.#tools, retry: (call) => call() };
    try {
      const answer = await askStore(once, request, signal);
      return answer.status === 200 ? this.#read(answer) : undefined;
    } catch (error) {
      if (error instanceof ProviderError) return undefined;
      throw error;
    }
  }

  #read(answer: StoreAnswer): BearerToken {
    const parsed = token.safeParse(jsonOf(answer));
    if (!parsed.success) throw notUnderstood('Google', answer.status);
    const { access_token, expires_in } = parsed.data;
    this.#tools.mask(access_token);
    return { token: access_token, expiresAt: this.#tools.clock.now() + expires_in * 1000 };
  }
}

function unusable(path: string, why: string): Error {
  const fix =
    'Point GOOGLE_APPLICATION_CREDENTIALS at a key of a service account or the login of a user, or log in as the job';
  return portfolioError('PORTFOLIO-CREDENTIALS', `the file of Google credentials ${path} ${why}`, fix);
}
