import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { AssembledImage } from '../../shared/image/assemble/image-input.ts';
import { LayersSeal, SEAL } from '../../shared/image/dependencies/layers-seal.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import * as bench from './workbench.ts';

const folders = new bench.Folders();
afterEach(() => folders.remove());

/** More than a package may have in the layer that all share. */
const BULK = 'x'.repeat(4_000_001);
const PLAIN = ['bulky==1.0', 'greeter==1.0', 'large==1.0', 'tiny==1.0'];
const SHARED_INIT = 'tests/__init__.py';

interface Wheels {
  readonly [name: string]: Parameters<typeof bench.writeWheel>[3];
}

/** A registry with a base, and an index with two large packages and three small ones. */
async function scene(wheels: Wheels = {}) {
  const registry = new MemoryRegistry();
  await bench.storeBase(registry);
  const root = bench.projectWithWheels(folders.empty());
  const dir = join(root, 'wheels');
  for (const version of ['1.0', '1.1']) {
    for (const name of ['bulky', 'large']) {
      const own = wheels[name] ?? {};
      const files = { [`${name}/table.bin`]: `${name} ${version} ${BULK}`, ...own.files };
      bench.writeWheel(dir, name, version, { ...own, files });
    }
    for (const name of ['tiny', 'other']) bench.writeWheel(dir, name, version, wheels[name] ?? {});
  }
  const temp = folders.empty();
  const said: string[] = [];
  const tools = bench.toolsIn(registry, root, temp, { said });
  const installed: string[][] = [];
  const watching = {
    ...tools,
    exec: {
      ...tools.exec,
      run: async (command: Parameters<typeof tools.exec.run>[0]) => {
        if (command.argv.includes('install')) {
          const list = command.argv.at(-1) ?? '';
          installed.push(bench.readText(list).trim().split('\n'));
        }
        return tools.exec.run(command);
      },
    },
  };
  const build = (requirements: readonly string[], to = bench.APP): Promise<AssembledImage> => {
    installed.length = 0;
    registry.writes.length = 0;
    const pkg = bench.packageIn(folders.empty(), bench.FILES, requirements);
    return assembleImage(bench.inputFor(pkg, { to }), watching);
  };
  const as = (seal: LayersSeal | undefined) => Object.assign(watching, { seal });
  return { registry, build, installed, said, temp, as };
}

/** What is in each layer of packages, as another program lists it, and what can be imported of all together. */
async function contentOf(registry: MemoryRegistry, image: AssembledImage) {
  const { manifest, pull } = await bench.readImage(registry, bench.APP, image.digest);
  const layers = manifest.layers.slice(2, -1);
  const root = folders.empty();
  const names: string[][] = [];
  for (const layer of layers) {
    const bytes = await pull(layer);
    execFileSync('tar', ['-xz', '-C', root], { input: bytes });
    const listed = execFileSync('tar', ['-tz'], { input: bytes }).toString().split('\n');
    const tops = listed.map((line) => /^opt\/haute\/packages\/([^/]+)\/?$/.exec(line)?.[1] ?? '').filter(Boolean);
    names.push([...new Set(tops)].filter((name) => !name.endsWith('.dist-info')).sort());
  }
  return { layers, names, packages: join(root, 'opt/haute/packages') };
}

