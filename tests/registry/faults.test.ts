import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, Interrupted, ProviderError } from '../../shared/errors.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { toolOrSkip } from '../tools/install.ts';
import { clientOf, nameIn, pushImage, signal } from './client.ts';
import { blobOf, imageOf, noise, read } from './images.ts';
import { CI_LOGIN, type Program, startDebianRegistry, startGoogleRegistry } from './programs.ts';
import { type Answer, FaultyProxy, type Handler, type Seen } from './proxy.ts';

const debian = toolOrSkip('docker-registry');
const google = toolOrSkip('google-registry-0.22.1');

/** The first `times` requests of a kind meet something; all others pass. */
function once(kind: RegExp, handler: Handler, times = 1): (seen: Seen) => Handler | undefined {
  let left = times;
  return ({ method, path }) => (kind.test(`${method} ${path}`) && left-- > 0 ? handler : undefined);
}

function errors(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

const always = Number.POSITIVE_INFINITY;
const reply =
  (answer: Answer): Handler =>
  (exchange) =>
    exchange.reply(answer);

describe.skipIf(debian === undefined)('a push over a bad network', () => {
  let server: Program;
  let proxy: FaultyProxy;
  let pushed = 0;
  beforeAll(async () => {
    server = await startDebianRegistry(debian ?? '');
    proxy = await FaultyProxy.start(server.host);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(() => proxy.reset());

  /** Bytes that were not pushed before. */
  const fresh = (size: number) => blobOf(noise(size, 1_000 + pushed++));
  const arrived = async (blob: ReturnType<typeof blobOf>): Promise<boolean> => {
    const straight = clientOf().registry.pullBlob(nameIn(server.host), blob, { signal });
    return Buffer.from(blob.bytes).equals(await read(straight));
  };

  it('goes on with the part that did not arrive', async () => {
    const { registry, notes } = clientOf();
    const blob = fresh(350_000);
    let patches = 0;
    proxy.handle = ({ method }) =>
      method === 'PATCH' && ++patches === 2 ? async (e) => void (await e.hangUp()) : undefined;
    const sent = await registry.pushBlob(nameIn(proxy.host), blob, { signal });
    expect(await arrived(blob)).toBe(true);
    expect(proxy.lines.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    expect(proxy.lines.filter((line) => line.startsWith('GET'))).toHaveLength(1);
    expect(sent).toBeLessThan(350_000 + 100_001);
    expect(notes.join()).toContain('ended the connection');
  });

  it('goes on in the middle of a part, where the registry kept half of it', async () => {
    const { registry } = clientOf();
    const blob = fresh(350_000);
    let stored = (): void => undefined;
    const isStored = new Promise<void>((resolve) => {
      stored = resolve;
    });
    let patches = 0;
    let location = '';
    proxy.handle = ({ method }) => {
      // A registry that keeps what came before the line broke: the half goes in, and is asked for at its new address.
      if (method === 'PATCH' && ++patches === 2) {
        return async (exchange) => {
          const half = await exchange.hangUp(40_000);
          const headers = { 'content-range': `100000-${100_000 + half.length - 1}` };
          location = (await exchange.forward({ headers, body: half })).headers.location ?? '';
          stored();
        };
      }
      if (method !== 'GET') return undefined;
      return async (exchange) => {
        await isStored;
        const { pathname, search } = new URL(location);
        exchange.reply(await exchange.forward({ path: pathname + search }));
      };
    };
    await registry.pushBlob(nameIn(proxy.host), blob, { signal });
    expect(await arrived(blob)).toBe(true);
    const ranges = proxy.seen.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['content-range']);
    expect(ranges).toEqual(['0-99999', '100000-199999', '140000-239999', '240000-339999', '340000-349999']);
  });

  it('begins anew where the registry has forgotten the upload', async () => {
    const { registry } = clientOf();
    const blob = fresh(250_000);
    // The part arrives, its answer does not, and the address of before is worth nothing to this registry.
    let patches = 0;
    proxy.handle = ({ method }) =>
      method === 'PATCH' && ++patches === 2
        ? async (exchange) => {
            await exchange.forward();
            await exchange.hangUp();
          }
        : undefined;
    await registry.pushBlob(nameIn(proxy.host), blob, { signal });
    expect(await arrived(blob)).toBe(true);
    expect(proxy.lines.filter((line) => line.startsWith('POST'))).toHaveLength(2);
  });

  it('ends when the registry forgets the upload each time that the line breaks', async () => {
    const { registry } = clientOf();
    const blob = fresh(250_000);
    let patches = 0;
    proxy.handle = ({ method }) =>
      method === 'PATCH' && ++patches % 2 === 0
        ? async (exchange) => {
            await exchange.forward();
            await exchange.hangUp();
          }
        : undefined;
    const pushing = registry.pushBlob(nameIn(proxy.host), blob, { signal });
    await expect(pushing).rejects.toThrow(/forgotten the upload 4 times.*REGISTRY-DROPPED/);
    expect(patches).toBe(10);
  });

  it.each(['PATCH', 'PUT'])('ends, and gives the upload up, when every %s breaks', async (method) => {
    const { registry, waits } = clientOf();
    const blob = fresh(method === 'PUT' ? 30_000 : 150_000);
    proxy.handle = once(new RegExp(`^${method}`), async (exchange) => void (await exchange.hangUp(20_000)), always);
    const pushing = registry.pushBlob(nameIn(proxy.host), blob, { signal });
    await expect(pushing).rejects.toThrow(/REGISTRY-DROPPED/);
    expect(waits).toHaveLength(4);
    expect(proxy.lines.at(-1)).toMatch(/^DELETE/);
    expect(await clientOf().registry.hasBlob(nameIn(server.host), blob.digest, { signal })).toBe(false);
  });

  it('finds a small blob there whose answer was lost, and does not send it twice', async () => {
    const { registry } = clientOf();
    const blob = fresh(30_000);
    proxy.handle = once(/^PUT/, async (exchange) => {
      await exchange.forward();
      await exchange.hangUp();
    });
    expect(await registry.pushBlob(nameIn(proxy.host), blob, { signal })).toBe(30_000);
    expect(proxy.lines.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('sends parts as large as the registry wants them at least', async () => {
    const { registry } = clientOf();
    const blob = fresh(400_000);
    proxy.handle = once(/^POST/, async (exchange) => {
      const { headers, ...answer } = await exchange.forward();
      exchange.reply({ ...answer, headers: { ...headers, 'oci-chunk-min-length': '150000' } });
    });
    await registry.pushBlob(nameIn(proxy.host), blob, { signal });
    const ranges = proxy.seen.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['content-range']);
    expect(ranges).toEqual(['0-149999', '150000-299999', '300000-399999']);
  });

  it('sends all of it in one request to a registry that takes no parts', async () => {
    const { registry, notes } = clientOf();
    const blob = fresh(250_000);
    proxy.handle = once(/^PATCH/, reply({ status: 405, body: errors('UNSUPPORTED', 'no') }), always);
    await registry.pushBlob(nameIn(proxy.host), blob, { signal });
    expect(await arrived(blob)).toBe(true);
    expect(notes.join()).toContain('one request');
  });

  it('stops when it is told to, and gives the upload up', async () => {
    const { registry } = clientOf();
    const blob = fresh(350_000);
    const controller = new AbortController();
    let patches = 0;
    proxy.handle = ({ method }) => {
      if (method === 'PATCH' && ++patches === 2) return () => controller.abort();
      return undefined;
    };
    await expect(registry.pushBlob(nameIn(proxy.host), blob, { signal: controller.signal })).rejects.toThrow(
      Interrupted,
    );
    expect(proxy.lines.at(-1)).toMatch(/^DELETE/);
  });

  it.each([
    [
      'is another one',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]),
      'has another digest',
    ],
    ['is longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]), 'is longer than it was'],
    ['is shorter', (bytes: Buffer) => bytes.subarray(0, -1), 'ends after'],
  ])('stores nothing of a file that %s by now', async (_, change, why) => {
    const { registry } = clientOf();
    for (const size of [30_000, 250_000]) {
      const blob = fresh(size);
      const changed = blobOf(change(Buffer.from(blob.bytes)));
      const pushing = registry.pushBlob(nameIn(proxy.host), { ...changed, digest: blob.digest, size }, { signal });
      await expect(pushing).rejects.toThrow(why);
      await expect(pushing).rejects.toThrow(ProviderError);
      const names = nameIn(server.host);
      expect(await clientOf().registry.hasBlob(names, blob.digest, { signal })).toBe(false);
      expect(await clientOf().registry.hasBlob(names, changed.digest, { signal })).toBe(false);
    }
  });

  it('believes no registry that stored something else than it was sent', async () => {
    const { registry } = clientOf();
    const lie: Handler = async (exchange) => {
      const { headers, ...answer } = await exchange.forward();
      exchange.reply({ ...answer, headers: { ...headers, 'docker-content-digest': digestOf('else') } });
    };
    const name = nameIn(proxy.host);
    const image = await imageOf(noise(9_000, 77));
    for (const size of [20_000, 150_000]) {
      proxy.handle = once(/^PUT/, lie);
      await expect(registry.pushBlob(name, fresh(size), { signal })).rejects.toThrow(/REGISTRY-DIGEST/);
    }
    proxy.reset();
    await pushImage({ registry }, name, image, 'v1');
    proxy.handle = once(/^PUT/, lie);
    await expect(registry.pushManifest(name, image.manifest, 'v1', { signal })).rejects.toThrow(/REGISTRY-DIGEST/);
    proxy.handle = once(/^HEAD/, lie);
    await expect(registry.hasBlob(name, image.manifest.descriptor.digest, { signal })).resolves.toBe(false);
    proxy.handle = once(/^HEAD/, lie);
    await expect(registry.hasBlob(name, image.blobs[0]?.digest ?? digestOf(''), { signal })).rejects.toThrow(
      /REGISTRY-DIGEST/,
    );
  });

  it('waits as long as the registry asks for', async () => {
    const { registry, waits } = clientOf();
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: errors('TOOMANYREQUESTS', 'slow down') };
    proxy.handle = once(/^POST/, reply(busy), 2);
    await registry.pushBlob(nameIn(proxy.host), fresh(1_000), { signal });
    expect(waits).toEqual([7_000, 7_000]);
  });

  it('tells of a registry that is silent', async () => {
    const { registry } = clientOf({ limits: { idleMs: 200, requestMs: 500 } });
    proxy.handle = once(/./, () => undefined, always);
    await expect(registry.tags(nameIn(proxy.host), { signal })).rejects.toThrow(/REGISTRY-TIMEOUT/);
  });

  it('tells of a registry that is not there', async () => {
    const gone = await FaultyProxy.start('127.0.0.1:1');
    const { host } = gone;
    await gone.stop();
    await expect(clientOf().registry.tags(nameIn(host), { signal })).rejects.toThrow(/REGISTRY-UNREACHABLE/);
  });

  const push = (host: string) => clientOf().registry.pushBlob(nameIn(host), fresh(1_000), { signal });
  const pushLarge = (host: string) => clientOf().registry.pushBlob(nameIn(host), fresh(150_000), { signal });
  const setTag = async (host: string) =>
    clientOf().registry.pushManifest(nameIn(host), (await imageOf(noise(10, 5))).manifest, 'v9', { signal });

  it.each<[string, RegExp, Answer, string, (host: string) => Promise<unknown>]>([
    ['no space', /^(PUT|PATCH)/, { status: 507 }, 'REGISTRY-FULL', push],
    ['no space for parts', /^(PUT|PATCH)/, { status: 507 }, 'REGISTRY-FULL', pushLarge],
    [
      'a full disk',
      /^POST/,
      { status: 500, body: errors('UNKNOWN', 'write: no space left on device') },
      'REGISTRY-FULL',
      push,
    ],
    [
      'a quota',
      /^PUT/,
      { status: 403, body: errors('DENIED', 'adding 2 MiB will exceed the configured upper limit of 1 MiB') },
      'REGISTRY-FULL',
      push,
    ],
    ['a limit of the proxy', /^PUT/, { status: 413, body: '<html>413</html>' }, 'REGISTRY-TOO-LARGE', push],
    ['a limit of the proxy for parts', /^PATCH/, { status: 413 }, 'REGISTRY-TOO-LARGE', pushLarge],
    [
      'maintenance',
      /^POST/,
      { status: 403, body: errors('DENIED', 'The system is in read only mode.') },
      'REGISTRY-READ-ONLY',
      push,
    ],
    [
      'no repository',
      /^POST/,
      { status: 404, body: errors('NAME_UNKNOWN', 'The repository does not exist') },
      'REGISTRY-NO-REPOSITORY',
      push,
    ],
    ['a name', /^POST/, { status: 400, body: errors('NAME_INVALID', 'needs a project') }, 'IMAGE-NAME', push],
    ['rights', /^POST/, { status: 403, body: errors('DENIED', 'not yours') }, 'REGISTRY-NOT-LOGGED-IN', push],
    ['a rate', /^HEAD/, { status: 429, headers: { 'retry-after': '3600' } }, 'REGISTRY-RATE-LIMITED', push],
    ['its own failure', /^POST/, { status: 503 }, 'REGISTRY-UNAVAILABLE', push],
    ['an odd answer', /^POST/, { status: 418 }, 'REGISTRY-REFUSED', push],
    ['a login page', /^POST/, { status: 302, headers: { location: '/login' } }, 'REGISTRY-REDIRECT', push],
    [
      'a tag that stays',
      /^PUT/,
      {
        status: 400,
        body: errors(
          'TAG_INVALID',
          "The image tag 'v9' already exists and cannot be overwritten because the tag is immutable.",
        ),
      },
      'REGISTRY-TAG-IMMUTABLE',
      setTag,
    ],
    ['a tag in conflict', /^PUT/, { status: 409 }, 'REGISTRY-TAG-IMMUTABLE', setTag],
    [
      'an immutable tag of Harbor',
      /^PUT/,
      { status: 412, body: errors('PRECONDITION', 'configured as immutable') },
      'REGISTRY-TAG-IMMUTABLE',
      setTag,
    ],
  ])('tells of %s', async (_, kind, answer, code, act) => {
    proxy.handle = once(kind, reply(answer), always);
    const acting = act(proxy.host);
    await expect(acting).rejects.toThrow(code);
    const isUsers = /^(REGISTRY-(NO|TAG)-|REGISTRY-NOT-|IMAGE)/.test(code);
    await expect(acting).rejects.toThrow(isUsers ? ConfigError : ProviderError);
  });

  it('takes no beginning of a list for the whole of it', async () => {
    const headers = { link: '</v2/team/motor/tags/list?last=a>; rel="next"', 'content-type': 'application/json' };
    proxy.handle = ({ path }) =>
      path.includes('last=a')
        ? reply({ status: 404, body: errors('NAME_UNKNOWN', 'gone') })
        : reply({ status: 200, headers, body: JSON.stringify({ name: 'team/motor', tags: ['a'] }) });
    const listing = clientOf().registry.tags(nameIn(proxy.host), { signal });
    await expect(listing).rejects.toThrow('REGISTRY-BAD-ANSWER');
  });

  it('is asked for no tag that is none', async () => {
    const { registry } = clientOf();
    for (const reference of ['a/b', '../x', '', 'sha256:00', 'a?b']) {
      await expect(registry.manifest(nameIn(proxy.host), reference, { signal })).rejects.toThrow('IMAGE-NAME');
    }
    const { manifest } = await imageOf(noise(10));
    await expect(registry.pushManifest(nameIn(proxy.host), manifest, 'a/b', { signal })).rejects.toThrow('IMAGE-NAME');
    expect(proxy.seen).toEqual([]);
  });

  it('tells of a registry that is really read-only', async () => {
    const mirror = await startDebianRegistry(debian ?? '', { isReadOnly: true });
    try {
      for (const act of [push, pushLarge, setTag]) await expect(act(mirror.host)).rejects.toThrow('REGISTRY-READ-ONLY');
    } finally {
      await mirror.stop();
    }
  });

  it('shows the words of the registry, cut and without secrets', async () => {
    const secret = CI_LOGIN.password;
    const client = clientOf({ login: CI_LOGIN });
    client.registry.tags(nameIn(proxy.host), { signal }).catch(() => undefined);
    const body = errors('DENIED', `no ${'very '.repeat(200)}`);
    proxy.handle = once(/./, reply({ status: 418, body: `${body.slice(0, -4)}"}]}` }), always);
    const message = await client.registry.tags(nameIn(proxy.host), { signal }).catch(String);
    expect(message).toContain('418 DENIED: no very');
    expect(message.length).toBeLessThan(700);
    expect(message).not.toContain(secret);
  });
});

describe.skipIf(debian === undefined || google === undefined)('a pull over a bad network', () => {
  let servers: readonly { readonly kind: string; readonly program: Program; readonly proxy: FaultyProxy }[] = [];
  const blob = blobOf(noise(600_000, 3));
  let image: Awaited<ReturnType<typeof imageOf>>;
  beforeAll(async () => {
    image = await imageOf(noise(20_000, 4));
    servers = await Promise.all(
      [startDebianRegistry(debian ?? ''), startGoogleRegistry(google ?? '')].map(async (starting) => {
        const program = await starting;
        const client = clientOf();
        await client.registry.pushBlob(nameIn(program.host), blob, { signal });
        await pushImage(client, nameIn(program.host), image, 'v1');
        return { kind: program.host, program, proxy: await FaultyProxy.start(program.host) };
      }),
    );
  });
  afterAll(async () => {
    for (const { program, proxy } of servers) {
      await proxy.stop();
      await program.stop();
    }
  });
  beforeEach(() => {
    for (const { proxy } of servers) proxy.reset();
  });

  it('goes on where it was cut off', async () => {
    for (const { proxy } of servers) {
      const { registry } = clientOf();
      proxy.handle = once(/blobs/, async (exchange) => exchange.replyInPart(await exchange.forward(), 150_000), 2);
      const bytes = await read(registry.pullBlob(nameIn(proxy.host), blob, { signal }));
      expect(bytes.equals(Buffer.from(blob.bytes))).toBe(true);
      const ranges = proxy.seen.map(({ headers }) => headers.range);
      expect(ranges).toHaveLength(3);
      expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-599999$/.test(range ?? ''))).toBe(true);
    }
  });

  it('begins anew, and gives no byte twice, where the registry knows no ranges', async () => {
    const [first] = servers;
    if (!first) return;
    const { registry } = clientOf();
    let asked = 0;
    first.proxy.handle = () => async (exchange) => {
      const whole = await exchange.forward({ headers: { range: 'bytes=0-599999' } });
      const answer = { ...whole, status: 200 };
      if (asked++ < 2) exchange.replyInPart(answer, 150_000);
      else exchange.reply(answer);
    };
    const bytes = await read(registry.pullBlob(nameIn(first.proxy.host), blob, { signal }));
    expect(bytes.equals(Buffer.from(blob.bytes))).toBe(true);
  });

  it.each<[string, (body: Buffer) => Buffer]>([
    [
      'with a flipped byte',
      (body) =>
        Buffer.concat([body.subarray(0, 300_000), Buffer.from([(body[300_000] ?? 0) ^ 1]), body.subarray(300_001)]),
    ],
    ['that is longer', (body) => Buffer.concat([body, Buffer.from('x')])],
    ['of another blob', () => Buffer.from(noise(600_000, 8))],
  ])('never ends well for a blob %s', async (_, change) => {
    for (const { proxy } of servers) {
      proxy.handle = once(
        /blobs/,
        async (exchange) => {
          const answer = await exchange.forward();
          exchange.reply({ ...answer, body: change(Buffer.from(answer.body)) });
        },
        always,
      );
      const pulling = read(clientOf().registry.pullBlob(nameIn(proxy.host), blob, { signal }));
      await expect(pulling).rejects.toThrow('REGISTRY-DIGEST');
    }
  });

  it('ends when a blob is always cut off, or is shorter than it should be', async () => {
    const [first] = servers;
    if (!first) return;
    const name = nameIn(first.proxy.host);
    first.proxy.handle = once(/blobs/, async (exchange) => exchange.replyInPart(await exchange.forward(), 0), always);
    await expect(read(clientOf().registry.pullBlob(name, blob, { signal }))).rejects.toThrow('REGISTRY-DROPPED');
    first.proxy.handle = once(/blobs/, reply({ status: 200, body: 'short' }), always);
    await expect(read(clientOf().registry.pullBlob(name, blob, { signal }))).rejects.toThrow('REGISTRY-D');
    first.proxy.reset();
    const absent = { digest: digestOf('absent'), size: 6 };
    await expect(read(clientOf().registry.pullBlob(name, absent, { signal }))).rejects.toThrow('REGISTRY-BLOB-MISSING');
  });

  it('closes what it was reading when nobody wants more of it', async () => {
    const [first] = servers;
    if (!first) return;
    let pieces = 0;
    for await (const piece of clientOf().registry.pullBlob(nameIn(first.proxy.host), blob, { signal })) {
      pieces += piece.length > 0 ? 1 : 0;
      break;
    }
    expect(pieces).toBe(1);
  });

  it('takes no manifest that is not that of its digest, or not what it says it is', async () => {
    const [first] = servers;
    if (!first) return;
    const name = nameIn(first.proxy.host);
    const { digest } = image.manifest.descriptor;
    const change =
      (headers: Record<string, string>, body?: string): Handler =>
      async (exchange) => {
        const answer = await exchange.forward();
        exchange.reply({ ...answer, headers: { ...answer.headers, ...headers }, body: body ?? answer.body });
      };
    const ask = (reference: string) => clientOf().registry.manifest(name, reference, { signal });
    const other = Buffer.from(image.manifest.bytes).toString('utf8').replace('"layers"', ' "layers"');
    const schemaOne = JSON.stringify({ schemaVersion: 1, name: 'x', fsLayers: [] });
    for (const [headers, body, reference, code] of [
      [{}, other, digest, 'REGISTRY-DIGEST'],
      [{}, other, 'v1', 'REGISTRY-DIGEST'],
      [{ 'docker-content-digest': digestOf('else') }, undefined, 'v1', 'REGISTRY-DIGEST'],
      [{ 'content-type': 'application/vnd.oci.image.index.v1+json' }, undefined, 'v1', 'REGISTRY-BAD-ANSWER'],
      [{ 'content-type': 'text/html' }, '<html>', 'v1', 'REGISTRY-BAD-ANSWER'],
      [{ 'content-type': 'application/json' }, '{"a":1}', 'v1', 'REGISTRY-BAD-ANSWER'],
      [
        { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
        schemaOne,
        'v1',
        'REGISTRY-SCHEMA-1',
      ],
      [{ 'content-type': 'application/json' }, schemaOne, digest, 'REGISTRY-SCHEMA-1'],
    ] as const) {
      first.proxy.handle = once(/manifests/, change({ ...headers }, body));
      await expect(ask(reference), code).rejects.toThrow(code);
    }
    first.proxy.handle = once(/manifests/, change({ 'content-type': 'application/octet-stream' }));
    expect((await ask('v1'))?.descriptor).toEqual(image.manifest.descriptor);
  });
});
