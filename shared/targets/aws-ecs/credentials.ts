import { ConfigError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AwsCredentials, Federation } from '../../ports/identity.ts';
import type { AwsIdentity } from './clients.ts';

const SESSION_SECONDS = 3_600;
/** Credentials that end sooner than this are not begun anything with. */
const MARGIN_MS = 5 * 60_000;

export interface RoleOptions {
  readonly roleArn: string;
  readonly region: string;
  /** Shown in AWS' records: the model that is deployed. */
  readonly session: string;
  /** Undefined where the job has no token of its own. */
  readonly federation: Pick<Federation, 'aws'> | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Credentials of a role, taken by the job's own token; the same for every client, and taken anew before they run out. */
export function roleCredentials(options: RoleOptions): (signal: AbortSignal) => Promise<AwsIdentity> {
  const { roleArn, region, session, federation, clock } = options;
  let held: Promise<AwsCredentials> | undefined;
  let endsAt = 0;

  return async (signal) => {
    if (!federation) throw withoutToken(roleArn);
    if (!held || clock.now() >= endsAt - MARGIN_MS) {
      const sessionName = sessionNameOf(session);
      held = federation.aws({ roleArn, region, sessionName, durationSeconds: SESSION_SECONDS }, signal);
      endsAt = Number.POSITIVE_INFINITY;
    }
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = await held;
      endsAt = expiresAt;
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
    } catch (error) {
      held = undefined;
      throw error;
    }
  };
}

/**
 * The role to take by the job's own token: the one that this job names, before the policy's, which is for every job. One
 * that comes with a token file or with keys, or to a job without a token, is the SDK's to take or leave.
 */
export function roleOf(
  policy: string | undefined,
  env: Readonly<Record<string, string>>,
  federation: RoleOptions['federation'],
): string | undefined {
  const { AWS_ROLE_ARN: own, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ACCESS_KEY_ID: key } = env;
  return own && federation && !file && !key ? own : policy;
}

/** Credentials that the run was given as variables; undefined where it was not, and the SDK's own chain looks further. */
export function givenCredentials(
  env: Readonly<Record<string, string>>,
): ((signal: AbortSignal) => Promise<AwsIdentity>) | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return async () => ({ accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) });
}

/** 2 to 64 of the characters that AWS takes. */
export function sessionNameOf(text: string): string {
  return `haute-${text.replaceAll(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}

function withoutToken(roleArn: string): ConfigError {
  return new ConfigError({
    code: 'AWS-ROLE-WITHOUT-TOKEN',
    what: `the role ${roleArn} is to be taken by the job’s own token, and this run has none`,
    fix: 'Leave role out of [targets.aws-ecs] where the credentials come from elsewhere: a profile, or a step before this one',
  });
}
