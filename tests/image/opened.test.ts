import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, describe, expect, it } from 'vitest';
import { openPackage } from '../../shared/engine/open-package.ts';
import { ConfigError, GateFailure, ProviderError } from '../../shared/errors.ts';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import { packageHistory } from '../../shared/image/assemble/image-config.ts';
import { openImage } from '../../shared/image/store/open-image.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { type Digest, digestOf } from '../../shared/release/digest.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import * as bench from './workbench.ts';

const NEVER = new AbortController().signal;
const folders = new bench.Folders();
afterEach(() => folders.remove());

const CONTENT = {
  ...bench.FILES,
  'requirements.txt': 'greeter==1.0\n',
  'artifacts/model.bin': new Uint8Array(3_000_000).map((_, at) => (at * at) >> 7),
};

/** An assembled image in a registry, and where packages are to be put. */
async function scene() {
  const bare = emptyScene();
  const { registry, pkg } = bare;
  await bench.storeBase(registry);
  const root = bench.projectWithWheels(folders.empty());
  const { digest } = await assembleImage(bench.inputFor(pkg), bench.toolsIn(registry, root, folders.empty()));
  return { ...bare, digest, open: (image: Digest = digest) => bare.open(image) };
}

/** The same without an image. */
function emptyScene() {
  const registry = new MemoryRegistry();
  const pkg = bench.packageIn(folders.empty(), CONTENT);
  const packagesDir = join(folders.empty(), 'packages');
  const temp = folders.empty();
  const files = new DiskFiles(undefined, temp);
  const open = (image: Digest) =>
    openImage(
      { registry, files, packagesDir, openPackage: (dir, expected) => openPackage(files, dir, expected) },
      `${bench.APP.registry}/${bench.APP.repository}@${image}`,
      pkg.digest,
      NEVER,
    );
  return { registry, pkg, open, packagesDir, files, temp };
}

type Scene = ReturnType<typeof emptyScene>;
type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

/** An image that says that its one layer is the package. */
async function imageOf({ registry, pkg }: Scene, layer: Uint8Array, history = packageHistory(pkg.digest)) {
  const config = await bench.storeBlob(registry, bench.APP, 'application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf('any')] },
    history: [{ created_by: 'WORKDIR /app', empty_layer: true }, { created_by: history }],
  });
  const described = await bench.storeBytes(registry, bench.APP, 'application/vnd.oci.image.layer.v1.tar+gzip', layer);
  const manifest = { config: { ...config }, layers: [{ ...described }] };
  return (await bench.storeManifest(registry, bench.APP, bench.MANIFEST, manifest, undefined)).descriptor.digest;
}

async function layerOf(entries: readonly Entry[]): Promise<Uint8Array> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, header.type === undefined ? content : '');
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar) pieces.push(piece as Uint8Array);
  return gzipSync(Buffer.concat(pieces));
}

/** The code of what an image is refused with, and that nothing of it is left. */
async function refusal({ packagesDir, temp, open }: Scene, image: Digest): Promise<string> {
  const error = await open(image).catch((thrown: unknown) => thrown);
  if (!(error instanceof GateFailure || error instanceof ConfigError || error instanceof ProviderError)) throw error;
  expect([existsSync(packagesDir) ? readdirSync(packagesDir) : [], bench.leftIn(temp)]).toEqual([[], []]);
  return error.message;
}

