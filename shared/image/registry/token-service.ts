import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { Credential } from '../login/credentials.ts';
import type { Challenge } from './challenge.ts';
import { badAnswer, refusalError, type Wish } from './refusal.ts';
import type { RegistryTools } from './registry-tools.ts';
import { readSaid } from './said.ts';
import { send, type WireRequest } from './wire.ts';

export interface Token {
  readonly token: string;
  /** Milliseconds since the epoch, by our own clock. */
  readonly expiresAt: number;
}

const CLIENT_ID = 'haute-deploy';
/** What a token service says to a login. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);
const MAX_ANSWER_BYTES = 256 * 1024;
/** What a token lives where nobody says. */
const DEFAULT_LIFETIME_S = 60;

const answerSchema = z
  .object({ token: z.string().optional(), access_token: z.string().optional(), expires_in: z.number().optional() })
  .transform(({ token, access_token, expires_in }) => ({
    token: token || access_token || '',
    seconds: expires_in === undefined || expires_in <= 0 ? DEFAULT_LIFETIME_S : expires_in,
  }))
  .refine(({ token }) => token !== '');

/**
 * Asks the token service that a registry names for a token of some scopes.
 *
 * @param registry address of the registry's API
 * @throws ConfigError REGISTRY-NOT-LOGGED-IN, REGISTRY-LOGIN-REFUSED, REGISTRY-DENIED; ProviderError REGISTRY-REALM,
 *   REGISTRY-BAD-ANSWER and what {@link send} throws; Interrupted
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
export async function fetchToken(
  tools: RegistryTools,
  registry: URL,
  challenge: Challenge,
  scopes: readonly string[],
  credential: Credential | undefined,
  wish: Wish,
  signal: AbortSignal,
): Promise<Token> {
  const realm = realmOf(registry, challenge);
  const service = challenge.params.service;
  const asked = tools.clock.now();
  const answer = await send(tools, {
    ...(credential?.kind === 'identity'
      ? exchange(realm, service, scopes, credential.token)
      : question(realm, service, scopes, credential)),
    signal,
    timed: true,
    // The login is in the request: nobody else gets it.
    staysHome: true,
  });
  if (answer.status !== 200 && !REFUSALS.has(answer.status) && answer.status < 500) {
    await answer.discard();
    throw badAnswer(realm.host, `answered ${answer.status} when it was asked for a token`);
  }
  if (answer.status !== 200) {
    throw refusalError({
      ...wish,
      host: realm.host,
      status: answer.status,
      said: await readSaid(answer, tools.redact),
      login: credential?.from,
      isKnown: false,
      requestId: undefined,
      retryAfterMs: tools.retryAfterMs(answer.header('retry-after')),
    });
  }
  const read = answerSchema.safeParse(jsonOf(await answer.bytes(MAX_ANSWER_BYTES)));
  if (!read.success) throw badAnswer(realm.host, 'gave no token');
  const { token, seconds } = read.data;
  tools.mask(token);
  // By our own clock: what the service's clock says is no matter. A tenth is left for the way there.
  return { token, expiresAt: asked + seconds * 900 };
}

/** A GET, with a password where there is one. */
function question(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  credential: Credential | undefined,
): Pick<WireRequest, 'method' | 'url' | 'authorization'> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization = credential?.kind === 'password' ? basic(credential) : undefined;
  return { method: 'GET', url, authorization };
}

/** A POST, for a token that stands for a login. */
function exchange(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  refreshToken: string,
): Pick<WireRequest, 'method' | 'url' | 'headers' | 'body'> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: CLIENT_ID,
    refresh_token: refreshToken,
    scope: scopes.join(' '),
    ...(service !== undefined && { service }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: realm, headers, body: form.toString() };
}

/** What proves a user name and password in a header. */
export function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/**
 * Where the registry says that tokens are. Docker Hub's is another host than its registry, so over https any is; over
 * plain http only the host of a registry that is itself spoken to so.
 */
function realmOf(registry: URL, { params }: Challenge): URL {
  const realm = params.realm ?? '';
  if (!URL.canParse(realm)) throw badAnswer(registry.host, 'asks for a token and says of no service that gives one');
  const url = new URL(realm);
  const plain = url.protocol === 'http:' && registry.protocol === 'http:' && url.hostname === registry.hostname;
  if ((url.protocol !== 'https:' && !plain) || url.username !== '' || url.password !== '') {
    throw new ProviderError({
      code: 'REGISTRY-REALM',
      what: `${registry.host} sends logins to ${url.protocol}//${url.host}, which is not safe`,
      fix: 'Give the token service of the registry an https address without a password in it',
    });
  }
  return url;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
