/**
 * How a job proves to others what it is: by a token that its host signs. Read from the environment of a job by its
 * host, so that nothing else knows the names of a host's variables.
 */
export type IdentityAccess = GitHubIdentity | GitLabIdentity | AzureIdentity;

/** There with the permission `id-token: write` alone. */
export interface GitHubIdentity {
  readonly kind: 'github';
  readonly requestUrl: string;
  readonly requestToken: string;
}

/** GitLab puts tokens into variables before the job starts, each for an audience that is written in the pipeline. */
export interface GitLabIdentity {
  readonly kind: 'gitlab';
  /** Tokens by the names of their variables. */
  readonly tokens: Readonly<Record<string, string>>;
}

export interface AzureIdentity {
  readonly kind: 'azure';
  readonly oidcUri: string;
  readonly accessToken: string;
  /** Id of the service connection that the token is for. */
  readonly serviceConnectionId: string;
}

/** Tokens of a job for others to trust. */
export interface IdTokens {
  /** The only audience there is, where the host lets nobody choose; undefined where it does. */
  readonly fixedAudience: string | undefined;
  /** True where a new token can be had at any time; false where the job has the one that was made before it began. */
  readonly renews: boolean;
  /**
   * A JSON Web Token, hidden from all output before it is given back.
   * @throws ConfigError ID-TOKEN-UNAVAILABLE, ID-TOKEN-AUDIENCE or ID-TOKEN-EXPIRED with what to add where;
   *   ProviderError LOGIN-BUSY, LOGIN-UNAVAILABLE, LOGIN-UNREACHABLE, LOGIN-TIMEOUT or LOGIN-BAD-ANSWER; Interrupted
   */
  getIdToken(audience: string, signal: AbortSignal): Promise<string>;
}

export interface AwsRole {
  readonly roleArn: string;
  readonly region: string;
  /** Shown in AWS' records of who did what: 2 to 64 of letters, digits and `+=,.@-`. */
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** `sts.amazonaws.com` where it is not given. */
  readonly audience?: string;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch: until when the role can be taken again, where the job gets no other token. */
  readonly tokenEndsAt?: number;
}

export interface AzureApplication {
  readonly tenantId: string;
  readonly clientId: string;
  /** `https://management.azure.com/.default`. */
  readonly scope: string;
  /** `api://AzureADTokenExchange` where it is not given. */
  readonly audience?: string;
}

export interface GooglePool {
  /** `projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`. */
  readonly provider: string;
  /** E-mail address of the service account to act as; the pool's own identity where it is not given. */
  readonly serviceAccount?: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
  /** `https://iam.googleapis.com/<provider>` where it is not given. */
  readonly audience?: string;
}

export interface DatabricksWorkspace {
  /** `https://adb-1.2.azuredatabricks.net`. */
  readonly host: string;
  /** Application id of the service principal; undefined for a policy of the whole account. */
  readonly clientId?: string;
  /** What the federation policy names; the address of the workspace's token endpoint where it is not given. */
  readonly audience?: string;
}

export interface BearerToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Credentials of clouds for a while, in exchange for a token of the job; no stored secret is used. All are hidden from
 * output before they are given back.
 * @throws what {@link IdTokens} throws; ConfigError LOGIN-DENIED with what the token says, so that the cloud can be told
 *   to trust it
 */
export interface Federation {
  aws(role: AwsRole, signal: AbortSignal): Promise<AwsCredentials>;
  azure(application: AzureApplication, signal: AbortSignal): Promise<BearerToken>;
  google(pool: GooglePool, signal: AbortSignal): Promise<BearerToken>;
  databricks(workspace: DatabricksWorkspace, signal: AbortSignal): Promise<BearerToken>;
}
