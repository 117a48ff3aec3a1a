import { describe, expect, it } from 'vitest';
import { MemoryRegistry } from '../../../tests/fakes/memory-registry.ts';
import { ConfigError, GateFailure } from '../../errors.ts';
import type { BuiltFrom } from '../../ports/artifact-store.ts';
import type { StoredManifest } from '../../ports/registry.ts';
import { digestOf } from '../../release/digest.ts';
import { giveTags } from './give-tags.ts';
import { tagsFor } from './tags.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const TO = { registry: 'registry.example', repository: 'motor' };
const call = { signal: new AbortController().signal };

function from(change: Partial<BuiltFrom> = {}): BuiltFrom {
  return { commit: COMMIT, committedAt: undefined, dirty: false, version: undefined, ...change };
}

describe('the tags of an image', () => {
  it.each<[string, BuiltFrom, readonly string[], readonly string[], readonly string[]]>([
    ['a commit', from(), [], ['0123456789ab'], []],
    ['a commit with a version', from({ version: '1.4.2' }), [], ['0123456789ab', '1.4.2'], []],
    ['files that differ from the commit', from({ dirty: true, version: '1.4.2' }), ['try'], [], ['try']],
    ['no checkout', from({ commit: null }), [], [], []],
    ['wishes, each once', from(), ['latest', 'latest', '0123456789ab'], ['0123456789ab'], ['latest']],
  ])('of %s', (_, source, wished, fixed, moving) => {
    expect(tagsFor(source, wished)).toEqual({ fixed, moving });
  });

  it.each(['with space', '-first', 'a/b', 'x'.repeat(129), '', 'staging', 'production', 'uat.haute'])(
    'are refused when %j is asked for',
    (tag) => {
      expect(() => tagsFor(from(), [tag, 'good'])).toThrow(ConfigError);
    },
  );
});

describe('giving tags', () => {
  it('writes each, and nothing where they are right already', async () => {
    const registry = new MemoryRegistry();
    const image = await stored(registry, 'one');
    const tags = { fixed: ['c'], moving: ['latest'] };
    expect(await giveTags(registry, TO, image, tags, call)).toEqual([
      'registry.example/motor:c',
      'registry.example/motor:latest',
    ]);
    const writes = registry.writes.length;
    await giveTags(registry, TO, image, tags, call);
    expect(registry.writes).toHaveLength(writes);
  });

  it('refuses to take a fixed tag from another image, and gives none of the others', async () => {
    const registry = new MemoryRegistry();
    await giveTags(registry, TO, await stored(registry, 'one'), { fixed: ['1.4.2'], moving: [] }, call);
    const other = await stored(registry, 'two');
    const refused = giveTags(registry, TO, other, { fixed: ['c', '1.4.2'], moving: ['latest'] }, call);
    await expect(refused).rejects.toThrow(GateFailure);
    await expect(refused).rejects.toThrow(/IMAGE-TAG-TAKEN/);
    expect(await registry.tags(TO)).toEqual(['1.4.2']);
  });

  it('moves the others', async () => {
    const registry = new MemoryRegistry();
    for (const name of ['one', 'two']) {
      await giveTags(registry, TO, await stored(registry, name), { fixed: [], moving: ['latest'] }, call);
    }
    expect((await registry.manifest(TO, 'latest'))?.descriptor.digest).toBe(
      (await stored(registry, 'two')).descriptor.digest,
    );
  });

  it('does not move the tag of an environment', async () => {
    const registry = new MemoryRegistry();
    const image = await stored(registry, 'one');
    await registry.pushManifest(TO, image, 'uat.haute', call);
    await expect(giveTags(registry, TO, image, { fixed: ['c'], moving: ['uat'] }, call)).rejects.toThrow(ConfigError);
    expect(await registry.tags(TO)).toEqual(['uat.haute']);
  });

  it('does not believe a registry that says it wrote a tag and did not', async () => {
    const registry = new MemoryRegistry();
    const image = await stored(registry, 'one');
    registry.pushManifest = async () => undefined;
    await expect(giveTags(registry, TO, image, { fixed: ['c'], moving: [] }, call)).rejects.toThrow(/IMAGE-TAG-LOST/);
  });
});

async function stored(registry: MemoryRegistry, name: string): Promise<StoredManifest> {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, annotations: { name } }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const image = { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
  await registry.pushManifest(TO, image, undefined, call);
  return image;
}
