import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolOrSkip } from '../tools/install.ts';
import { clientOf, nameIn, pushImage, signal } from './client.ts';
import { blobOf, imageOf, noise, read } from './images.ts';
import { CI_LOGIN, crane, type Program, startDebianRegistry, startGoogleRegistry } from './programs.ts';
import { startTokenService, type TokenService } from './token-service.ts';

const debian = toolOrSkip('docker-registry');
const google = toolOrSkip('google-registry-0.22.1');
const craneProgram = toolOrSkip('crane-0.22.1');
const openssl = toolOrSkip('openssl');

interface Kind {
  readonly kind: string;
  readonly login?: { readonly username: string; readonly password: string };
  start(tokens: TokenService): Promise<Program>;
}

const KINDS: readonly Kind[] = [
  ...(debian === undefined
    ? []
    : [
        { kind: 'Docker, for everybody', start: () => startDebianRegistry(debian) },
        {
          kind: 'Docker, with passwords',
          login: CI_LOGIN,
          start: () => startDebianRegistry(debian, { auth: 'htpasswd' }),
        },
        {
          kind: 'Docker, with tokens',
          login: CI_LOGIN,
          start: (tokens: TokenService) => startDebianRegistry(debian, { auth: tokens.auth }),
        },
      ]),
  ...(google === undefined ? [] : [{ kind: 'Google', start: () => startGoogleRegistry(google) }]),
];

describe.skipIf(openssl === undefined)('a registry that somebody else wrote', () => {
  let tokens: TokenService;
  beforeAll(async () => {
    tokens = await startTokenService(openssl ?? '');
  });
  afterAll(() => tokens.stop());

  describe.each(KINDS)('$kind', ({ login, start }) => {
    let server: Program;
    let tries = 0;
    const options = login === undefined ? {} : { login };
    beforeAll(async () => {
      server = await start(tokens);
    });
    afterAll(() => server.stop());

    it('takes an image, gives it back as it was, and others find nothing wrong with it', async () => {
      const client = clientOf(options);
      tries += 1;
      const repository = `team/whole-${tries}`;
      const name = nameIn(server.host, repository);
      // Larger than a part, so that it goes in several.
      const image = await imageOf(noise(350_000));
      expect(await client.registry.tags(name, { signal })).toEqual([]);
      expect(await client.registry.manifest(name, 'v1', { signal })).toBeUndefined();
      const sent = await pushImage(client, name, image, 'v1');
      expect(sent).toBe(image.blobs.reduce((sum, { size }) => sum + size, 0));
      expect(await client.registry.tags(name, { signal })).toEqual(['v1']);
      for (const reference of ['v1', image.manifest.descriptor.digest]) {
        const found = await client.registry.manifest(name, reference, { signal });
        expect(found?.descriptor).toEqual(image.manifest.descriptor);
        expect(Buffer.from(found?.bytes ?? [])).toEqual(Buffer.from(image.manifest.bytes));
      }
      for (const blob of image.blobs) {
        expect(await client.registry.hasBlob(name, blob.digest, { signal })).toBe(true);
        expect(await read(client.registry.pullBlob(name, blob, { signal }))).toEqual(Buffer.from(blob.bytes));
      }
      // A second push sends nothing.
      expect(await pushImage(client, name, image, 'v1')).toBe(0);
      if (craneProgram === undefined || login !== undefined) return;
      const reference = `${server.host}/${repository}:v1`;
      expect(crane(craneProgram, ['validate', '--remote', reference])).toContain('PASS');
      expect(crane(craneProgram, ['digest', reference]).trim()).toBe(image.manifest.descriptor.digest);
    });

    it('takes a blob in one request and in several, of any size', async () => {
      const { registry } = clientOf(options);
      const name = nameIn(server.host, 'team/sizes');
      for (const size of [1, 49_999, 50_000, 50_001, 100_000, 100_001, 250_000]) {
        const blob = blobOf(noise(size, size));
        const progress: number[] = [];
        expect(await registry.pushBlob(name, blob, { signal, progress: (sent) => void progress.push(sent) })).toBe(
          size,
        );
        expect(progress.at(-1)).toBe(size);
        expect(progress).toEqual(progress.toSorted((a, b) => a - b));
        expect(await read(registry.pullBlob(name, blob, { signal }))).toEqual(Buffer.from(blob.bytes));
      }
    });

    it('takes many blobs at a time', async () => {
      const { registry } = clientOf(options);
      const name = nameIn(server.host, 'team/many');
      const blobs = Array.from({ length: 12 }, (_, index) => blobOf(noise(120_000 + index, index + 1)));
      const sent = await Promise.all(blobs.map((blob) => registry.pushBlob(name, blob, { signal })));
      expect(sent).toEqual(blobs.map(({ size }) => size));
      const found = await Promise.all(blobs.map(({ digest }) => registry.hasBlob(name, digest, { signal })));
      expect(found).toEqual(blobs.map(() => true));
    });

    it('lists every tag, over all of its pages', async () => {
      const client = clientOf(options);
      const name = nameIn(server.host, 'team/tags');
      const image = await imageOf(noise(1_000));
      await pushImage(client, name, image, 'v0');
      const tags = Array.from({ length: 5 }, (_, index) => `v${index}`);
      for (const tag of tags) await client.registry.pushManifest(name, image.manifest, tag, { signal });
      expect((await client.registry.tags(name, { signal })).toSorted()).toEqual(tags);
    });
  });

  it.skipIf(debian === undefined)('takes a blob over from another repository instead of being sent it', async () => {
    const server = await startDebianRegistry(debian ?? '', { auth: tokens.auth });
    try {
      const { registry } = clientOf({ login: CI_LOGIN });
      const blob = blobOf(noise(150_000));
      await registry.pushBlob(nameIn(server.host, 'team/first'), blob, { signal });
      const second = nameIn(server.host, 'team/second');
      const mountFrom = ['team/not-there', 'team/first'];
      expect(await registry.pushBlob(second, blob, { signal, mountFrom })).toBe(0);
      expect(await read(registry.pullBlob(second, blob, { signal }))).toEqual(Buffer.from(blob.bytes));
      const other = blobOf(noise(2_000, 9));
      expect(await registry.pushBlob(second, other, { signal, mountFrom })).toBe(2_000);
      expect(await registry.hasBlob(second, other.digest, { signal })).toBe(true);
    } finally {
      await server.stop();
    }
  });
});