describe('layers of packages', () => {
  it('are one for each large package, and one for all others', async () => {
    const { registry, build } = await scene();
    const image = await build(PLAIN);
    const { names, packages } = await contentOf(registry, image);
    expect(names).toEqual([['bulky'], ['large'], ['greeter', 'tiny']]);
    const program =
      'import bulky, greeter, large, tiny; print(bulky.VERSION, greeter.VERSION, large.VERSION, tiny.VERSION)';
    const out = execFileSync('python3', ['-c', program], { env: { ...bench.env, PYTHONPATH: packages } });
    expect(out.toString().trim()).toBe('1.0 1.0 1.0 1.0');
    const { config } = await bench.readImage(registry, bench.APP, image.digest);
    expect(config.history.slice(2, -1).map((entry: { created_by: string }) => entry.created_by)).toEqual([
      'haute-ci: bulky 1.0',
      'haute-ci: large 1.0',
      'haute-ci: 2 packages for Python',
    ]);
  });

  it('name every package in the list of software, and every layer in the provenance', async () => {
    const { registry, build } = await scene();
    const image = await build(PLAIN);
    const { layers } = await contentOf(registry, image);
    const document = async (digest: string) => {
      const { manifest, pull } = await bench.readImage(registry, bench.APP, digest);
      return JSON.parse((await pull(manifest.layers[0] as never)).toString());
    };
    const { components } = await document(image.sbom);
    const libraries = components.filter(({ type }: { type: string }) => type === 'library');
    expect(libraries.map(({ name, version }: Record<string, string>) => `${name}==${version}`)).toEqual(PLAIN);
    const { predicate } = await document(image.provenance);
    const named = predicate.buildDefinition.resolvedDependencies.filter(
      ({ name }: { name: string }) => name === 'layer of packages',
    );
    expect(named.map(({ digest }: { digest: { sha256: string } }) => `sha256:${digest.sha256}`)).toEqual(
      layers.map(({ digest }) => digest),
    );
  });

  it('are the same whatever was in the registry before, and in whatever order the packages came there', async () => {
    const one = await scene();
    const first = await one.build(PLAIN);
    const other = await scene();
    await other.build(['large==1.0', 'other==1.0']);
    await other.build(['bulky==1.0', 'tiny==1.1']);
    const last = await other.build(PLAIN.toReversed());
    expect([last.digest, last.sbom, last.provenance]).toEqual([first.digest, first.sbom, first.provenance]);
    expect(other.installed).toEqual([['greeter==1.0', 'tiny==1.0']]);
  });

  it('that a small change leaves alone are neither installed nor sent', async () => {
    const { registry, build, installed, said } = await scene();
    await build(PLAIN);
    const image = await build(['bulky==1.0', 'greeter==1.0', 'large==1.0', 'tiny==1.1']);
    expect(installed).toEqual([['greeter==1.0', 'tiny==1.1']]);
    const sent = image.layers.filter(({ role }) => role === 'dependencies').map(({ sentBytes }) => sentBytes > 0);
    expect(sent).toEqual([false, false, true]);
    expect(image.sentBytes).toBeLessThan(20_000);
    expect(said.join('\n')).toMatch(/4 packages: 2 in the registry, installing 2/);
    expect((await contentOf(registry, image)).names).toEqual([['bulky'], ['large'], ['greeter', 'tiny']]);
  });

  it('that a large package changes are that one alone', async () => {
    const { build, installed } = await scene();
    await build(PLAIN);
    const image = await build(['bulky==1.0', 'greeter==1.0', 'large==1.1', 'tiny==1.0']);
    expect(installed).toEqual([['greeter==1.0', 'large==1.1', 'tiny==1.0']]);
    const sent = image.layers.filter(({ role }) => role === 'dependencies').map(({ sentBytes }) => sentBytes > 0);
    expect(sent).toEqual([false, true, false]);
  });

  it('may be all large, and are found again with nothing to install', async () => {
    const { build, installed } = await scene();
    await build(['bulky==1.0', 'tiny==1.0']);
    await build(['large==1.0', 'tiny==1.0']);
    const image = await build(['bulky==1.0', 'large==1.0']);
    expect([installed, image.layers.map(({ role }) => role)]).toEqual([
      [],
      ['base', 'base', 'dependencies', 'dependencies', 'application'],
    ]);
  });

  it.each(['layer', 'facts'])('are made again one by one where the %s of one is gone', async (what) => {
    const { registry, build, installed } = await scene();
    const first = await build(PLAIN);
    for (const tag of await registry.tags(bench.APP)) {
      if (!tag.startsWith('haute-deps-')) continue;
      const { manifest, config } = await bench.readImage(registry, bench.APP, tag);
      const isLarge = config.layers.length === 1 && config.layers[0].packages[0].name === 'large';
      const [layer] = manifest.layers;
      if (isLarge && layer) registry.forget(bench.APP, what === 'layer' ? layer.digest : manifest.config.digest);
    }
    const other = await build(['bulky==1.0', 'greeter==1.0', 'large==1.0', 'tiny==1.1']);
    expect(installed).toEqual([['greeter==1.0', 'large==1.0', 'tiny==1.1']]);
    expect(other.layers[3]?.digest).toBe(first.layers[3]?.digest);
  });

  it.each<[string, readonly string[]]>([
    ['of other packages', ['greeter==1.0', 'tiny==1.0']],
    ['of the same ones and one more', [...PLAIN, 'other==1.0']],
  ])('that are said to be %s are made again', async (_, requirements) => {
    const { registry, build } = await scene();
    const wanted = await build(PLAIN);
    const tagOf = async () => (await registry.tags(bench.APP)).filter((each) => each.startsWith('haute-deps-'));
    const before = await tagOf();
    await build(requirements);
    const [tag = ''] = (await tagOf()).filter((each) => !before.includes(each));
    const { manifest, config } = await bench.readImage(registry, bench.APP, tag);
    for (const each of before) {
      const { config: own } = await bench.readImage(registry, bench.APP, each);
      const facts = await bench.storeBlob(registry, bench.APP, manifest.config.mediaType, { ...config, key: own.key });
      await bench.storeManifest(registry, bench.APP, bench.MANIFEST, { ...manifest, config: { ...facts } }, each);
    }
    expect(await build(PLAIN)).toMatchObject({ dependencies: 'built', digest: wanted.digest });
  });

  it('of the form before are not taken for those of this one', async () => {
    const { registry, build } = await scene();
    const image = await build(PLAIN);
    const tags = (await registry.tags(bench.APP)).filter((each) => each.startsWith('haute-deps-'));
    for (const tag of tags) {
      const { manifest } = await bench.readImage(registry, bench.APP, tag);
      const older = { ...manifest, artifactType: 'application/vnd.haute.dependencies.v1' };
      await bench.storeManifest(registry, bench.APP, bench.MANIFEST, older, tag);
    }
    expect(await build(PLAIN)).toMatchObject({ dependencies: 'built', digest: image.digest });
  });
});

