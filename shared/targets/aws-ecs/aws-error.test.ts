import { describe, expect, it } from 'vitest';
import { ConfigError, messageOf, ProviderError } from '../../errors.ts';
import { explainAwsError, isExpired, missingPermission } from './aws-error.ts';

const QUESTION = { what: 'the service motor', region: 'eu-west-1' };

function sdkError(name: string, message = 'said', more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400, requestId: 'r-1' }, ...more });
}

describe('what AWS says', () => {
  it.each<[string, Error, string, boolean]>([
    ['a refusal', sdkError('InvalidParameterException'), 'AWS-REFUSED', true],
    ['a permission', sdkError('AccessDeniedException'), 'AWS-ACCESS-DENIED', true],
    [
      'a permission in the words of a query service',
      sdkError('AccessDenied', 'said', { $metadata: { httpStatusCode: 403 } }),
      'AWS-ACCESS-DENIED',
      true,
    ],
    ['a session that ended', sdkError('ExpiredTokenException'), 'AWS-CREDENTIALS-EXPIRED', false],
    ['credentials that it does not know', sdkError('UnrecognizedClientException'), 'AWS-CREDENTIALS-MISSING', true],
    [
      'no credentials at all',
      sdkError('CredentialsProviderError', 'Could not load credentials', { $metadata: undefined }),
      'AWS-CREDENTIALS-MISSING',
      true,
    ],
    ['too many requests', sdkError('ThrottlingException'), 'AWS-BUSY', false],
    [
      'a failure of its own',
      sdkError('ServerException', 'said', { $metadata: { httpStatusCode: 500 } }),
      'AWS-UNAVAILABLE',
      false,
    ],
    ['nothing in time', sdkError('TimeoutError', 'said', { $metadata: {} }), 'AWS-TIMEOUT', false],
    ['nothing: refused', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'AWS-UNREACHABLE', false],
    ['nothing: no such host', Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'AWS-REGION', true],
    [
      'nothing: no such host, wrapped',
      new Error('x', { cause: Object.assign(new Error('y'), { code: 'ENOTFOUND' }) }),
      'AWS-REGION',
      true,
    ],
    ['something unheard of', new Error('what'), 'AWS-UNAVAILABLE', false],
  ])('is told by its code: %s', (_what, error, code, isConfig) => {
    const told = explainAwsError(error, QUESTION);
    expect(told).toBeInstanceOf(isConfig ? ConfigError : ProviderError);
    expect(messageOf(told)).toContain(`[${code}]`);
  });

  it('is left as it is where it is ours', () => {
    const ours = new ConfigError({ code: 'ECS-POLICY', what: 'x', fix: 'y' });
    expect(explainAwsError(ours, QUESTION)).toBe(ours);
  });

  it('carries the id of the request', () => {
    expect(messageOf(explainAwsError(sdkError('ClientException'), QUESTION))).toContain('request r-1');
  });

  it.each(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'])(
    'knows %s for credentials that are over',
    (name) => {
      expect(isExpired(sdkError(name))).toBe(true);
    },
  );
});

describe('a permission that is missing', () => {
  const who = 'User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform:';

  it.each<[string, string, string, string | undefined]>([
    [
      'with its resource',
      `${who} ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:123456789012:service/c/s because no identity-based policy allows the ecs:UpdateService action`,
      'ecs:UpdateService',
      'arn:aws:ecs:eu-west-1:123456789012:service/c/s',
    ],
    ['without one', `${who} ecr:GetAuthorizationToken with an explicit deny`, 'ecr:GetAuthorizationToken', undefined],
    [
      'with a star',
      `${who} elasticloadbalancing:DescribeRules on resource: *`,
      'elasticloadbalancing:DescribeRules',
      '*',
    ],
  ])('is read %s', (_what, text, action, resource) => {
    expect(missingPermission(text)).toEqual({ action, resource });
  });

  it('is owned up to where AWS names none', () => {
    expect(missingPermission('Access denied').action).toMatch(/does not name/);
  });

  it('of passing a role says to whom', () => {
    const error = sdkError(
      'AccessDeniedException',
      `${who} iam:PassRole on resource: arn:aws:iam::123456789012:role/task`,
    );
    expect(messageOf(explainAwsError(error, QUESTION))).toMatch(/passed to ecs-tasks\.amazonaws\.com/);
  });
});
