import { z } from 'zod';
import type { AwsCredentials, AwsRole } from '../ports/identity.ts';
import { denied, readBody } from './answers.ts';
import { call, type TokenAnswer } from './call.ts';
import type { IdentityTools } from './identity-tools.ts';

const WHOM = 'AWS STS';
const credentials = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1),
  expiresAt: z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
});

/**
 * Takes a role by a token. The call is not signed, so it is made without the SDK.
 * @param endpoint `https://sts.<region>.amazonaws.com`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeAwsRole(
  tools: IdentityTools,
  endpoint: string,
  role: AwsRole,
  token: string,
  signal: AbortSignal,
): Promise<AwsCredentials> {
  const form = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName,
    DurationSeconds: String(role.durationSeconds),
    WebIdentityToken: token,
  };
  const answer = await call(
    tools,
    { whom: WHOM, url: endpoint, form, headers: { accept: 'text/xml' } },
    signal,
    isPassing,
  );
  const secretAccessKey = field(answer.text, 'SecretAccessKey');
  const sessionToken = field(answer.text, 'SessionToken');
  for (const secret of [secretAccessKey, sessionToken]) if (secret) tools.mask(secret);
  if (answer.status !== 200) {
    const said = [field(answer.text, 'Code'), field(answer.text, 'Message')].filter(Boolean).join(': ');
    const fix = `Let the trust policy of ${role.roleArn} name this issuer, subject and audience, and no other`;
    throw denied(WHOM, token, answer, said, fix);
  }
  const found = {
    accessKeyId: field(answer.text, 'AccessKeyId'),
    secretAccessKey,
    sessionToken,
    expiresAt: field(answer.text, 'Expiration'),
  };
  return readBody(credentials, found, WHOM);
}

/** STS could not ask the issuer for its keys; its documentation says to ask again. */
function isPassing({ status, text }: TokenAnswer): boolean {
  return status === 400 && field(text, 'Code') === 'IDPCommunicationError';
}

/** The text of the first element of a name: the answer has each once, and none of them has markup inside. */
function field(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
