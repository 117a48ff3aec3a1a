import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AwsCredentials, Federation } from '../../ports/identity.ts';
import type { AwsIdentity } from './clients.ts';

/** Credentials that end sooner than this are not begun anything with. */
const MARGIN_MS = 5 * 60_000;

export interface RoleOptions {
  readonly roleArn: string;
  readonly region: string;
  /** Shown in AWS' records: the model that is deployed. */
  readonly session: string;
  /** How long a session is asked for. */
  readonly sessionMs: number;
  /** Undefined where the job has no token of its own. */
  readonly federation: Pick<Federation, 'aws'> | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Credentials of a role, taken by the job's own token; the same for every client, and taken anew before they run out.
 * Where the job gets no second token, they are taken anew once more while it is still good, for a session that is whole.
 */
export function roleCredentials(options: RoleOptions): (signal: AbortSignal) => Promise<AwsIdentity> {
  const { roleArn, region, session, sessionMs, federation, clock } = options;
  const role = { roleArn, region, sessionName: sessionNameOf(session), durationSeconds: Math.round(sessionMs / 1000) };
  let held: Promise<AwsCredentials> | undefined;
  let last: AwsCredentials | undefined;
  let useUntil = 0;

  return async (signal) => {
    if (!federation) throw withoutToken(roleArn);
    if (!held || clock.now() >= useUntil - MARGIN_MS) {
      held = take(federation, signal);
      useUntil = Number.POSITIVE_INFINITY;
    }
    try {
      last = await held;
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt, tokenEndsAt } = last;
      const isEarly = tokenEndsAt !== undefined && clock.now() < tokenEndsAt - MARGIN_MS;
      useUntil = isEarly ? Math.min(expiresAt, tokenEndsAt) : expiresAt;
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(useUntil) };
    } catch (error) {
      held = undefined;
      throw error;
    }
  };

  async function take(from: Pick<Federation, 'aws'>, signal: AbortSignal): Promise<AwsCredentials> {
    try {
      return await from.aws(role, signal);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      // What is still good is used to its end.
      if (last && clock.now() < last.expiresAt - MARGIN_MS) return toItsEnd(last);
      if (/MaxSessionDuration/.test(messageOf(error))) throw sessionTooLong(roleArn, sessionMs);
      throw last ? notRenewed(roleArn, error) : error;
    }
  }
}

function toItsEnd({ tokenEndsAt: _, ...credentials }: AwsCredentials): AwsCredentials {
  return credentials;
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

function sessionTooLong(roleArn: string, sessionMs: number): ConfigError {
  return new ConfigError({
    code: 'AWS-ROLE-SESSION',
    what: `the role ${roleArn} gives no sessions of ${sessionMs / 60_000} minutes, which role_session asks for`,
    fix: 'Raise the maximum session duration of the role, or lower role_session under [targets.aws-ecs]',
  });
}

function notRenewed(roleArn: string, cause: unknown): ProviderError {
  return new ProviderError(
    {
      code: 'AWS-ROLE-NOT-RENEWED',
      what: `the session of the role ${roleArn} is over, and the role cannot be taken again: ${messageOf(cause)}`,
      fix: 'Give the job a longer timeout, which on GitLab is how long its token is good, or longer sessions with role_session under [targets.aws-ecs]; what AWS is in the middle of goes back by itself after hold_timeout, and at once with rollback and the cancel input',
    },
    { cause },
  );
}