describe('layers of packages that others put into the repository', () => {
  const OTHERS = new LayersSeal('f'.repeat(32));
  const ours = (registry: MemoryRegistry) =>
    registry.tags(bench.APP).then((tags) => tags.filter((each) => each.startsWith('haute-deps-')));

  /** What somebody who may push, and has read everything there is, makes of the tags: other code under true names. */
  async function poison(registry: MemoryRegistry, more: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const tag of await ours(registry)) {
      const { manifest, config } = await bench.readImage(registry, bench.APP, tag);
      const evil = await bench.storeBytes(registry, bench.APP, manifest.layers[0]?.mediaType ?? '', gzipSync('evil'));
      const layers = config.layers.map((layer: object) => ({ ...layer, diffId: digestOf('evil') }));
      const facts = await bench.storeBlob(registry, bench.APP, manifest.config.mediaType, { ...config, layers });
      const annotations = { ...manifest.annotations, ...more };
      const next = { ...manifest, annotations, config: { ...facts }, layers: manifest.layers.map(() => ({ ...evil })) };
      await bench.storeManifest(registry, bench.APP, bench.MANIFEST, next, tag);
    }
  }

  it('are not taken: the same image is made from wheels, and the tags are mended', async () => {
    const { registry, build, said } = await scene();
    const clean = await build(PLAIN);
    await poison(registry);
    expect(await build(PLAIN)).toMatchObject({ dependencies: 'built', digest: clean.digest });
    expect(said.join('\n')).toMatch(
      /haute-deps-\w+ is not sealed with HAUTE_LAYERS_KEY: its packages are installed anew/,
    );
    expect(await build(PLAIN)).toMatchObject({ dependencies: 'found', digest: clean.digest });
  });

  it.each(['with the seal of other layers', 'with no seal', 'with a seal of another key'])(
    'are not taken %s',
    async (how) => {
      const { registry, build, installed, as } = await scene();
      if (how === 'with a seal of another key') as(OTHERS);
      const clean = await build(PLAIN);
      if (how !== 'with a seal of another key') await poison(registry, how === 'with no seal' ? { [SEAL]: '' } : {});
      as(bench.SEAL);
      const again = await build(['bulky==1.0', 'greeter==1.0', 'large==1.0', 'tiny==1.1']);
      expect(installed).toEqual([['bulky==1.0', 'greeter==1.0', 'large==1.0', 'tiny==1.1']]);
      expect(again.layers.slice(2, 4)).toMatchObject(clean.layers.slice(2, 4).map(({ digest }) => ({ digest })));
    },
  );

  it('are not taken where they are those of another lock, sealed as they are', async () => {
    const { registry, build, said } = await scene();
    await build(['other==1.0', 'tiny==1.0']);
    const [other = ''] = await ours(registry);
    const clean = await build(['greeter==1.0', 'tiny==1.0']);
    const { manifest } = await bench.readImage(registry, bench.APP, other);
    for (const tag of await ours(registry))
      await bench.storeManifest(registry, bench.APP, bench.MANIFEST, manifest, tag);
    expect(await build(['greeter==1.0', 'tiny==1.0'])).toMatchObject({ dependencies: 'built', digest: clean.digest });
    expect(said.join('\n')).toMatch(/haute-deps-\w+ is sealed for other packages: its packages are installed anew/);
  });

  it('are not taken where they were sealed for another repository', async () => {
    const { registry, build, said } = await scene();
    await build(PLAIN);
    const theirs = { ...bench.APP, repository: 'team/home' };
    for (const tag of await ours(registry)) {
      const { manifest, pull } = await bench.readImage(registry, bench.APP, tag);
      for (const blob of [manifest.config, ...manifest.layers])
        await bench.storeBytes(registry, theirs, blob.mediaType, await pull(blob));
      await bench.storeManifest(registry, theirs, bench.MANIFEST, manifest, tag);
    }
    expect((await build(PLAIN, theirs)).dependencies).toBe('built');
    expect(said.join('\n')).toMatch(/haute-deps-\w+ is not sealed/);
    expect((await build(PLAIN, theirs)).dependencies).toBe('found');
  });

  it('are neither looked for nor left there by a job without the key, which sends no layer twice', async () => {
    const { registry, build, as } = await scene();
    const sealed = await build(PLAIN);
    as(undefined);
    await poison(registry);
    registry.reads.length = 0;
    const plain = await build(PLAIN);
    expect(plain).toMatchObject({ dependencies: 'built', digest: sealed.digest });
    expect(plain.layers.every(({ sentBytes }) => sentBytes === 0)).toBe(true);
    expect([...registry.reads, ...registry.writes].filter((line) => line.includes('haute-deps-'))).toEqual([]);
  });
});

