import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryRegistry } from '../../../tests/fakes/memory-registry.ts';
import { APP, Folders } from '../../../tests/image/workbench.ts';
import { Interrupted } from '../../errors.ts';
import { DiskFiles } from '../../io/disk-files.ts';
import { digestOf } from '../../release/digest.ts';
import { pullDocument } from '../assemble/blobs.ts';
import { manifestSchema, readAs } from '../assemble/manifest-schema.ts';
import { layoutOfArchive } from './docker-archive.ts';
import { pushLayout, unpack } from './layout.ts';

const NEVER = new AbortController().signal;
const LAYER = Buffer.from('pretend that this is a tar file'.repeat(50));
const CONFIG = Buffer.from(
  JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
);
const folders = new Folders();
const files = new DiskFiles();
afterEach(() => folders.remove());

interface Entry {
  readonly name: string;
  readonly content?: Buffer;
  readonly linkname?: string;
}

/** As Docker 20.10 writes it: a folder for each layer, the second the same as the first. */
const OLD: readonly Entry[] = [
  { name: 'aaa/layer.tar', content: LAYER },
  { name: 'bbb/layer.tar', linkname: '../aaa/layer.tar' },
  { name: 'config.json', content: CONFIG },
  { name: 'manifest.json', content: list('config.json', ['aaa/layer.tar', 'bbb/layer.tar']) },
];
/** As Docker 25 and later write it: an OCI layout with plain layers, and the old list beside it. */
const NEW: readonly Entry[] = [
  { name: 'blobs/sha256/c', content: CONFIG },
  { name: 'blobs/sha256/l', content: LAYER },
  { name: 'oci-layout', content: Buffer.from('{}') },
  { name: 'manifest.json', content: list('blobs/sha256/c', ['blobs/sha256/l', 'blobs/sha256/l']) },
];

describe('what docker save writes', () => {
  it.each([
    ['version 20.10', OLD],
    ['version 25', NEW],
    [
      'a layer that is compressed already',
      [
        { name: 'l', content: gzipSync(LAYER) },
        { name: 'config.json', content: CONFIG },
        { name: 'manifest.json', content: list('config.json', ['l', 'l']) },
      ],
    ],
  ])('becomes an image with compressed layers: %s', async (_, entries) => {
    const registry = new MemoryRegistry();
    const { layout, manifest, config } = await convert(entries);
    expect(config).toBe(digestOf(CONFIG));
    await pushLayout({ registry, files, signal: NEVER }, APP, layout, manifest.descriptor);
    const stored = await registry.manifest(APP, manifest.descriptor.digest);
    const [layer, twin] = (stored && readAs(manifestSchema, stored.bytes)?.layers) ?? [];
    expect(layer?.digest).toBe(twin?.digest);
    const bytes = layer && (await pullDocument(registry, APP, layer, { signal: NEVER }));
    expect(gunzipSync(bytes ?? new Uint8Array())).toEqual(LAYER);
    expect(await registry.tags(APP)).toEqual([]);
  });

  it.each<[string, readonly Entry[]]>([
    ['no list of images', [{ name: 'config.json', content: CONFIG }]],
    ['a list that is none', [{ name: 'manifest.json', content: Buffer.from('<html>') }]],
    ['two images', [{ name: 'manifest.json', content: Buffer.from('[{},{}]') }]],
    ['a file outside of its folder', [{ name: '../../etc/passwd', content: CONFIG }]],
    [
      'a layer that leads out of it',
      [
        { name: 'x/l', linkname: '../../../etc/passwd' },
        { name: 'config.json', content: CONFIG },
        { name: 'manifest.json', content: list('config.json', ['x/l']) },
      ],
    ],
  ])('is refused with %s', async (_, entries) => {
    await expect(convert(entries)).rejects.toThrow(/BUILDER-RESULT/);
  });

  it('is refused when it ends in the middle', async () => {
    const root = folders.empty();
    const tar = await writeTar(root, OLD);
    const half = (await files.read(tar))?.subarray(0, 900) ?? new Uint8Array();
    await files.write(tar, half);
    await expect(unpack(tar, join(root, 'out'), NEVER)).rejects.toThrow(
      /its archive cannot be unpacked: .*BUILDER-RESULT/s,
    );
  });

  it('is left when the run ends, which is no fault of the disk', async () => {
    const root = folders.empty();
    const tar = await writeTar(root, OLD);
    await expect(unpack(tar, join(root, 'out'), AbortSignal.abort())).rejects.toThrow(Interrupted);
  });
});

async function convert(entries: readonly Entry[]) {
  const root = folders.empty();
  const links = await unpack(await writeTar(root, entries), join(root, 'archive'), NEVER);
  const layout = join(root, 'layout');
  return { layout, ...(await layoutOfArchive(files, join(root, 'archive'), links, layout, NEVER)) };
}

async function writeTar(root: string, entries: readonly Entry[]): Promise<string> {
  const tar = join(root, 'image.tar');
  const packing = pack();
  for (const { name, content, linkname } of entries) {
    if (linkname !== undefined) packing.entry({ name, type: 'symlink', linkname });
    else packing.entry({ name }, content ?? Buffer.alloc(0));
  }
  packing.finalize();
  await pipeline(packing, createWriteStream(tar));
  return tar;
}

function list(config: string, layers: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([{ Config: config, RepoTags: null, Layers: layers }]));
}
