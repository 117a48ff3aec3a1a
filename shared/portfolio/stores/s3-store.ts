import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { ConfigError, messageOf, ProviderError } from '../../errors.ts';
import { type Digest, isDigest } from '../../release/digest.ts';
import { portfolioError } from '../portfolio-errors.ts';
import { awsCredentials } from './aws-credentials.ts';
import type { ObjectPage, ObjectStore, ObjectVersion } from './object-store.ts';
import {
  bucketMissing,
  busy,
  cut,
  denied,
  noCredentials,
  notUnderstood,
  refused,
  type StoreAction,
  type StoreWords,
  silence,
} from './store-errors.ts';
import type { StoreTools } from './store-tools.ts';

const STORE = 'Amazon S3';
const DEFAULT_REGION = 'us-east-1';

type Sdk = typeof import('@aws-sdk/client-s3');

/** Opens a bucket of Amazon S3. Loads the SDK, which is large and needed by few. */
export async function openS3(tools: StoreTools, bucket: string, signal: AbortSignal): Promise<ObjectStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const { env } = tools;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION;
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const credentials = awsCredentials(tools, region, signal);
  const client = new sdk.S3Client({
    region,
    // A bucket of another region names it, and is asked there.
    followRegionRedirects: true,
    // Tries are counted and waited for in one place.
    maxAttempts: 1,
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(credentials && { credentials }),
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });
  return new S3Store(tools, sdk, client, bucket, region);
}

/** A bucket of Amazon S3, or of what speaks like it. */
class S3Store implements ObjectStore {
  readonly #tools: StoreTools;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #words: StoreWords;

  constructor(tools: StoreTools, sdk: Sdk, client: S3Client, bucket: string, region: string) {
    this.#tools = tools;
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
    this.#region = region;
    this.#words = {
      store: STORE,
      bucket: `the bucket ${bucket}`,
      permission: {
        list: `s3:ListBucket on arn:aws:s3:::${bucket}`,
        read: `s3:GetObject on arn:aws:s3:::${bucket}/*, s3:ListBucket on arn:aws:s3:::${bucket}, and kms:Decrypt where its key is your own`,
      },
      credentials: 'Set AWS_ROLE_ARN, a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for this step',
    };
  }

  async list(prefix: string, from: string | undefined, signal: AbortSignal): Promise<ObjectPage> {
    const input = { Bucket: this.#bucket, Prefix: prefix, ...(from !== undefined && { ContinuationToken: from }) };
    const page = await this.#ask('list', signal, (abortSignal) =>
      this.#client.send(new this.#sdk.ListObjectsV2Command(input), { abortSignal }),
    );
    if (page === undefined) throw bucketMissing(this.#words);
    const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    return { keys, next: page.IsTruncated === true ? page.NextContinuationToken : undefined };
  }

  async look(key: string, signal: AbortSignal): Promise<ObjectVersion | undefined> {
    const input = { Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' } as const;
    const found = await this.#ask('read', signal, (abortSignal) =>
      this.#client.send(new this.#sdk.HeadObjectCommand(input), { abortSignal }),
    );
    if (found === undefined) return undefined;
    const { ContentLength: bytes, ETag: pin, VersionId: version } = found;
    if (pin === undefined || bytes === undefined) throw notUnderstood(STORE, 200);
    const whole = found.ChecksumType !== 'COMPOSITE';
    const sums = whole ? [found.ChecksumCRC64NVME && `crc64nvme ${found.ChecksumCRC64NVME}`] : [];
    const versioned = version && version !== 'null' ? [`version ${version}`] : [];
    const name = [`${bytes} bytes`, ...sums.filter(Boolean), `etag ${pin}`, ...versioned].join(', ');
    return {
      bytes,
      pin,
      sha256: whole ? hexDigest(found.ChecksumSHA256) : undefined,
      name: `${name} of s3://${this.#bucket}/${key}`,
    };
  }

  async read(
    key: string,
    pin: string,
    start: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const input = { Bucket: this.#bucket, Key: key, IfMatch: pin, Range: `bytes=${start}-${end - 1}` };
    return this.#ask('read', signal, async (abortSignal) => {
      const { Body } = await this.#client.send(new this.#sdk.GetObjectCommand(input), { abortSignal });
      const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
      if (content.length !== end - start) throw cut(STORE, content.length, end - start);
      return content;
    });
  }

  /** Undefined where there is no such object, or not that version of it. */
  #ask<T>(
    action: StoreAction,
    signal: AbortSignal,
    send: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const { retry, timeoutMs } = this.#tools;
    return retry(
      async () => {
        const deadline = AbortSignal.timeout(timeoutMs);
        try {
          return await send(AbortSignal.any([signal, deadline]));
        } catch (error) {
          if (isAbsence(error)) return undefined;
          throw this.#explain(error, action, { signal, deadline, timeoutMs });
        }
      },
      { signal },
    );
  }

  #explain(
    error: unknown,
    action: StoreAction,
    limits: { signal: AbortSignal; deadline: AbortSignal; timeoutMs: number },
  ): unknown {
    if (error instanceof ConfigError || error instanceof ProviderError) return error;
    if (!(error instanceof Error) || limits.signal.aborted) return silence(STORE, error, limits);
    const { name } = error;
    if (name === 'CredentialsProviderError') return noCredentials(this.#words, messageOf(error));
    if (!isAnswer(error)) return silence(STORE, error, limits);
    const status = error.$metadata.httpStatusCode;
    const said = name === 'UnknownError' || name === String(status) ? '' : `${name}: ${error.message}`;
    if (name === 'NoSuchBucket') return bucketMissing(this.#words);
    if (REGION.has(name) || status === 301) return this.#elsewhere(said);
    if (LOGIN.has(name) || status === 401) return noCredentials(this.#words, said);
    if (status === 403) return denied(this.#words, action, said);
    const isBusy = BUSY.has(name) || status === 429 || (status ?? 0) >= 500;
    return isBusy ? busy(STORE, status, said, undefined) : refused(STORE, status, said);
  }

  #elsewhere(said: string): ConfigError {
    const what = `the bucket ${this.#bucket} is not in ${this.#region}${said === '' ? '' : `: ${said}`}`;
    return portfolioError('PORTFOLIO-REGION', what, 'Set AWS_REGION to the region of the bucket for this step');
  }
}

const REGION: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);
const LOGIN: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'TokenRefreshRequired',
]);
const BUSY: ReadonlySet<string> = new Set(['SlowDown', 'RequestTimeout', 'Throttling', 'ThrottlingException']);
const ABSENCE: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound', 'PreconditionFailed', 'InvalidRange']);

function isAnswer(error: Error): error is S3ServiceException {
  return '$metadata' in error && (error as S3ServiceException).$metadata?.httpStatusCode !== undefined;
}

/** A bucket that is not there is none: it has a name of its own, which a HEAD has no body to say. */
function isAbsence(error: unknown): boolean {
  if (!(error instanceof Error) || !isAnswer(error) || error.name === 'NoSuchBucket') return false;
  return ABSENCE.has(error.name) || error.$metadata.httpStatusCode === 404 || error.$metadata.httpStatusCode === 412;
}

/** S3 writes checksums in base64. */
function hexDigest(base64: string | undefined): Digest | undefined {
  const text = `sha256:${Buffer.from(base64 ?? '', 'base64').toString('hex')}`;
  return isDigest(text) ? text : undefined;
}