describe('two packages that bring the same file', () => {
  const bringing = (path: string, ...contents: readonly string[]): Wheels =>
    Object.fromEntries(['tiny', 'large', 'bulky'].map((name, n) => [name, { files: { [path]: contents[n] ?? '' } }]));

  it('with the same content are both in the image', async () => {
    const { registry, build } = await scene(bringing(SHARED_INIT, 'same', 'same', 'same'));
    const { packages } = await contentOf(registry, await build(PLAIN));
    expect(bench.readText(packages, SHARED_INIT)).toBe('same');
  });

  it.each([
    ['installed at the same time', ['greeter==1.0', 'other==1.0', 'tiny==1.0'], 'other and tiny'],
    ['a large one that is in the registry', ['large==1.0', 'tiny==1.0'], 'large and tiny'],
    ['two large ones that are in the registry', ['bulky==1.0', 'large==1.0'], 'bulky and large'],
  ])('with code that differs are refused: %s', async (_, requirements, names) => {
    const wheels = { ...bringing(SHARED_INIT, 'one', 'two', 'three'), other: { files: { [SHARED_INIT]: 'four' } } };
    const { registry, build, temp } = await scene(wheels);
    await build(['large==1.0', 'greeter==1.0']);
    await build(['bulky==1.0', 'greeter==1.0']);
    const error = await build(requirements).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toMatchObject([
      { code: 'IMAGE-PACKAGES-OVERLAP', what: `${names} each bring another content of tests/__init__.py` },
    ]);
    expect([registry.writes.filter((line) => line.startsWith('manifest')), bench.leftIn(temp)]).toEqual([[], []]);
  });

  it('with a text that differs give that of the last by name, and of the shared layer, every time', async () => {
    const wheels = { ...bringing('README.md', 'tiny', 'large', 'bulky'), other: { files: { 'README.md': 'other' } } };
    const digests = new Set<string>();
    for (const before of [[], ['large==1.0'], ['bulky==1.0', 'large==1.0', 'tiny==1.1']]) {
      const { registry, build } = await scene(wheels);
      if (before.length > 0) await build(before);
      const image = await build(['bulky==1.0', 'large==1.0', 'other==1.0', 'tiny==1.0']);
      digests.add(image.digest);
      const { packages } = await contentOf(registry, image);
      expect(bench.readText(packages, 'README.md')).toBe('tiny');
    }
    expect(digests.size).toBe(1);
  });
});

describe('a file that a wheel does not list', () => {
  it('is in the layer of its package', async () => {
    const path = 'large/unlisted.txt';
    const { registry, build } = await scene({ large: { files: { [path]: 'there' }, unlisted: [path] } });
    await build(['large==1.0', 'tiny==1.0']);
    const { packages } = await contentOf(registry, await build(['large==1.0', 'tiny==1.1']));
    expect(bench.readText(packages, path)).toBe('there');
  });
});
