import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Interrupted } from '../../errors.ts';
import { explainAwsError, isExpired } from './aws-error.ts';

/** Credentials as the AWS SDKs take them. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AwsAccess {
  readonly region: string;
  /** Instead of AWS' own addresses: an emulator. */
  readonly endpoint: string | undefined;
  /** Asked again before they run out; undefined: found as every AWS SDK finds them. */
  readonly credentials: ((signal: AbortSignal) => Promise<AwsIdentity>) | undefined;
  /** Shown in AWS' records of who asked: `haute-deploy/1.2.3`. */
  readonly userAgent: string;
  /** Times that a call is made before a busy AWS is taken at its word; 6 where it is not given. */
  readonly maxAttempts?: number;
}

/** What every client is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: () => Promise<AwsIdentity>;
  readonly customUserAgent: string;
  readonly retryMode: 'standard';
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly connectionTimeout: number;
  };
}

/** How a call is ended from outside. */
export interface AwsOptions {
  readonly abortSignal: AbortSignal;
}

/** One attempt; and all attempts of one call, waits included. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 180_000;
const MAX_ATTEMPTS = 6;

/** The clients, each made when it is first asked for. */
export class AwsClients {
  readonly #config: ClientConfig;
  readonly #made = new Map<string, { destroy(): void }>();

  constructor(access: AwsAccess) {
    const { region, endpoint, credentials, userAgent, maxAttempts = MAX_ATTEMPTS } = access;
    this.#config = {
      region,
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials && { credentials: () => credentials(AbortSignal.timeout(CALL_TIMEOUT_MS)) }),
      customUserAgent: userAgent,
      retryMode: 'standard',
      maxAttempts,
      requestHandler: {
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
        connectionTimeout: CONNECTION_TIMEOUT_MS,
      },
    };
  }

  get ecs(): ECSClient {
    return this.#client('ecs', () => new ECSClient(this.#config));
  }

  get elb(): ElasticLoadBalancingV2Client {
    return this.#client('elb', () => new ElasticLoadBalancingV2Client(this.#config));
  }

  get logs(): CloudWatchLogsClient {
    return this.#client('logs', () => new CloudWatchLogsClient(this.#config));
  }

  get scaling(): ApplicationAutoScalingClient {
    return this.#client('scaling', () => new ApplicationAutoScalingClient(this.#config));
  }

  /** Images may be in another region than the service. */
  ecr(region: string): ECRClient {
    return this.#client(`ecr ${region}`, () => new ECRClient({ ...this.#config, region }));
  }

  /** One that is not made here: its code is loaded by who asks for it, and only then. */
  other<T extends { destroy(): void }>(key: string, make: (config: ClientConfig) => T): T {
    return this.#client(key, () => make(this.#config));
  }

  destroy(): void {
    for (const client of this.#made.values()) client.destroy();
  }

  #client<T extends { destroy(): void }>(key: string, make: () => T): T {
    const client = (this.#made.get(key) as T | undefined) ?? make();
    this.#made.set(key, client);
    return client;
  }
}

/** Asks AWS: bounded in time, tried again where AWS asks for it, with credentials that are renewed once they ran out. */
export class Aws {
  readonly region: string;
  readonly #access: AwsAccess;
  #clients: AwsClients;

  constructor(access: AwsAccess) {
    this.region = access.region;
    this.#access = access;
    this.#clients = new AwsClients(access);
  }

  /**
   * @param what is asked for, for people: `the service motor-pricing`
   * @param call makes the request with one of the clients
   * @throws what explainAwsError makes of it; Interrupted when the signal fires
   */
  async ask<T>(
    what: string,
    call: (clients: AwsClients, options: AwsOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    try {
      return await this.#once(call, signal);
    } catch (error) {
      if (signal?.aborted) throw new Interrupted();
      if (!isExpired(error)) throw explainAwsError(error, { what, region: this.region });
    }
    this.#clients.destroy();
    this.#clients = new AwsClients(this.#access);
    try {
      return await this.#once(call, signal);
    } catch (error) {
      if (signal?.aborted) throw new Interrupted();
      throw explainAwsError(error, { what, region: this.region });
    }
  }

  async #once<T>(
    call: (clients: AwsClients, options: AwsOptions) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (signal?.aborted) throw new Interrupted();
    const deadline = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
    try {
      return await call(this.#clients, { abortSignal });
    } catch (error) {
      if (!deadline.aborted || signal?.aborted) throw error;
      throw Object.assign(new Error('its time is over', { cause: error }), { name: 'TimeoutError' });
    }
  }
}
