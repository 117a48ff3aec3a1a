import type {
  AwsCredentials,
  AwsRole,
  AzureApplication,
  BearerToken,
  DatabricksWorkspace,
  Federation,
  GooglePool,
  IdTokens,
} from '../ports/identity.ts';
import { assumeAwsRole } from './aws.ts';
import { readClaims } from './claims.ts';
import { googleToken } from './google.ts';
import type { IdentityTools } from './identity-tools.ts';
import { exchangeToken } from './oauth.ts';

/** Where the clouds are logged in to. Their own addresses where they are not given; a sovereign cloud has others. */
export interface LoginAddresses {
  /** AWS STS, whatever the region. */
  readonly aws?: string;
  readonly azureAuthority?: string;
  readonly googleSts?: string;
  readonly googleIam?: string;
}

/** Logs in to clouds by tokens of the job. The calls are few and not signed, so no SDK is loaded for them. */
export class JobFederation implements Federation {
  readonly #tokens: IdTokens;
  readonly #tools: IdentityTools;
  readonly #addresses: LoginAddresses;

  constructor(tokens: IdTokens, tools: IdentityTools, addresses: LoginAddresses = {}) {
    this.#tokens = tokens;
    this.#tools = tools;
    this.#addresses = addresses;
  }

  async aws(role: AwsRole, signal: AbortSignal): Promise<AwsCredentials> {
    const token = await this.#token(role.audience, 'sts.amazonaws.com', signal);
    const endpoint = this.#addresses.aws ?? `https://sts.${role.region}.amazonaws.com`;
    const taken = await assumeAwsRole(this.#tools, endpoint, role, token, signal);
    const endsAt = this.#tokens.renews ? undefined : readClaims(token)?.exp;
    return { ...taken, ...(endsAt !== undefined && { tokenEndsAt: endsAt * 1000 }) };
  }

  /** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential */
  async azure(application: AzureApplication, signal: AbortSignal): Promise<BearerToken> {
    const { tenantId, clientId, scope } = application;
    const token = await this.#token(application.audience, 'api://AzureADTokenExchange', signal);
    const authority = this.#addresses.azureAuthority ?? 'https://login.microsoftonline.com';
    const request = {
      whom: 'Microsoft Entra ID',
      url: `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
      form: {
        grant_type: 'client_credentials',
        client_id: clientId,
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: token,
      },
      fix: `Add a federated credential with this issuer, subject and audience to the application ${clientId}`,
    };
    return exchangeToken(this.#tools, request, token, signal);
  }

  async google(pool: GooglePool, signal: AbortSignal): Promise<BearerToken> {
    const token = await this.#token(pool.audience, `https://iam.googleapis.com/${pool.provider}`, signal);
    const endpoints = {
      sts: this.#addresses.googleSts ?? 'https://sts.googleapis.com',
      iam: this.#addresses.googleIam ?? 'https://iamcredentials.googleapis.com',
    };
    return googleToken(this.#tools, endpoints, pool, token, signal);
  }

  /** @see https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation-exchange */
  async databricks({ host, clientId, audience }: DatabricksWorkspace, signal: AbortSignal): Promise<BearerToken> {
    const url = `${host.replace(/\/$/, '')}/oidc/v1/token`;
    const token = await this.#token(audience, url, signal);
    const request = {
      whom: 'Databricks',
      url,
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        scope: 'all-apis',
        ...(clientId !== undefined && { client_id: clientId }),
      },
      fix: 'Add a federation policy with this issuer, subject and audience to the service principal or the account',
    };
    return exchangeToken(this.#tools, request, token, signal);
  }

  #token(asked: string | undefined, usual: string, signal: AbortSignal): Promise<string> {
    return this.#tokens.getIdToken(asked ?? this.#tokens.fixedAudience ?? usual, signal);
  }
}
