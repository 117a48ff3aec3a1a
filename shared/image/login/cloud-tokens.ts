import type { BearerToken, Federation } from '../../ports/identity.ts';

type Env = Readonly<Record<string, string>>;

/** A token that was given to the run does not say how long it is good for. */
export type CloudToken = Pick<BearerToken, 'token'> & { readonly expiresAt?: number };

/** Gives a token; undefined where nothing says who we are. */
export type TokenOf = (signal: AbortSignal) => Promise<CloudToken | undefined>;

const AZURE_SCOPE = 'https://containerregistry.azure.net/.default';
const GOOGLE_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GOOGLE_SECONDS = 3600;

/** A token of Microsoft Entra, for the job as the application that the environment names. */
export function azureToken(env: Env, federation: Pick<Federation, 'azure'> | undefined): TokenOf {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = env;
  return async (signal) => {
    if (!tenantId || !clientId || !federation) return undefined;
    return federation.azure({ tenantId, clientId, scope: AZURE_SCOPE }, signal);
  };
}

/** The application's own secret, where the environment has one: registries of Azure take both as a login. */
export function azurePrincipal(env: Env): { readonly username: string; readonly password: string } | undefined {
  const { AZURE_CLIENT_ID: username, AZURE_CLIENT_SECRET: password } = env;
  return username && password ? { username, password } : undefined;
}

/** An access token of Google: the one that the run was given, or one for the job by its own identity. */
export function googleToken(env: Env, federation: Pick<Federation, 'google'> | undefined): TokenOf {
  const given = env.GOOGLE_OAUTH_ACCESS_TOKEN || env.CLOUDSDK_AUTH_ACCESS_TOKEN;
  const { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider, GOOGLE_SERVICE_ACCOUNT: serviceAccount } = env;
  return async (signal) => {
    if (given) return { token: given };
    if (!provider || !federation) return undefined;
    const scopes = [GOOGLE_SCOPE];
    const pool = { provider, scopes, lifetimeSeconds: GOOGLE_SECONDS, ...(serviceAccount && { serviceAccount }) };
    return federation.google(pool, signal);
  };
}
