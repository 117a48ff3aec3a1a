import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import type { Credential } from '../../shared/image/login/credentials.ts';
import { toolOrSkip } from '../tools/install.ts';
import { clientOf, nameIn, pushImage, signal } from './client.ts';
import { blobOf, imageOf, noise, read } from './images.ts';
import { CI_LOGIN, type Program, startDebianRegistry } from './programs.ts';
import { FaultyProxy, type Handler } from './proxy.ts';
import { REFRESH_TOKEN, startTokenService, type TokenService } from './token-service.ts';

const debian = toolOrSkip('docker-registry');
const openssl = toolOrSkip('openssl');
const WRONG = { username: 'ci', password: 'another-word' };

describe.skipIf(debian === undefined)('a registry with passwords', () => {
  let server: Program;
  beforeAll(async () => {
    server = await startDebianRegistry(debian ?? '', { auth: 'htpasswd' });
  });
  afterAll(() => server.stop());

  it('says that nobody is logged in', async () => {
    const asking = clientOf().registry.tags(nameIn(server.host), { signal });
    await expect(asking).rejects.toThrow(/nobody is logged in.*need to pull team\/motor.*REGISTRY-NOT-LOGGED-IN/);
    await expect(asking).rejects.toThrow(ConfigError);
  });

  it('says that the password is wrong and where it came from, and is not asked again', async () => {
    const { registry, waits } = clientOf({ login: WRONG });
    const asking = registry.pushBlob(nameIn(server.host), blobOf(noise(10)), { signal });
    await expect(asking).rejects.toThrow(/the login of the test is not accepted.*REGISTRY-LOGIN-REFUSED/);
    await expect(asking).rejects.not.toThrow(/another-word/);
    expect(waits).toEqual([]);
  });

  it('is shown the password with each request once it has asked for it', async () => {
    const proxy = await FaultyProxy.start(server.host);
    try {
      const { registry } = clientOf({ login: CI_LOGIN });
      await registry.pushBlob(nameIn(proxy.host), blobOf(noise(250_000)), { signal });
      expect(proxy.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([
        false,
        ...proxy.seen.slice(1).map(() => true),
      ]);
    } finally {
      await proxy.stop();
    }
  });
});

describe.skipIf(debian === undefined || openssl === undefined)('a registry with tokens', () => {
  let tokens: TokenService;
  let server: Program;
  let proxy: FaultyProxy;
  let pushed = 0;
  const fresh = (size: number) => blobOf(noise(size, 500 + pushed++));
  beforeAll(async () => {
    tokens = await startTokenService(openssl ?? '');
    server = await startDebianRegistry(debian ?? '', { auth: tokens.auth });
    proxy = await FaultyProxy.start(server.host);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
    await tokens.stop();
  });
  beforeEach(() => {
    proxy.reset();
    tokens.requests.length = 0;
    Object.assign(tokens, { allowed: undefined, isOpen: false, clockAheadS: 0, saidS: 300, realS: 300 });
  });

  it('is asked for one token for all that is pushed to a repository, whatever is under way at once', async () => {
    const { registry, masked } = clientOf({ login: CI_LOGIN });
    const name = nameIn(proxy.host);
    await registry.pushBlob(name, fresh(10), { signal });
    await Promise.all(Array.from({ length: 6 }, () => registry.pushBlob(name, fresh(120_000), { signal })));
    expect(tokens.requests.map(({ scopes }) => scopes)).toEqual([['repository:team/motor:pull,push']]);
    expect(tokens.requests[0]?.service).toBe(tokens.auth.service);
    expect(masked).toHaveLength(1);
  });

  it('is asked for no more than is needed to read', async () => {
    const { registry } = clientOf({ login: CI_LOGIN });
    await registry.tags(nameIn(proxy.host), { signal });
    expect(tokens.requests.map(({ scopes }) => scopes)).toEqual([['repository:team/motor:pull']]);
  });

  it('is asked for both repositories where a blob is taken over', async () => {
    const { registry } = clientOf({ login: CI_LOGIN });
    const blob = fresh(1_000);
    await registry.pushBlob(nameIn(proxy.host, 'team/source'), blob, { signal });
    tokens.requests.length = 0;
    const mountFrom = ['team/source'];
    expect(await registry.pushBlob(nameIn(proxy.host, 'team/taker'), blob, { signal, mountFrom })).toBe(0);
    expect(tokens.requests.at(-1)?.scopes).toEqual(['repository:team/source:pull', 'repository:team/taker:pull,push']);
  });

  it('takes a token that stands for a login, by POST', async () => {
    const { registry } = clientOf({ login: { kind: 'identity', token: REFRESH_TOKEN, from: 'the test' } });
    await registry.pushBlob(nameIn(proxy.host), fresh(10), { signal });
    expect(tokens.requests).toMatchObject([{ method: 'POST', authorization: undefined, refreshToken: REFRESH_TOKEN }]);
  });

  it('is asked for another token when one has expired, in the middle of an upload too', async () => {
    const client = clientOf({ login: CI_LOGIN });
    const name = nameIn(proxy.host);
    const blob = fresh(350_000);
    let patches = 0;
    proxy.handle = ({ method }) => {
      if (method === 'PATCH' && ++patches === 2) client.clock.pass(300_000);
      return undefined;
    };
    await client.registry.pushBlob(name, blob, { signal });
    expect(tokens.requests).toHaveLength(2);
    expect(await read(client.registry.pullBlob(name, blob, { signal }))).toEqual(Buffer.from(blob.bytes));
  });

  it.each([-7_200, 7_200])('minds no clock that is %i s off', async (clockAheadS) => {
    tokens.clockAheadS = clockAheadS;
    const { registry } = clientOf({ login: CI_LOGIN });
    for (let times = 0; times < 3; times++) await registry.pushBlob(nameIn(proxy.host), fresh(10), { signal });
    expect(tokens.requests).toHaveLength(1);
  });

  it('is shown a new token once where it refuses one that should be good', async () => {
    const client = clientOf({ login: CI_LOGIN });
    const name = nameIn(proxy.host);
    await client.registry.pushBlob(name, fresh(10), { signal });
    // What was signed before does not count any more.
    const old = proxy.seen.at(-1)?.headers.authorization;
    proxy.handle = ({ headers }) =>
      headers.authorization === old
        ? async (exchange) => exchange.reply(await exchange.forward({ headers: { authorization: 'Bearer broken' } }))
        : undefined;
    await Promise.all([1, 2, 3].map(() => client.registry.pushBlob(name, fresh(120_000), { signal })));
    expect(tokens.requests).toHaveLength(2);
  });

  it.each<[readonly string[], 'pull' | 'push']>([
    [['pull'], 'push'],
    [[], 'pull'],
  ])('says what is not permitted when only %j is', async (allowed, action) => {
    tokens.allowed = allowed;
    const { registry, waits } = clientOf({ login: CI_LOGIN });
    const name = nameIn(proxy.host);
    const acting = action === 'push' ? registry.pushBlob(name, fresh(10), { signal }) : registry.tags(name, { signal });
    await expect(acting).rejects.toThrow(
      new RegExp(
        `login of the test may not ${action} .*team/motor.*REGISTRY-DENIED.*permission to ${action} team/motor`,
      ),
    );
    await expect(acting).rejects.toThrow(ConfigError);
    expect(waits).toEqual([]);
    expect(tokens.requests.length).toBeLessThanOrEqual(2);
  });

  it('names the permission that Amazon’s registry misses at a push', async () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:123456789012:repository/motor because no identity-based policy allows the ecr:InitiateLayerUpload action';
    const body = Buffer.from(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
    const refused = { status: 403, headers: { 'content-type': 'application/json' }, body };
    proxy.handle = ({ method }) => (method === 'HEAD' ? undefined : (exchange) => exchange.reply(refused));
    const pushing = clientOf({ login: CI_LOGIN }).registry.pushBlob(nameIn(proxy.host), fresh(10), { signal });
    await expect(pushing).rejects.toThrow(
      /REGISTRY-DENIED.*Allow ecr:InitiateLayerUpload on team\/motor in the IAM policy.*aws-ecs-iam/,
    );
  });

  it('says whether nobody is logged in, or the wrong one', async () => {
    const ask = (login?: typeof WRONG) => clientOf(login && { login }).registry.tags(nameIn(proxy.host), { signal });
    await expect(ask()).rejects.toThrow('REGISTRY-NOT-LOGGED-IN');
    await expect(ask(WRONG)).rejects.toThrow('REGISTRY-LOGIN-REFUSED');
  });

  it('is asked without a login that nobody asked for, where that one may not read and everybody may', async () => {
    const implied = { kind: 'password', ...WRONG, from: 'the token of this job', isImplied: true } as const;
    const ask = (login: Credential) => clientOf({ login }).registry.tags(nameIn(proxy.host, 'team/open'), { signal });
    await expect(ask(implied)).rejects.toThrow('REGISTRY-LOGIN-REFUSED');
    tokens.isOpen = true;
    expect(await ask(implied)).toEqual([]);
    await expect(ask({ ...implied, isImplied: false })).rejects.toThrow('REGISTRY-LOGIN-REFUSED');
    const pushing = clientOf({ login: implied }).registry.pushBlob(nameIn(proxy.host), fresh(10), { signal });
    await expect(pushing).rejects.toThrow('REGISTRY-LOGIN-REFUSED');
  });

  it.each([
    ['http://tokens.example/token', 'REGISTRY-REALM'],
    ['ftp://127.0.0.1/token', 'REGISTRY-REALM'],
    ['http://user:word@127.0.0.1/token', 'REGISTRY-REALM'],
    ['token', 'REGISTRY-BAD-ANSWER'],
  ])('is told nothing by way of %s', async (realm, code) => {
    const challenge = { 'www-authenticate': `Bearer realm="${realm}",service="x"` };
    proxy.handle = () => (exchange) => exchange.reply({ status: 401, headers: challenge });
    await expect(clientOf({ login: CI_LOGIN }).registry.tags(nameIn(proxy.host), { signal })).rejects.toThrow(code);
  });

  it.each([
    ['a password', CI_LOGIN],
    ['a token', { kind: 'identity', token: REFRESH_TOKEN, from: 'the test' } as const],
  ])('is not believed when its token service sends %s on to somebody else', async (_, login) => {
    const other = await listener(Buffer.from('{"token":"x"}'));
    const challenge = { 'www-authenticate': `Bearer realm="http://${proxy.host}/sent-on"` };
    const onwards: Handler = (exchange) => exchange.reply({ status: 307, headers: { location: `${other.url}/token` } });
    proxy.handle = ({ path }) =>
      path.startsWith('/sent-on') ? onwards : (exchange) => exchange.reply({ status: 401, headers: challenge });
    const asking = clientOf({ login }).registry.tags(nameIn(proxy.host), { signal });
    await expect(asking).rejects.toThrow(/with the login to .*REGISTRY-REDIRECT/);
    expect(other.bodies).toEqual([]);
    await other.stop();
  });

  it.each([
    [404, 'REGISTRY-BAD-ANSWER'],
    [403, 'REGISTRY-DENIED'],
    [503, 'REGISTRY-UNAVAILABLE'],
    [200, 'REGISTRY-BAD-ANSWER'],
  ])('tells of a token service that answers %i', async (status, code) => {
    const challenge = { 'www-authenticate': `Bearer realm="http://${proxy.host}/tokens"` };
    proxy.handle =
      ({ path }) =>
      (exchange) =>
        exchange.reply(path.startsWith('/tokens') ? { status } : { status: 401, headers: challenge });
    const pushing = clientOf({ login: CI_LOGIN }).registry.pushBlob(nameIn(proxy.host), fresh(10), { signal });
    await expect(pushing).rejects.toThrow(code);
  });
});

describe.skipIf(debian === undefined)('a registry that sends requests on', () => {
  let server: Program;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    server = await startDebianRegistry(debian ?? '', { auth: 'htpasswd' });
    proxy = await FaultyProxy.start(server.host);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(() => proxy.reset());

  it('does so without our login, for what is read', async () => {
    const client = clientOf({ login: CI_LOGIN });
    const blob = blobOf(noise(200_000, 2));
    const name = nameIn(proxy.host);
    await client.registry.pushBlob(name, blob, { signal });
    const store = await listener(blob.bytes);
    proxy.handle = ({ method, path }) =>
      method === 'GET' && path.includes('/blobs/')
        ? (exchange) => exchange.reply({ status: 307, headers: { location: `${store.url}/stored?signature=x` } })
        : undefined;
    expect(await read(client.registry.pullBlob(name, blob, { signal }))).toEqual(Buffer.from(blob.bytes));
    expect(proxy.seen.at(-1)?.headers.authorization).toBeDefined();
    expect(store.authorizations).toEqual([undefined]);
    await store.stop();
  });

  it('does so without our login, for what is sent', async () => {
    const client = clientOf({ login: CI_LOGIN });
    const store = await listener(Buffer.alloc(0), 201);
    const name = nameIn(proxy.host);
    proxy.handle = ({ method }) =>
      method === 'PUT'
        ? (exchange) => exchange.reply({ status: 307, headers: { location: `${store.url}/put?signature=x` } })
        : undefined;
    const blob = blobOf(noise(20_000, 3));
    await client.registry.pushBlob(name, blob, { signal });
    expect(store.authorizations).toEqual([undefined]);
    expect(store.bodies.map((body) => body.equals(Buffer.from(blob.bytes)))).toEqual([true]);
    proxy.handle = ({ method }) =>
      method === 'POST'
        ? (exchange) => exchange.reply({ status: 202, headers: { location: `${store.url}/upload` } })
        : undefined;
    await client.registry.pushBlob(name, blobOf(noise(20_001, 3)), { signal });
    expect(store.authorizations).toEqual([undefined, undefined]);
    await store.stop();
  });

  it.each([
    ['to plain http elsewhere', 'http://store.example/x'],
    ['to another protocol', 'file:///etc/passwd'],
    ['with a password', 'https://a:b@store.example/x'],
    ['nowhere', ''],
  ])('is not followed %s', async (_, location) => {
    const client = clientOf({ login: CI_LOGIN });
    const away: Handler = (exchange) => exchange.reply({ status: 307, headers: location === '' ? {} : { location } });
    proxy.handle = () => away;
    const name = nameIn(proxy.host);
    await expect(client.registry.manifest(name, 'v1', { signal })).rejects.toThrow('REGISTRY-REDIRECT');
    await expect(client.registry.pushBlob(name, blobOf(noise(9)), { signal })).rejects.toThrow('REGISTRY-REDIRECT');
  });

  it('is not followed in circles', async () => {
    proxy.handle = () => (exchange) => exchange.reply({ status: 307, headers: { location: exchange.path } });
    const asking = clientOf().registry.manifest(nameIn(proxy.host), 'v1', { signal });
    await expect(asking).rejects.toThrow(/again and again.*REGISTRY-REDIRECT/);
    expect(proxy.seen).toHaveLength(6);
  });

  it('has its tags on several pages', async () => {
    const client = clientOf({ login: CI_LOGIN });
    const image = await imageOf(noise(100, 6));
    await pushImage(client, nameIn(server.host), image, 'v1');
    const page =
      (tags: readonly string[], link?: string): Handler =>
      (exchange) =>
        exchange.reply({ status: 200, headers: link ? { link } : {}, body: JSON.stringify({ name: 'x', tags }) });
    // The second page is named by an inner address, with a comma in it.
    const inner = `<http://inner.example:5000/v2/team/motor/tags/list?last=a,b>; rel="next"`;
    proxy.handle = ({ path }) => {
      if (path.includes('last=a,b')) return page(['c'], '</v2/x>; rel="prev"');
      return path.endsWith('/tags/list') ? page(['a', 'b'], inner) : undefined;
    };
    expect(await client.registry.tags(nameIn(proxy.host), { signal })).toEqual(['a', 'b', 'c']);
    proxy.handle = () => page(['a'], '</v2/team/motor/tags/list>; rel="next"');
    await expect(client.registry.tags(nameIn(proxy.host), { signal })).rejects.toThrow('never ends');
  });
});

/** Somebody else, who remembers what was sent. */
async function listener(body: Uint8Array = Buffer.alloc(0), status = 200) {
  const authorizations: (string | undefined)[] = [];
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    authorizations.push(request.headers.authorization);
    bodies.push(await read(request));
    response.writeHead(status, { 'content-length': String(body.length) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    authorizations,
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
