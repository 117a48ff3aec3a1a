import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { FakeCredentials, World } from '../world.ts';
import { decide, type Question } from './evaluate.ts';

/** Whose access key a request is signed with. @throws AwsError for credentials that are missing, unknown or expired */
export function callerOf(world: World, headers: IncomingHttpHeaders, query: boolean): FakeCredentials {
  const [, accessKey] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  if (accessKey === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', query ? 403 : 400);
  }
  const credentials = world.credentials.get(accessKey);
  if (!credentials || headers['x-amz-security-token'] !== credentials.token) {
    const message = 'The security token included in the request is invalid.';
    throw query
      ? new AwsError('InvalidClientTokenId', message, 403)
      : new AwsError('UnrecognizedClientException', message);
  }
  if (credentials.expired) {
    const message = 'The security token included in the request is expired';
    throw query ? new AwsError('ExpiredToken', message, 403) : new AwsError('ExpiredTokenException', message);
  }
  return credentials;
}

/** @throws AwsError for the first question that the caller's policy does not allow, in the words of AWS */
export function authorize({ arn, policy }: FakeCredentials, asked: readonly Question[], query: boolean): void {
  if (!policy) return;
  for (const question of asked) {
    const { action, resource, context } = question;
    const decision = decide(policy, { ...question, context: { ...context, 'aws:PrincipalArn': arn } });
    if (decision === 'allow') continue;
    const why =
      decision === 'deny'
        ? `because no identity-based policy allows the ${action} action`
        : 'with an explicit deny in an identity-based policy';
    const what = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    throw new AwsError(query ? 'AccessDenied' : 'AccessDeniedException', what, query ? 403 : 400);
  }
}
