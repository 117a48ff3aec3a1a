import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toolOrSkip } from '../tools/install.ts';
import { makeCertificate } from './certificate.ts';
import { clientOf, nameIn, signal } from './client.ts';
import { blobOf, noise, read } from './images.ts';
import { CI_LOGIN, type Program, startDebianRegistry } from './programs.ts';
import { FaultyProxy } from './proxy.ts';

const debian = toolOrSkip('docker-registry');
const openssl = toolOrSkip('openssl');
const NAME = 'registry.example.test';

describe.skipIf(debian === undefined || openssl === undefined)('a registry behind a proxy that speaks https', () => {
  let server: Program;
  let proxy: FaultyProxy;
  let plain: FaultyProxy;
  let certificate = '';
  beforeAll(async () => {
    const tls = makeCertificate(openssl ?? '', NAME);
    certificate = tls.certificate;
    server = await startDebianRegistry(debian ?? '', { auth: 'htpasswd' });
    proxy = await FaultyProxy.start(server.host, tls);
    plain = await FaultyProxy.start(server.host);
  });
  afterAll(async () => {
    for (const each of [proxy, plain, server]) await each.stop();
  });
  beforeEach(() => {
    proxy.reset();
    plain.reset();
  });

  /** A name that leads to this machine. */
  const at = ({ host }: FaultyProxy) => nameIn(`${NAME}:${host.split(':')[1]}`);
  const dispatcher = (trusted: boolean) =>
    new Agent({
      connect: {
        lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
        ...(trusted && { ca: certificate }),
      },
    });
  const client = (trusted = true) => clientOf({ login: CI_LOGIN, dispatcher: dispatcher(trusted) });
  /** As proxies should, so that the registry knows its own address. */
  const told = () => async (exchange: Parameters<ReturnType<NonNullable<FaultyProxy['handle']>> & object>[0]) =>
    exchange.reply(await exchange.forward({ headers: { 'x-forwarded-proto': 'https' } }));

  it('takes and gives blobs', async () => {
    proxy.handle = told;
    const { registry } = client();
    const blob = blobOf(noise(250_000));
    expect(await registry.pushBlob(at(proxy), blob, { signal })).toBe(250_000);
    expect(await read(registry.pullBlob(at(proxy), blob, { signal }))).toEqual(Buffer.from(blob.bytes));
  });

  it('is not followed to plain http, nor shown the login there', async () => {
    // Docker's registry names its own address, and does not know that clients use https.
    const { registry } = client();
    const pushing = registry.pushBlob(at(proxy), blobOf(noise(1_000)), { signal });
    await expect(pushing).rejects.toThrow(
      /over plain http to registry\.example\.test.*REGISTRY-REDIRECT.*X-Forwarded-Proto/,
    );
    proxy.handle = () => (exchange) =>
      exchange.reply({ status: 307, headers: { location: `http://${plain.host}${exchange.path}` } });
    await expect(registry.manifest(at(proxy), 'v1', { signal })).rejects.toThrow('REGISTRY-REDIRECT');
    expect(plain.seen).toEqual([]);
  });

  it('is not spoken to when nobody vouches for its certificate, and is not asked again', async () => {
    const { registry, waits } = client(false);
    const asking = registry.tags(at(proxy), { signal });
    await expect(asking).rejects.toThrow(/REGISTRY-UNREACHABLE.*NODE_EXTRA_CA_CERTS/);
    expect(waits).toEqual([]);
    expect(proxy.seen).toEqual([]);
  });

  it('is not spoken to over plain http unless its host is named for it', async () => {
    await expect(client().registry.tags(at(plain), { signal })).rejects.toThrow(/plain http: give it a certificate/);
    expect(plain.seen).toEqual([]);
    const named = clientOf({ login: CI_LOGIN, dispatcher: dispatcher(true), insecure: [at(plain).registry] });
    expect(await named.registry.tags(at(plain), { signal })).toEqual([]);
  });
});
