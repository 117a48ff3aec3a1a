import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { storePortfolios } from '../../../tests/portfolio/store-portfolios.ts';
import { ConfigError, ProviderError } from '../../errors.ts';
import type { StoreEnv } from './store-tools.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A store that gives the answers of its documentation; which requests it saw is kept. */
async function serve(answer: RequestListener): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const ADDRESSES = {
  s3: 's3://book/*.jsonl',
  gs: 'gs://book/*.jsonl',
  azure: 'abfss://book@account.dfs.core.windows.net/*.jsonl',
} as const;
type Kind = keyof typeof ADDRESSES;

function envOf(kind: Kind, url: string): StoreEnv {
  if (kind === 'gs') return { STORAGE_EMULATOR_HOST: url };
  if (kind === 'azure')
    return { AZURE_STORAGE_BLOB_ENDPOINT: `${url}/account`, AZURE_STORAGE_SAS_TOKEN: 'sp=rl&sig=s3cr3t-signature' };
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 's3cr3t-key',
    AWS_REGION: 'eu-west-1',
  };
}

async function problemOf(kind: Kind, url: string) {
  const request = { root: '/', dataset: ADDRESSES[kind], key: undefined };
  const error = await storePortfolios(envOf(kind, url))
    .open(request, new AbortController().signal)
    .catch((thrown: unknown) => thrown);
  if (error instanceof ConfigError) return error.problems[0];
  if (error instanceof ProviderError) return error.problem;
  throw new Error(`expected a problem, got ${String(error)}`);
}

const s3Error = (code: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>said so</Message>${more}</Error>`;
const azureError = (code: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>said so\nRequestId:1</Message></Error>`;
const googleError = (code: number, message: string): string => JSON.stringify({ error: { code, message } });

/**
 * What the stores answer, as they write it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 * @see https://cloud.google.com/storage/docs/json_api/v1/status-codes
 */
const ANSWERS: readonly (readonly [Kind, number, string, string, RegExp])[] = [
  ['s3', 403, s3Error('AccessDenied'), 'PORTFOLIO-DENIED', /s3:ListBucket on arn:aws:s3:::book/],
  ['s3', 403, s3Error('InvalidAccessKeyId'), 'PORTFOLIO-CREDENTIALS', /AWS_ROLE_ARN/],
  ['s3', 400, s3Error('ExpiredToken'), 'PORTFOLIO-CREDENTIALS', /AWS_ROLE_ARN/],
  ['s3', 404, s3Error('NoSuchBucket'), 'PORTFOLIO-BUCKET', /Correct the address/],
  ['s3', 301, s3Error('PermanentRedirect'), 'PORTFOLIO-REGION', /AWS_REGION/],
  ['s3', 400, s3Error('AuthorizationHeaderMalformed', '<Region>eu-west-3</Region>'), 'PORTFOLIO-REGION', /AWS_REGION/],
  ['s3', 400, s3Error('InvalidArgument'), 'STORE-REFUSED', /Look at what it says/],
  ['gs', 403, googleError(403, 'x lacks storage.objects.list'), 'PORTFOLIO-DENIED', /storage\.objects\.list/],
  ['gs', 401, googleError(401, 'Anonymous caller'), 'PORTFOLIO-CREDENTIALS', /GOOGLE_WORKLOAD_IDENTITY_PROVIDER/],
  ['gs', 404, googleError(404, 'The specified bucket does not exist.'), 'PORTFOLIO-BUCKET', /Correct the address/],
  ['gs', 200, '{"items":"none of yours"}', 'STORE-REFUSED', /Look at what it says/],
  ['gs', 400, googleError(400, 'Invalid argument'), 'STORE-REFUSED', /Look at what it says/],
  ['azure', 403, azureError('AuthorizationPermissionMismatch'), 'PORTFOLIO-DENIED', /Storage Blob Data Reader/],
  ['azure', 403, azureError('AuthenticationFailed'), 'PORTFOLIO-CREDENTIALS', /AZURE_STORAGE_SAS_TOKEN/],
  ['azure', 409, azureError('PublicAccessNotPermitted'), 'PORTFOLIO-CREDENTIALS', /AZURE_STORAGE_SAS_TOKEN/],
  ['azure', 404, azureError('ContainerNotFound'), 'PORTFOLIO-BUCKET', /Correct the address/],
  ['azure', 400, azureError('InvalidQueryParameterValue'), 'STORE-REFUSED', /Look at what it says/],
];

describe('what a store answers', () => {
  it.each(ANSWERS)('%s %i is told by what it says and what to do', async (kind, status, body, code, fix) => {
    const { url } = await serve((_, response) => {
      response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'application/xml' });
      response.end(body);
    });
    const problem = await problemOf(kind, url);
    expect(problem).toMatchObject({ code, fix: expect.stringMatching(fix) });
    expect(JSON.stringify(problem)).not.toContain('s3cr3t');
  });

  it.each(Object.keys(ADDRESSES) as Kind[])('%s that is busy is asked a few times, and then is busy', async (kind) => {
    const { url, seen } = await serve((_, response) => {
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end(s3Error('SlowDown'));
    });
    const problem = await problemOf(kind, url);
    expect(problem.code).toBe('STORE-BUSY');
    expect(JSON.stringify(problem)).not.toContain('s3cr3t');
    expect(seen).toHaveLength(4);
  });

  it.each(Object.keys(ADDRESSES) as Kind[])(
    '%s that ends connections is unreachable, and no key is told',
    async (kind) => {
      const { url } = await serve((request) => request.socket.destroy());
      const problem = await problemOf(kind, url);
      expect(problem.code).toBe('STORE-UNREACHABLE');
      expect(JSON.stringify(problem)).not.toContain('s3cr3t');
    },
  );

  it.each([
    ['https://example.com/book.parquet?sig=s3cr3t', 'PORTFOLIO-REMOTE'],
    ['hdfs://node/book.parquet', 'PORTFOLIO-REMOTE'],
    ['s3://bucket', 'PORTFOLIO-ADDRESS'],
    ['s3://AKIA:s3cr3t@bucket/x', 'PORTFOLIO-ADDRESS'],
    ['gs:///x.parquet', 'PORTFOLIO-ADDRESS'],
    ['abfss://container/x.parquet', 'PORTFOLIO-ADDRESS'],
    ['abfss://c@account.evil.example/x.parquet', 'PORTFOLIO-ADDRESS'],
  ])('refuses the address %s', async (dataset, code) => {
    const opening = storePortfolios({}).open({ root: '/', dataset, key: undefined }, new AbortController().signal);
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0].code).toBe(code);
    expect((error as ConfigError).message).not.toContain('s3cr3t');
  });
});