describe('the package in an image', () => {
  it('is on this machine afterwards, byte for byte, from one layer of the image', async () => {
    const { registry, pkg, open } = await scene();
    registry.reads.length = 0;
    const opened = await open();
    expect(opened.digest).toBe(pkg.digest);
    expect(opened.requirements).toEqual(['greeter==1.0']);
    const byPath = (all: typeof pkg.files) => Object.fromEntries(all.map(({ path, digest }) => [path, digest]));
    expect(byPath(opened.files)).toEqual(byPath(pkg.files));
    // The configuration, and the layer: not those of the base and of the packages.
    expect(registry.reads.filter((line) => line.startsWith('blob'))).toHaveLength(2);
  });

  it('is the same one of each platform of an index', async () => {
    const { registry, digest, open, pkg } = await scene();
    const stored = await registry.manifest(bench.APP, digest);
    if (!stored) throw new Error('no image');
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [{ ...stored.descriptor, platform }];
    const index = await bench.storeManifest(registry, bench.APP, bench.INDEX, { manifests }, undefined);
    expect((await open(index.descriptor.digest)).digest).toBe(pkg.digest);
  });

  it('is fetched once, and again where somebody changed it', async () => {
    const { registry, open, files } = await scene();
    const { dir } = await open();
    registry.reads.length = 0;
    await open();
    expect(registry.reads).toEqual([]);
    appendFileSync(join(dir, 'app.py'), '# changed');
    await open();
    expect(registry.reads).not.toEqual([]);
    await expect(openPackage(files, dir, (await open()).digest)).resolves.toBeDefined();
  });

  it('is refused where the registry gives other bytes than those of the layer', async () => {
    const scenery = await scene();
    const { registry, digest } = scenery;
    const { manifest } = await bench.readImage(registry, bench.APP, digest);
    registry.corrupt(bench.APP, manifest.layers.at(-1)?.digest as Digest, new Uint8Array(100));
    expect(await refusal(scenery, digest)).toContain('DIGEST_INVALID');
  });

  it('is refused where the image is gone', async () => {
    expect(await refusal(emptyScene(), digestOf('none'))).toContain('ARTIFACT-MISSING');
  });

  it.each([
    ['a Dockerfile made its layers', 'COPY . /app # buildkit'],
    ['it is another package', packageHistory(digestOf('other'))],
  ])('cannot be told from the other layers where %s', async (_, history) => {
    const scenery = emptyScene();
    const image = await imageOf(scenery, await layerOf([{ name: 'app/app.py', content: 'x' }]), history);
    expect(await refusal(scenery, image)).toContain('OFFLINE-IMAGE');
  });

  it.each<[string, readonly Entry[], string]>([
    ['leads out of its folder', [{ name: 'app/../../outside', content: 'x' }], 'holds file'],
    ['is somewhere else in the image', [{ name: 'etc/passwd', content: 'x' }], 'holds file'],
    ['has a name from the root', [{ name: '/app/app.py', content: 'x' }], 'holds file'],
    ['is a symbolic link', [{ name: 'app/app.py', type: 'symlink', linkname: '/etc/passwd' }], 'holds symlink'],
    ['is a link to another file', [{ name: 'app/app.py', type: 'link', linkname: 'app/other' }], 'holds link'],
    ['is a device', [{ name: 'app/null', type: 'character-device' }], 'holds character-device'],
    ['takes the place of a folder', [{ name: 'app', content: 'x' }], 'holds file'],
    ['has a backslash in its name', [{ name: 'app/..\\outside', content: 'x' }], 'holds file'],
    ["is put among Haute's notes", [{ name: 'app/.haute_cache/model.bin', content: 'x' }], 'holds file'],
    ["takes the place of Haute's notes", [{ name: 'app/.haute_cache', content: 'x' }], 'holds file'],
    ['has a name that no disk takes', [{ name: `app/${'f'.repeat(300)}`, content: 'x' }], 'ENAMETOOLONG'],
    [
      'is below a file',
      [
        { name: 'app/a', content: 'x' },
        { name: 'app/a/b', content: 'y' },
      ],
      'cannot be unpacked',
    ],
    [
      'takes the place of a folder that holds a file',
      [
        { name: 'app/a/b', content: 'x' },
        { name: 'app/a', content: 'y' },
      ],
      'cannot be unpacked',
    ],
    [
      'is there twice',
      [
        { name: 'app/a', content: 'x' },
        { name: 'app/a', content: 'y' },
      ],
      'ARTIFACT-CHANGED',
    ],
    ['is no part of the package', [{ name: 'app/app.py', content: 'x' }], 'package-files.json is not there'],
  ])('is refused where something in its layer %s', async (_, entries, why) => {
    const scenery = emptyScene();
    const said = await refusal(scenery, await imageOf(scenery, await layerOf(entries)));
    expect(said).toContain('ARTIFACT-CHANGED');
    expect(said).toContain(why);
  });

  it.each<[string, (layer: Uint8Array) => Uint8Array]>([
    ['is no gzip', () => new TextEncoder().encode('not a layer')],
    ['ends in the middle', (layer) => layer.subarray(0, layer.length >> 1)],
  ])('is refused where its layer %s', async (_, change) => {
    const scenery = emptyScene();
    const content = Array.from({ length: 20_000 }, (__, line) => `line ${(line * 7919) % 10_007}\n`).join('');
    const layer = change(await layerOf([{ name: 'app/app.py', content }]));
    expect(await refusal(scenery, await imageOf(scenery, layer))).toMatch(/cannot be unpacked: .*ARTIFACT-CHANGED/s);
  });
});
