import type { ECRClientConfig } from '@aws-sdk/client-ecr';
import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { Credential } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;

const TIMEOUT_MS = 60_000;

export interface EcrTools {
  /** Credentials and addresses of AWS; the SDK's own chain where nothing is given. */
  readonly config: Pick<ECRClientConfig, 'credentials' | 'endpoint'>;
  readonly mask: (secret: string) => void;
  /** Milliseconds for a login, all tries included; a minute where it is not given. */
  readonly timeoutMs?: number;
}

/**
 * Amazon's registries: a password for twelve hours, from the credentials of AWS.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export class EcrLogin implements LoginProvider {
  readonly #tools: EcrTools;

  constructor(tools: EcrTools) {
    this.#tools = tools;
  }

  async login(registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    const region = ecrRegion(registry);
    if (region === undefined) return undefined;
    const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
    const deadline = AbortSignal.timeout(this.#tools.timeoutMs ?? TIMEOUT_MS);
    const client = new ECRClient({ region, ...this.#tools.config });
    try {
      const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), {
        abortSignal: AbortSignal.any([signal, deadline]),
      });
      const { authorizationToken, expiresAt } = authorizationData?.[0] ?? {};
      return this.#read(registry, authorizationToken ?? '', expiresAt?.getTime());
    } catch (error) {
      if (signal.aborted) throw new Interrupted();
      if (deadline.aborted) throw timedOut(registry, error);
      throw error instanceof ProviderError || error instanceof ConfigError ? error : refusal(registry, error);
    } finally {
      client.destroy();
    }
  }

  #read(registry: string, token: string, expiresAt: number | undefined): Credential {
    const [username = '', password = ''] = Buffer.from(token, 'base64').toString('utf8').split(':');
    if (password === '') {
      const what = `AWS gave no password for ${registry}`;
      throw new ProviderError({ code: 'LOGIN-BAD-ANSWER', what, fix: 'Run the step again' });
    }
    this.#tools.mask(password);
    const known = expiresAt === undefined ? {} : { expiresAt };
    return { kind: 'password', username, password, from: 'AWS', ...known };
  }
}

/** What the environment says of AWS, the project's own file included; the SDK's own chain where it says nothing. */
export function awsConfigOf(env: Readonly<Record<string, string>>): EcrTools['config'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!accessKeyId || !secretAccessKey) return {};
  return {
    credentials: { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) },
  };
}

/** The region of one of Amazon's registries; undefined for any other. */
export function ecrRegion(registry: string): string | undefined {
  return HOST.exec(registry)?.[2];
}

/** The SDK itself waits for an answer without end. */
function timedOut(registry: string, cause: unknown): ProviderError {
  const what = `AWS did not give a password for ${registry} in time`;
  const fix = 'Check the network of the runner, then run the step again';
  return new ProviderError({ code: 'LOGIN-TIMEOUT', what, fix }, { retryable: true, cause });
}

/** The SDK has tried again by itself where that helps. */
function refusal(registry: string, error: unknown): ConfigError | ProviderError {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  const what = `AWS gives no password for ${registry}: ${[name, messageOf(error)].filter(Boolean).join(': ')}`;
  // AWS says so with the status of a refusal.
  if (status === 429 || /^(Throttl|TooManyRequests|RequestLimitExceeded)/.test(name)) {
    const fix = 'Run the step again later; other jobs that ask the same account often may be the cause';
    return new ProviderError({ code: 'LOGIN-BUSY', what, fix }, { cause: error, retryable: true });
  }
  if (/^(ExpiredToken|RequestExpired)/.test(name)) {
    const fix = 'Give the job new credentials, or set role under [targets.aws-ecs], which is taken by its own token';
    return new ConfigError({ code: 'LOGIN-DENIED', what, fix });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    const fix = 'Allow ecr:GetAuthorizationToken to the role that this job takes';
    return new ConfigError({ code: 'LOGIN-DENIED', what, fix });
  }
  if (/Credentials?(?:Provider)?Error/.test(name)) {
    const fix = `Give this job credentials of AWS, or log in to ${registry} before it`;
    return new ConfigError({ code: 'LOGIN-DENIED', what, fix });
  }
  const code = status === undefined ? 'LOGIN-UNREACHABLE' : 'LOGIN-UNAVAILABLE';
  return new ProviderError(
    { code, what, fix: 'Run the step again later' },
    { cause: error, ...(status && { status }) },
  );
}

function statusOf(error: unknown): number | undefined {
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
