import { ConfigError, ProviderError } from '../../errors.ts';
import type { Credential } from './credentials.ts';
import { askEcr, type EcrTools, type EcrTrouble, ecrPlace, RENEW_CREDENTIALS } from './ecr-call.ts';
import type { LoginProvider } from './login-provider.ts';

export interface EcrLoginTools extends EcrTools {
  readonly mask: (secret: string) => void;
}

/**
 * Amazon's registries: a password for twelve hours, from the credentials of AWS.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export class EcrLogin implements LoginProvider {
  readonly #tools: EcrLoginTools;

  constructor(tools: EcrLoginTools) {
    this.#tools = tools;
  }

  async login(registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    const place = ecrPlace(registry);
    if (place === undefined) return undefined;
    const told = (trouble: EcrTrouble): Error => noPassword(registry, trouble);
    return askEcr(place.region, this.#tools, { signal, told }, async (client, sdk, options) => {
      const { authorizationData } = await client.send(new sdk.GetAuthorizationTokenCommand({}), options);
      const { authorizationToken, expiresAt } = authorizationData?.[0] ?? {};
      return this.#read(registry, authorizationToken ?? '', expiresAt?.getTime());
    });
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

function noPassword(registry: string, { kind, said, status, cause }: EcrTrouble): ConfigError | ProviderError {
  const what = `AWS gives no password for ${registry}: ${said}`;
  switch (kind) {
    case 'refused': {
      const fix = 'Allow ecr:GetAuthorizationToken to the role that this job takes';
      return new ConfigError({ code: 'LOGIN-DENIED', what, fix });
    }
    case 'busy': {
      const fix = 'Run the step again later; other jobs that ask the same account often may be the cause';
      return new ProviderError({ code: 'LOGIN-BUSY', what, fix }, { retryable: true, cause });
    }
    case 'expired': {
      return new ConfigError({ code: 'LOGIN-DENIED', what, fix: RENEW_CREDENTIALS });
    }
    case 'no-credentials': {
      const fix = `Give this job credentials of AWS, or log in to ${registry} before it`;
      return new ConfigError({ code: 'LOGIN-DENIED', what, fix });
    }
    case 'late': {
      const late = `AWS did not give a password for ${registry} in time`;
      const fix = 'Check the network of the runner, then run the step again';
      return new ProviderError({ code: 'LOGIN-TIMEOUT', what: late, fix }, { retryable: true, cause });
    }
    default: {
      const code = kind === 'unreachable' ? 'LOGIN-UNREACHABLE' : 'LOGIN-UNAVAILABLE';
      const detail = { cause, ...(status && { status }) };
      return new ProviderError({ code, what, fix: 'Run the step again later' }, detail);
    }
  }
}
