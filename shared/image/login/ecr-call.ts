import type { ECRClient, ECRClientConfig } from '@aws-sdk/client-ecr';
import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';

const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;

const TIMEOUT_MS = 60_000;

/** One of Amazon's registries, by the parts of its name. */
export interface EcrPlace {
  readonly account: string;
  readonly region: string;
}

export interface EcrTools {
  /** Credentials and addresses of AWS; the SDK's own chain where nothing is given. */
  readonly config: Pick<ECRClientConfig, 'credentials' | 'endpoint'>;
  /** Milliseconds for a question, all tries included; a minute where it is not given. */
  readonly timeoutMs?: number;
}

/** Why Amazon's API did not do what it was asked for. The SDK has tried again by itself where that helps. */
export interface EcrTrouble {
  readonly kind: 'refused' | 'expired' | 'no-credentials' | 'busy' | 'late' | 'unreachable' | 'unavailable';
  /** The name that AWS gives it, and its text. */
  readonly said: string;
  readonly status: number | undefined;
  readonly cause: unknown;
}

/** What to do where credentials have expired. */
export const RENEW_CREDENTIALS =
  'Give the job new credentials, or set role under [targets.aws-ecs], which is taken by its own token';

type Sdk = typeof import('@aws-sdk/client-ecr');
type SendOptions = { readonly abortSignal: AbortSignal };

/** The account and the region of one of Amazon's registries; undefined for any other. */
export function ecrPlace(registry: string): EcrPlace | undefined {
  const [, account, region] = HOST.exec(registry) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

/**
 * One question to the API of Amazon's registries, within its time. The SDK is loaded for it alone.
 * @param told makes the error of what went wrong
 * @throws Interrupted, the error of `told`, and errors of this suite that the question itself throws
 */
export async function askEcr<Answer>(
  region: string,
  tools: EcrTools,
  { signal, told }: { readonly signal: AbortSignal; readonly told: (trouble: EcrTrouble) => Error },
  ask: (client: ECRClient, sdk: Sdk, options: SendOptions) => Promise<Answer>,
): Promise<Answer> {
  const sdk = await import('@aws-sdk/client-ecr');
  const deadline = AbortSignal.timeout(tools.timeoutMs ?? TIMEOUT_MS);
  const client = new sdk.ECRClient({ region, ...tools.config });
  try {
    return await ask(client, sdk, { abortSignal: AbortSignal.any([signal, deadline]) });
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    // The SDK itself waits for an answer without end.
    if (deadline.aborted) throw told({ kind: 'late', said: 'no answer', status: undefined, cause: error });
    throw error instanceof ProviderError || error instanceof ConfigError ? error : told(troubleOf(error));
  } finally {
    client.destroy();
  }
}

function troubleOf(error: unknown): EcrTrouble {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  const trouble = { said: [name, messageOf(error)].filter(Boolean).join(': '), status, cause: error };
  // AWS says both with the status of a refusal.
  if (status === 429 || /^(Throttl|TooManyRequests|RequestLimitExceeded)/.test(name))
    return { ...trouble, kind: 'busy' };
  if (/^(ExpiredToken|RequestExpired)/.test(name)) return { ...trouble, kind: 'expired' };
  if (status !== undefined && status >= 400 && status < 500) return { ...trouble, kind: 'refused' };
  if (/Credentials?(?:Provider)?Error/.test(name)) return { ...trouble, kind: 'no-credentials' };
  return { ...trouble, kind: status === undefined ? 'unreachable' : 'unavailable' };
}

function statusOf(error: unknown): number | undefined {
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
