import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { storePortfolios } from '../../../tests/portfolio/store-portfolios.ts';
import { ConfigError } from '../../errors.ts';
import type { Federation } from '../../ports/identity.ts';
import type { StoreEnv, StoreTools } from './store-tools.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Seen {
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** Gives access tokens at /token, and says of every bucket that it is not there. */
async function serve(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', body });
    if (request.url === '/token') response.end(JSON.stringify({ access_token: 'given-token', expires_in: 3600 }));
    else response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Opens a portfolio that is not there, and gives back who was asked as whom. */
async function authorizations(
  dataset: string,
  url: string,
  seen: readonly Seen[],
  env: StoreEnv,
  change: Partial<StoreTools> = {},
): Promise<readonly string[]> {
  const fetchHere: typeof globalThis.fetch = (input, init) =>
    fetch(String(input).replace(/^https:\/\/(storage\.googleapis\.com|oauth2\.googleapis\.com)/, url), init);
  const tools = { fetch: fetchHere, ...change };
  const error = await storePortfolios(env, tools)
    .open({ root: '/', dataset, key: undefined }, new AbortController().signal)
    .catch((thrown: unknown) => thrown);
  expect((error as ConfigError).problems[0]).toMatchObject({ code: 'PORTFOLIO-BUCKET' });
  return seen.filter(({ path }) => path !== '/token').map(({ authorization }) => authorization);
}

const asked: unknown[] = [];
const HOUR_MS = 3_600_000;
const federation = {
  aws: async (role) => {
    asked.push(role);
    return {
      accessKeyId: 'ASIAJOB',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiresAt: Date.now() + HOUR_MS,
    };
  },
  google: async (pool) => {
    asked.push(pool);
    return { token: 'google-of-job', expiresAt: Date.now() + HOUR_MS };
  },
  azure: async (application) => {
    asked.push(application);
    return { token: 'azure-of-job', expiresAt: Date.now() + HOUR_MS };
  },
  databricks: () => Promise.reject(new Error('nobody asks it')),
} satisfies Federation;

describe('the identity of the job', () => {
  it('takes the role that the environment names, and reads from S3 as it', async () => {
    const { url, seen } = await serve();
    asked.length = 0;
    const env = { AWS_ENDPOINT_URL: url, AWS_ROLE_ARN: 'arn:aws:iam::1:role/reader', AWS_REGION: 'eu-west-2' };
    const headers = await authorizations('s3://book/*.csv', url, seen, env, { federation });
    expect(headers.every((header) => header.includes('Credential=ASIAJOB/'))).toBe(true);
    expect(asked).toMatchObject([{ roleArn: 'arn:aws:iam::1:role/reader', region: 'eu-west-2' }]);
  });

  it('logs in to Google’s pool, once', async () => {
    const { url, seen } = await serve();
    asked.length = 0;
    const env = { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: 'projects/1/x', GOOGLE_SERVICE_ACCOUNT: 'reader@x.iam' };
    const headers = await authorizations('gs://book/a.csv', url, seen, env, { federation });
    expect(headers).toEqual(['Bearer google-of-job', 'Bearer google-of-job']);
    expect(asked).toMatchObject([{ provider: 'projects/1/x', serviceAccount: 'reader@x.iam' }]);
  });

  it('is an application of Microsoft’s', async () => {
    const { url, seen } = await serve();
    asked.length = 0;
    const env = { AZURE_STORAGE_BLOB_ENDPOINT: url, AZURE_TENANT_ID: 't-1', AZURE_CLIENT_ID: 'c-1' };
    const dataset = 'abfss://book@account.dfs.core.windows.net/*.csv';
    const headers = await authorizations(dataset, url, seen, env, { federation });
    expect(headers).toEqual(['Bearer azure-of-job']);
    expect(asked).toEqual([{ tenantId: 't-1', clientId: 'c-1', scope: 'https://storage.azure.com/.default' }]);
  });
});

describe('a file of Google credentials', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });

  function withFile(content: unknown): Pick<StoreTools, 'readFile'> {
    return { readFile: async () => (content === undefined ? undefined : Buffer.from(JSON.stringify(content))) };
  }
  const env = { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };

  it('of a service account is signed with its key', async () => {
    const { url, seen } = await serve();
    const account = { type: 'service_account', client_email: 'r@x', private_key: pem, token_uri: `${url}/token` };
    const masked: string[] = [];
    const tools = { ...withFile(account), mask: (secret: string) => void masked.push(secret) };
    expect(await authorizations('gs://book/*.csv', url, seen, env, tools)).toEqual(['Bearer given-token']);
    const assertion = new URLSearchParams(seen[0]?.body).get('assertion') ?? '';
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const signed = Buffer.from(`${head}.${claims}`);
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'r@x', aud: `${url}/token` });
    expect(masked).toEqual(['given-token']);
  });

  it('of a user is refreshed', async () => {
    const { url, seen } = await serve();
    const user = { type: 'authorized_user', client_id: 'i', client_secret: 'secret', refresh_token: 'refresh' };
    expect(await authorizations('gs://book/*.csv', url, seen, env, withFile(user))).toEqual(['Bearer given-token']);
    expect(seen[0]?.body).toContain('refresh_token=refresh');
  });

  it.each([
    ['is not there', undefined],
    ['is of no kind that is known', { type: 'external_account' }],
    ['holds a key that cannot sign', { type: 'service_account', client_email: 'r@x', private_key: 'none' }],
  ])('that %s says so', async (why, content) => {
    const opening = storePortfolios(env, withFile(content)).open(
      { root: '/', dataset: 'gs://book/*.csv', key: undefined },
      new AbortController().signal,
    );
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({
      code: 'PORTFOLIO-CREDENTIALS',
      what: `the file of Google credentials /key.json ${why}`,
    });
  });
});
