import { AwsError } from '../aws-error.ts';
import { seconds } from '../ecs/answers.ts';
import type { Wire } from '../ecs/state.ts';
import type { Handlers } from '../handler.ts';
import { decide, type PolicyDocument } from '../iam/evaluate.ts';
import type { FakeRole, World } from '../world.ts';

export const stsHandlers: Handlers = {
  GetCallerIdentity(world, _, caller) {
    return { UserId: caller.userId, Account: world.account, Arn: caller.arn };
  },
  AssumeRole(world, { RoleArn: arn, RoleSessionName: session, DurationSeconds = 3600 }, caller) {
    const role = world.roles.find((candidate) => candidate.arn === arn);
    const question = { action: 'sts:AssumeRole', resource: '*', context: {} };
    if (!role || decide(role.trust as PolicyDocument, question) !== 'allow') {
      const what = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
      throw new AwsError('AccessDenied', what, 403);
    }
    return issue(world, role, String(session), Number(DurationSeconds));
  },
  AssumeRoleWithWebIdentity(world, input) {
    const { RoleArn: arn, RoleSessionName: session, WebIdentityToken: token, DurationSeconds = 3600 } = input;
    const claims = claimsOf(String(token));
    const issuer = String(claims.iss ?? '').replace(/^https:\/\//, '');
    if (!world.identityProviders.has(issuer)) {
      const what = `No OpenIDConnect provider found in your account for ${claims.iss}`;
      throw new AwsError('InvalidIdentityTokenException', what);
    }
    if (Number(claims.exp ?? 0) * 1000 < Date.now()) {
      throw new AwsError(
        'ExpiredTokenException',
        'Token expired: current date/time must be before the expiration date/time',
      );
    }
    const role = world.roles.find((candidate) => candidate.arn === arn);
    const context = Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, String(value)]),
    );
    const question = { action: 'sts:AssumeRoleWithWebIdentity', resource: '*', context };
    if (!role || decide(role.trust as PolicyDocument, question) !== 'allow') {
      throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403);
    }
    return {
      ...issue(world, role, String(session), Number(DurationSeconds)),
      SubjectFromWebIdentityToken: String(claims.sub),
      Audience: String(claims.aud),
      Provider: `arn:aws:iam::${world.account}:oidc-provider/${issuer}`,
    };
  },
};

function issue(world: World, role: FakeRole, session: string, durationSeconds: number): Wire {
  if (durationSeconds > (role.maxSessionSeconds ?? 3600)) {
    const what = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
    throw new AwsError('ValidationError', what);
  }
  const accessKeyId = `ASIA${world.nextId(16).toUpperCase()}`;
  const arn = `arn:aws:sts::${world.account}:assumed-role/${role.name}/${session}`;
  const userId = `AROA0000000000EXAMPLE:${session}`;
  const token = `token-${world.nextId(32)}`;
  // Clients compare the end of a session with their own clock, and not with the one of the test.
  const expiresAt = Date.now() + durationSeconds * 1000;
  world.credentials.set(accessKeyId, {
    arn,
    userId,
    token,
    policy: role.policy as PolicyDocument | undefined,
    expired: false,
  });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: `secret-${world.nextId(33)}`,
      SessionToken: token,
      Expiration: seconds(expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
  };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const [, payload = ''] = token.split('.');
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    throw new AwsError(
      'InvalidIdentityTokenException',
      'The web identity token that was passed could not be validated.',
    );
  }
}
