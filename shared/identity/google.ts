import { z } from 'zod';
import type { BearerToken, GooglePool } from '../ports/identity.ts';
import { denied, jsonOf, readBody } from './answers.ts';
import { call } from './call.ts';
import type { IdentityTools } from './identity-tools.ts';
import { exchangeToken } from './oauth.ts';

const CLOUD = 'https://www.googleapis.com/auth/cloud-platform';
const impersonated = z.object({
  accessToken: z.string().min(1),
  expireTime: z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
});

/**
 * Logs in to a pool of workload identities, and then acts as a service account where one is named.
 * @param endpoints of Google's STS, and of IAM credentials
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 */
export async function googleToken(
  tools: IdentityTools,
  endpoints: { readonly sts: string; readonly iam: string },
  pool: GooglePool,
  token: string,
  signal: AbortSignal,
): Promise<BearerToken> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: `//iam.googleapis.com/${pool.provider}`,
    scope: pool.serviceAccount === undefined ? pool.scopes.join(' ') : CLOUD,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: token,
  };
  const fix = `Let the provider ${pool.provider} accept this issuer and audience, and its condition this subject`;
  const federated = await exchangeToken(
    tools,
    { whom: 'Google STS', url: `${endpoints.sts}/v1/token`, form, fix },
    token,
    signal,
  );
  if (pool.serviceAccount === undefined) return federated;
  return actAs(tools, endpoints.iam, pool, pool.serviceAccount, federated, token, signal);
}

async function actAs(
  tools: IdentityTools,
  endpoint: string,
  pool: GooglePool,
  serviceAccount: string,
  federated: BearerToken,
  token: string,
  signal: AbortSignal,
): Promise<BearerToken> {
  const whom = 'Google IAM';
  const url = `${endpoint}/v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:generateAccessToken`;
  const json = { scope: pool.scopes, lifetime: `${pool.lifetimeSeconds}s` };
  const headers = { authorization: `Bearer ${federated.token}` };
  const answer = await call(tools, { whom, url, json, headers }, signal);
  const body = jsonOf(answer.text);
  const { accessToken } = (body ?? {}) as { readonly accessToken?: unknown };
  if (typeof accessToken === 'string') tools.mask(accessToken);
  if (answer.status !== 200) {
    const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(body).data?.error.message;
    const fix = `Grant the role Workload Identity User on ${serviceAccount} to the identities of the pool with this subject`;
    throw denied(whom, token, answer, said, fix);
  }
  const { accessToken: given, expireTime } = readBody(impersonated, body, whom);
  return { token: given, expiresAt: expireTime };
}
