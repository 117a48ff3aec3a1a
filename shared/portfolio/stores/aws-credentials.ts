import { randomUUID } from 'node:crypto';
import type { AwsCredentials } from '../../ports/identity.ts';
import type { StoreTools } from './store-tools.ts';

/** What the SDK takes for credentials: fixed ones, or somebody to ask for them, again when they have ended. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type AwsIdentityProvider = () => Promise<AwsIdentity>;

const SESSION_SECONDS = 3600;

/**
 * Who reads from S3: the keys of the environment, or else the role that the environment names, taken as the job.
 * @returns undefined where the SDK is to look at its own places: profiles, web identity files, the machine
 */
export function awsCredentials(
  { env, mask, federation }: StoreTools,
  region: string,
  signal: AbortSignal,
): AwsIdentity | AwsIdentityProvider | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (accessKeyId && secretAccessKey) {
    for (const secret of [secretAccessKey, sessionToken]) if (secret) mask(secret);
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  }
  const roleArn = env.AWS_ROLE_ARN;
  if (!roleArn || !federation || env.AWS_WEB_IDENTITY_TOKEN_FILE) return undefined;
  const sessionName = env.AWS_ROLE_SESSION_NAME || `haute-portfolio-${randomUUID().slice(0, 8)}`;
  return async () => {
    const role = { roleArn, region, sessionName, durationSeconds: SESSION_SECONDS };
    return identityOf(await federation.aws(role, signal));
  };
}

function identityOf({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: AwsCredentials): AwsIdentity {
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
}
