import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../shared/release/digest.ts';
import { toolOrSkip } from '../tools/install.ts';
import { clientOf, nameIn, pushImage, signal } from './client.ts';
import { imageOf, noise, referrerOf } from './images.ts';
import { crane, type Program, startDebianRegistry, startReferrersRegistry } from './programs.ts';
import { FaultyProxy, type Handler } from './proxy.ts';

const debian = toolOrSkip('docker-registry');
const referrers = toolOrSkip('referrers-registry-0.22.1');
const craneProgram = toolOrSkip('crane-0.22.1');
const SBOM = 'application/vnd.cyclonedx+json';
const PROVENANCE = 'application/vnd.in-toto+json';

const KINDS = [
  ...(debian === undefined ? [] : [{ kind: 'without the API', start: () => startDebianRegistry(debian) }]),
  ...(referrers === undefined ? [] : [{ kind: 'with the API', start: () => startReferrersRegistry(referrers) }]),
];

describe.each(KINDS)('what belongs to an image, in a registry $kind', ({ kind, start }) => {
  let server: Program;
  let proxy: FaultyProxy;
  let count = 0;
  beforeAll(async () => {
    server = await start();
    proxy = await FaultyProxy.start(server.host);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(() => proxy.reset());

  /** An image in a repository of its own, and its tag of the list. */
  async function image() {
    count += 1;
    const client = clientOf();
    const name = nameIn(proxy.host, `team/subject-${count}`);
    const whole = await imageOf(noise(2_000, count));
    await pushImage(client, name, whole, 'v1');
    const { descriptor } = whole.manifest;
    return { client, name, descriptor, tag: descriptor.digest.replace(':', '-') };
  }

  it('is found again, all of it or of one kind', async () => {
    const { client, name, descriptor } = await image();
    const { registry } = client;
    expect(await registry.referrers(name, descriptor.digest, undefined, { signal })).toEqual([]);
    const [sbom, provenance] = [referrerOf(descriptor, SBOM, 'sbom'), referrerOf(descriptor, PROVENANCE, 'built')];
    for (const each of [sbom, provenance, sbom]) await pushImage(client, name, each);
    const all = await registry.referrers(name, descriptor.digest, undefined, { signal });
    const digests = [sbom, provenance].map(({ manifest }) => manifest.descriptor.digest);
    expect(sorted(all)).toEqual(digests.toSorted());
    // Google's takes the kind from the configuration, so that all of ours are of one there.
    const own = all.find(({ digest }) => digest === sbom.manifest.descriptor.digest)?.artifactType;
    const found = await registry.referrers(name, descriptor.digest, own, { signal });
    const ofKind = all.filter(({ artifactType }) => artifactType === own);
    expect(sorted(found)).toEqual(sorted(ofKind));
    if (kind === 'without the API') expect([own, found.length]).toEqual([SBOM, 1]);
    expect(await registry.referrers(name, descriptor.digest, 'application/x-none', { signal })).toEqual([]);
    expect(await registry.referrers(name, digestOf('none'), undefined, { signal })).toEqual([]);
  });

  it('is listed under a tag that others read, where nobody else keeps the list', async () => {
    const { client, name, descriptor, tag } = await image();
    const sbom = referrerOf(descriptor, SBOM, 'sbom');
    await pushImage(client, name, sbom);
    const index = JSON.parse(crane(craneProgram ?? '', ['manifest', `${server.host}/${name.repository}:${tag}`]));
    expect(index.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(index.manifests).toEqual([
      { ...sbom.manifest.descriptor, artifactType: SBOM, annotations: { title: 'sbom' } },
    ]);
    const listed = crane(craneProgram ?? '', ['validate', '--remote', `${server.host}/${name.repository}:${tag}`]);
    expect(listed).toContain('PASS');
  });

  it('is left to a registry that says that it keeps the list', async () => {
    const { client, name, descriptor, tag } = await image();
    proxy.handle = ({ method, path }) =>
      method === 'PUT' && path.includes('/manifests/')
        ? async (exchange) => {
            const { headers, ...answer } = await exchange.forward();
            exchange.reply({ ...answer, headers: { ...headers, 'oci-subject': descriptor.digest } });
          }
        : undefined;
    await pushImage(client, name, referrerOf(descriptor, SBOM, 'sbom'));
    expect(await client.registry.manifest(name, tag, { signal })).toBeUndefined();
  });

  it('stays whole when two write at once', async () => {
    const { client, name, descriptor, tag } = await image();
    const other = referrerOf(descriptor, PROVENANCE, 'other');
    const list = `/manifests/${tag}`;
    let isFirst = true;
    // Between our reading of the list and our writing, somebody else's list takes its place.
    proxy.handle = ({ method, path }) => {
      if (method !== 'PUT' || !path.endsWith(list) || !isFirst) return undefined;
      isFirst = false;
      return async (exchange) => {
        const answer = await exchange.forward();
        const straight = clientOf();
        const there = nameIn(server.host, name.repository);
        await pushImage(straight, there, other);
        const entry = { ...other.manifest.descriptor, artifactType: PROVENANCE };
        const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: LIST, manifests: [entry] }));
        const theirs = { bytes, descriptor: { mediaType: LIST, digest: digestOf(bytes), size: bytes.length } };
        await straight.registry.pushManifest(there, theirs, tag, { signal });
        exchange.reply(answer);
      };
    };
    const sbom = referrerOf(descriptor, SBOM, 'sbom');
    await pushImage(client, name, sbom);
    const index = await client.registry.manifest(name, tag, { signal });
    const digests = JSON.parse(Buffer.from(index?.bytes ?? []).toString('utf8')).manifests.map(
      ({ digest }: { digest: string }) => digest,
    );
    expect(digests).toEqual([other, sbom].map(({ manifest }) => manifest.descriptor.digest));
  });

  it.runIf(kind === 'with the API')(
    'is filtered here and over all pages, where the registry does neither',
    async () => {
      const { client, name, descriptor } = await image();
      const entry = (title: string, artifactType: string, created: string) => ({
        ...referrerOf(descriptor, artifactType, title).manifest.descriptor,
        artifactType,
        annotations: { 'org.opencontainers.image.created': created },
      });
      const [old, middle, late] = [
        entry('late', SBOM, '2026-03-01T00:00:00Z'),
        entry('other', PROVENANCE, '2026-02-01T00:00:00Z'),
        entry('old', SBOM, '2026-01-01T00:00:00Z'),
      ];
      const page =
        (manifests: readonly object[], link?: string): Handler =>
        (exchange) =>
          exchange.reply({
            status: 200,
            headers: link ? { link } : {},
            body: JSON.stringify({ schemaVersion: 2, mediaType: LIST, manifests }),
          });
      proxy.handle = ({ path }) => {
        if (!path.includes('/referrers/')) return undefined;
        if (path.includes('page=2')) return page([late]);
        return page([old, middle], `<${path}&page=2>; rel="next"`);
      };
      const found = await client.registry.referrers(name, descriptor.digest, SBOM, { signal });
      expect(found.map(({ digest }) => digest)).toEqual([late?.digest, old?.digest]);
    },
  );
});

const LIST = 'application/vnd.oci.image.index.v1+json';

/** Google's lists them in any order. */
function sorted(found: readonly { readonly digest: string }[]): readonly string[] {
  return found.map(({ digest }) => digest).toSorted();
}
