import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';

/** What was asked of AWS when it failed. */
export interface AwsQuestion {
  /** For people: `the service motor-pricing`. */
  readonly what: string;
  readonly region: string;
}

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly cause?: unknown;
}

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const STRANGE = /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)$/;
const BUSY = /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT'];

/** True when the credentials are over: new ones may be had. */
export function isExpired(error: unknown): boolean {
  return EXPIRED.test(nameOf(error));
}

/** The name that AWS gives an error: `ClusterNotFoundException`; empty where it is none of AWS'. */
export function nameOf(error: unknown): string {
  return (error as SdkError | undefined)?.name ?? '';
}

/**
 * One of our errors for anything that a call to AWS ended with; ours stay as they are.
 * @returns ConfigError for what the user must change, ProviderError for what AWS or the network failed to do
 */
export function explainAwsError(error: unknown, question: AwsQuestion): Error {
  if (error instanceof ConfigError || error instanceof ProviderError || error instanceof Interrupted) return error;
  const { name = '', $metadata = {} } = error as SdkError;
  const detail = detailOf(error as SdkError);
  const { httpStatusCode: status } = $metadata;
  const { what, region } = question;
  const said = `${name}: ${messageOf(error)}`;
  if (DENIED.test(name)) return denied(messageOf(error), what);
  if (EXPIRED.test(name)) return expired(what, detail);
  if (name === 'CredentialsProviderError' || STRANGE.test(name)) return withoutCredentials(name, messageOf(error));
  const network = networkCode(error);
  if (network === 'ENOTFOUND' || network === 'EAI_AGAIN') return noSuchRegion(region, network);
  if (name === 'TimeoutError')
    return new ProviderError(
      { code: 'AWS-TIMEOUT', what: `AWS did not answer in time when asked for ${what}`, fix: 'Run the step again' },
      { ...detail, retryable: true },
    );
  if (network !== undefined)
    return new ProviderError(
      {
        code: 'AWS-UNREACHABLE',
        what: `AWS in ${region} could not be reached for ${what} (${network})`,
        fix: 'Check the network and the proxy of the runner, then run the step again',
      },
      { ...detail, retryable: true },
    );
  if (BUSY.test(name) || status === 429)
    return new ProviderError(
      {
        code: 'AWS-BUSY',
        what: `AWS refused ${what} because of too many requests (${said}), every time it was asked`,
        fix: 'Run the step again later; other jobs that ask the same account often may be the cause',
      },
      { ...detail, retryable: true },
    );
  if (status !== undefined && status < 500 && name !== 'ServerException')
    return new ConfigError({
      code: 'AWS-REFUSED',
      what: `AWS refused ${what}: ${said}${suffix($metadata.requestId)}`,
      fix: 'Change what it names; the plan of a dry run shows what is sent',
    });
  return new ProviderError(
    {
      code: 'AWS-UNAVAILABLE',
      what: `AWS failed at ${what}: ${said}${suffix($metadata.requestId)}`,
      fix: 'Run the step again; look at the AWS Health Dashboard when it stays',
    },
    { ...detail, retryable: true },
  );
}

/** The action and the resource that a refusal names: AWS writes both into its text. */
export function missingPermission(text: string): { readonly action: string; readonly resource: string | undefined } {
  const [, action, resource] = /perform:? ([\w*-]+:[\w*-]+)(?: on (?:the )?resource:? (\S+))?/.exec(text) ?? [];
  return { action: action ?? 'an action that it does not name', resource: resource?.replace(/[.,]$/, '') };
}

function denied(text: string, what: string): ConfigError {
  const { action, resource } = missingPermission(text);
  const where = resource === undefined ? '' : ` on ${resource}`;
  const pass =
    action === 'iam:PassRole'
      ? ', with the condition that it is passed to ecs-tasks.amazonaws.com or ecs.amazonaws.com'
      : '';
  return new ConfigError({
    code: 'AWS-ACCESS-DENIED',
    what: `the credentials of this job may not do ${action}${where}, which is needed for ${what}`,
    fix: `Allow ${action}${where} in the IAM policy of the role${pass}; docs/aws-ecs.md has the whole policy`,
  });
}

function expired(what: string, detail: object): ProviderError {
  return new ProviderError(
    {
      code: 'AWS-CREDENTIALS-EXPIRED',
      what: `the AWS credentials ran out before ${what} was done, and no new ones can be had`,
      fix: 'Set role under [targets.aws-ecs], which is taken anew when it runs out, or give the session more time; run the step again to take up what AWS goes on with',
    },
    detail,
  );
}

function withoutCredentials(name: string, text: string): ConfigError {
  return new ConfigError({
    code: 'AWS-CREDENTIALS-MISSING',
    what: `there are no AWS credentials that are good (${name}: ${text.split('\n')[0]})`,
    fix: 'Set AWS_ROLE_ARN for the job, or role under [targets.aws-ecs], and let the job have an identity token; or give it AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  });
}

function noSuchRegion(region: string, network: string): ConfigError {
  return new ConfigError({
    code: 'AWS-REGION',
    what: `no AWS service is found for the region ${region} (${network})`,
    fix: 'Check region under [deploy.aws-ecs] in haute.toml (eu-west-1, for example), and that the runner can resolve names',
  });
}

function networkCode(error: unknown): string | undefined {
  for (let at = error as SdkError | undefined, depth = 0; at && depth < 5; at = at.cause as SdkError, depth += 1) {
    if (at.code === 'ENOTFOUND' || at.code === 'EAI_AGAIN' || NETWORK.includes(at.code ?? '')) return at.code;
  }
  return undefined;
}

function detailOf({ $metadata }: SdkError): { status?: number; requestId?: string } {
  return {
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
    ...($metadata?.requestId !== undefined && { requestId: $metadata.requestId }),
  };
}

function suffix(requestId: string | undefined): string {
  return requestId === undefined ? '' : ` (request ${requestId})`;
}
