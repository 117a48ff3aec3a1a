import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, GateFailure, Interrupted, ProviderError } from '../../shared/errors.ts';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { ImageInput } from '../../shared/image/assemble/image-input.ts';
import { attachRelease } from '../../shared/image/attest/release-record.ts';
import { decodeRelease } from '../../shared/release/codec.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { newRelease } from '../../shared/release/release.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import * as bench from './workbench.ts';

const folders = new bench.Folders();
afterEach(() => folders.remove());

/** A project, a registry with a base image, and a folder for temporary files. */
async function scene(files: Readonly<Record<string, string | Uint8Array>> = bench.FILES) {
  const registry = new MemoryRegistry();
  const base = await bench.storeBase(registry);
  const root = bench.projectWithWheels(folders.empty());
  const temp = folders.empty();
  const pkg = bench.packageIn(folders.empty(), files);
  const said: string[] = [];
  const tools = bench.toolsIn(registry, root, temp, { said });
  registry.writes.length = 0;
  const build = (change: Partial<ImageInput> = {}) => assembleImage(bench.inputFor(pkg, change), tools);
  return { registry, base, root, temp, pkg, said, tools, build };
}

async function entriesOf(layer: Uint8Array) {
  const tar = extract();
  tar.end(gunzipSync(layer));
  const entries = [];
  for await (const entry of tar) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry) pieces.push(piece as Uint8Array);
    const { name, mode, uid, gid, mtime, type } = entry.header;
    entries.push({
      name,
      mode: mode.toString(8),
      uid,
      gid,
      mtime: mtime.getTime(),
      type,
      text: Buffer.concat(pieces).toString(),
    });
  }
  return entries;
}

describe('an image', () => {
  it('is the base, a layer of packages and a layer of the application, run by a user that is not root', async () => {
    const { registry, base, pkg, build } = await scene();
    const image = await build();
    const { manifest, config, stored, pull } = await bench.readImage(registry, bench.APP, image.digest);
    expect(stored.descriptor.digest).toBe(image.digest);
    expect(image.reference).toBe(`registry.example/team/motor@${image.digest}`);
    const [, , dependencies, application] = await Promise.all(manifest.layers.map(pull));
    expect(manifest.layers).toHaveLength(4);
    expect(config.rootfs.diff_ids.slice(2)).toEqual(
      [dependencies, application].map((each) => digestOf(gunzipSync(each as Buffer))),
    );
    expect(config).toMatchObject({
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-01T12:00:00Z',
      config: {
        User: '65532:65532',
        WorkingDir: '/app',
        Entrypoint: ['python3', 'haute_release_serve.py'],
        Cmd: ['--host', '0.0.0.0', '--port', '8080'],
        ExposedPorts: { '8080/tcp': {} },
        StopSignal: 'SIGTERM',
        Healthcheck: { Test: ['CMD', 'python3', '-S', '-E', '-c', expect.stringContaining('127.0.0.1:8080/health')] },
      },
    });
    expect(config.config.Env).toEqual(
      expect.arrayContaining([
        'PYTHON_VERSION=3.11.9',
        'HAUTE_EXECUTION_MEMORY_POLICY=strict_server',
        'PYTHONPATH=/opt/haute/packages',
      ]),
    );
    expect(config.history.map((entry: { created_by: string }) => entry.created_by)).toEqual([
      'base image',
      'base image',
      'haute-ci: greeter 1.0',
      `haute-ci: package ${pkg.digest}`,
    ]);
    const names = {
      'org.opencontainers.image.title': 'motor',
      'org.opencontainers.image.source': 'https://github.com/acme/motor',
      'org.opencontainers.image.revision': 'a'.repeat(40),
      'org.opencontainers.image.version': '1.4.0',
      'org.opencontainers.image.created': '2026-01-01T12:00:00Z',
      'org.opencontainers.image.base.name': 'python:3.11.9-slim',
      'org.opencontainers.image.base.digest': base.descriptor.digest,
      'dev.haute.package': pkg.digest,
    };
    expect(manifest.annotations).toMatchObject(names);
    expect(config.config.Labels).toMatchObject({ ...names, maintainer: 'base' });
  });

  it("has the package's files and nothing of the machine in its layers", async () => {
    const { registry, build } = await scene();
    const { manifest, pull } = await bench.readImage(registry, bench.APP, (await build()).digest);
    const [dependencies, application] = await Promise.all(manifest.layers.slice(2).map(pull));
    const inApplication = await entriesOf(application as Buffer);
    expect(inApplication.map(({ name }) => name)).toEqual(
      [
        'app/',
        'app/.haute_cache/',
        'app/app.py',
        'app/artifacts/',
        'app/artifacts/rates.json',
        'app/deploy_manifest.json',
        'app/haute_release_serve.py',
        'app/package-files.json',
      ].map((name) => name.replace(/\/$/, '')),
    );
    for (const entry of inApplication) {
      const owner = entry.name === 'app/.haute_cache' ? 65_532 : 0;
      const mode = entry.type === 'directory' ? '755' : '644';
      expect(entry).toMatchObject({ uid: owner, gid: owner, mtime: 0, mode });
    }
    const inDependencies = await entriesOf(dependencies as Buffer);
    const packages = inDependencies
      .filter(({ type }) => type === 'file')
      .map(({ name }) => name.slice('opt/haute/packages/'.length));
    expect(packages).toEqual(
      [
        'greeter/__init__.py',
        ...['METADATA', 'RECORD', 'WHEEL', 'entry_points.txt'].map((name) => `greeter-1.0.dist-info/${name}`),
      ].sort(),
    );
    const record = inDependencies.find(({ name }) => name.endsWith('RECORD'))?.text;
    expect(
      record
        ?.trim()
        .split('\n')
        .map((line) => line.split(',')[0]),
    ).toEqual(packages);
  });

  it('is served by what is in its layers: its packages can be imported from where its environment says', async () => {
    const { registry, build } = await scene();
    const { manifest, config, pull } = await bench.readImage(registry, bench.APP, (await build()).digest);
    const root = folders.empty();
    for (const layer of manifest.layers.slice(2)) {
      execFileSync('tar', ['-xz', '-C', root], { input: await pull(layer) });
    }
    const python = (config.config.Env as string[]).find((line) => line.startsWith('PYTHONPATH='))?.split('=')[1];
    const program =
      'import greeter, importlib.metadata as m; print(greeter.VERSION, m.version("greeter"), len(m.files("greeter")))';
    const out = execFileSync('python3', ['-c', program], {
      env: { ...bench.env, PYTHONPATH: join(root, python ?? '') },
    });
    expect(out.toString().trim()).toBe('1.0 1.0 5');
  });
});

describe('a build of changed rates', () => {
  it('reads no wheel, and sends the application, a configuration and manifests', async () => {
    const { registry, build, root, tools, said } = await scene();
    await build();
    const changed = bench.packageIn(folders.empty(), { ...bench.FILES, 'artifacts/rates.json': '{ "base": 101 }\n' });
    const noUv = {
      ...tools,
      exec: { run: () => Promise.reject(new Error(`nothing is run in ${root}`)), detach: tools.exec.detach },
    };
    registry.writes.length = 0;
    said.length = 0;
    const image = await assembleImage(bench.inputFor(changed), noUv);
    expect(image.dependencies).toBe('found');
    expect(image.layers.map(({ role, sentBytes }) => [role, sentBytes > 0])).toEqual([
      ['base', false],
      ['base', false],
      ['dependencies', false],
      ['application', true],
    ]);
    expect(said.join('\n')).toMatch(/1 packages: found in the registry/);
    // The configuration, the application, the provenance; the list of what is in the image is the same.
    expect(registry.writes.filter((line) => line.startsWith('blob'))).toHaveLength(3);
    expect(image.sentBytes).toBeGreaterThan(image.layers[3]?.sentBytes ?? Number.NaN);
  });

  it('sends nothing but manifests when nothing changed, and gives the same image', async () => {
    const { registry, build } = await scene();
    const first = await build();
    registry.writes.length = 0;
    const again = await build();
    expect(again.digest).toBe(first.digest);
    expect(registry.writes.every((line) => line.startsWith('manifest'))).toBe(true);
    expect(again.layers.every(({ sentBytes }) => sentBytes === 0)).toBe(true);
    expect(again.reusedBytes).toBe(again.layers.reduce((sum, { size }) => sum + size, 0));
  });

  it.each(['layer', 'facts', 'manifest'])('makes the packages again when their %s is not what it was', async (what) => {
    const { registry, build } = await scene();
    const first = await build();
    const [tag = ''] = (await registry.tags(bench.APP)).filter((each) => each.startsWith('haute-deps-'));
    const { manifest } = await bench.readImage(registry, bench.APP, tag);
    if (what === 'layer') registry.forget(bench.APP, manifest.layers[0]?.digest ?? digestOf(''));
    if (what === 'facts') registry.forget(bench.APP, manifest.config.digest);
    if (what === 'manifest')
      await bench.storeManifest(registry, bench.APP, bench.MANIFEST, { ...manifest, artifactType: 'other' }, tag);
    const again = await build();
    expect(again).toMatchObject({ dependencies: 'built', digest: first.digest });
    expect((await build()).dependencies).toBe('found');
  });

  it('has other packages for another lock, platform or Python', async () => {
    const { registry, build, tools } = await scene();
    await bench.storeBase(registry, bench.BASES, { tag: '3.12.1', env: ['PYTHON_VERSION=3.12.1'] });
    await bench.storeBase(registry, bench.BASES, { tag: 'arm', architecture: 'arm64' });
    await build();
    const locked = bench.packageIn(folders.empty(), bench.FILES, ['greeter==1.1']);
    const builds = [
      await assembleImage(bench.inputFor(locked), tools),
      await build({ base: bench.baseReference('3.12.1') }),
      await build({ base: bench.baseReference('arm'), platform: { os: 'linux', architecture: 'arm64' } }),
      await build({ libc: 'musl' }),
    ];
    expect(builds.map(({ dependencies }) => dependencies)).toEqual(Array(4).fill('built'));
    const tags = (await registry.tags(bench.APP)).filter((each) => each.startsWith('haute-deps-'));
    expect(tags).toHaveLength(5);
  });
});

describe('the same commit', () => {
  it('is the same image in another folder, with cold or warm caches, from another order of requirements and files', async () => {
    const one = await scene();
    const first = await one.build();
    const reversed = Object.fromEntries(Object.entries(bench.FILES).reverse());
    const two = await scene(reversed);
    const again = await two.build();
    const { digest } = await (await scene()).build({ tags: ['other'] });
    expect([again.digest, digest]).toEqual([first.digest, first.digest]);
    expect([again.sbom, again.provenance]).toEqual([first.sbom, first.provenance]);
  });
});

describe('a base image', () => {
  it('is mounted from a repository of the same registry', async () => {
    const { registry, build } = await scene();
    const image = await build();
    expect(registry.writes.filter((line) => line.startsWith('mount'))).toHaveLength(2);
    expect(image.layers.slice(0, 2).map(({ sentBytes }) => sentBytes)).toEqual([0, 0]);
  });

  it('is copied from another registry as it is, whatever its layers are packed with', async () => {
    const { registry, build } = await scene();
    const hub = { registry: 'docker.io', repository: 'library/python' };
    const docker = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    const zstd = {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
      bytes: Buffer.from('28b52ffd0400010000', 'hex'),
    };
    const layers = [{ ...bench.tinyLayer(3), mediaType: docker }, zstd];
    await bench.storeBase(registry, hub, {
      layers,
      manifestType: 'application/vnd.docker.distribution.manifest.v2+json',
      configType: 'application/vnd.docker.container.image.v1+json',
    });
    const image = await build({ base: bench.baseReference('3.11.9-slim', hub) });
    const { manifest, pull } = await bench.readImage(registry, bench.APP, image.digest);
    expect(await Promise.all(manifest.layers.slice(0, 2).map(pull))).toEqual(
      layers.map(({ bytes }) => Buffer.from(bytes)),
    );
    expect(manifest.layers.slice(0, 2).map(({ mediaType }) => mediaType)).toEqual([
      'application/vnd.oci.image.layer.v1.tar+gzip',
      zstd.mediaType,
    ]);
    expect(image.layers.slice(0, 2).map(({ sentBytes }) => sentBytes)).toEqual(layers.map(({ bytes }) => bytes.length));
  });

  it.each([
    ['an OCI index', bench.INDEX],
    ['a Docker manifest list', 'application/vnd.docker.distribution.manifest.list.v2+json'],
  ])('is chosen for the platform from %s', async (_, mediaType) => {
    const { registry, build } = await scene();
    const arm = await bench.storeBase(registry, bench.BASES, { architecture: 'arm64', tag: 'arm' });
    const amd = await bench.storeBase(registry, bench.BASES, { tag: 'amd' });
    const index = await bench.storeManifest(
      registry,
      bench.BASES,
      mediaType,
      {
        manifests: [
          { ...amd.descriptor, platform: { os: 'unknown', architecture: 'unknown' } },
          { ...arm.descriptor, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
          { ...amd.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
        ],
      },
      'multi',
    );
    const platform = { os: 'linux', architecture: 'arm64' } as const;
    const image = await build({ base: bench.baseReference('multi'), platform });
    expect(image.baseDigest).toBe(index.descriptor.digest);
    const { config } = await bench.readImage(registry, bench.APP, image.digest);
    expect(config.architecture).toBe('arm64');
  });

  it.each<[string, string, RegExp, (registry: MemoryRegistry) => Promise<unknown>]>([
    ['is missing', 'BASE-IMAGE-MISSING', /python:bad is not there/, async () => undefined],
    [
      'is for another platform',
      'BASE-IMAGE-PLATFORM',
      /not for linux\/amd64, but for linux\/s390x/,
      (registry) => bench.storeBase(registry, bench.BASES, { tag: 'bad', architecture: 's390x' }),
    ],
    [
      'has no entry for the platform',
      'BASE-IMAGE-PLATFORM',
      /but for linux\/arm\/v7/,
      async (registry) => {
        const { descriptor } = await bench.storeBase(registry, bench.BASES, { tag: 'other' });
        const manifests = [{ ...descriptor, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } }];
        return bench.storeManifest(registry, bench.BASES, bench.INDEX, { manifests }, 'bad');
      },
    ],
    [
      'is not Linux',
      'BASE-IMAGE-NOT-LINUX',
      /is for windows/,
      (registry) => bench.storeBase(registry, bench.BASES, { tag: 'bad', os: 'windows' }),
    ],
    [
      'is Windows on every platform',
      'BASE-IMAGE-NOT-LINUX',
      /is for windows/,
      async (registry) => {
        const { descriptor } = await bench.storeBase(registry, bench.BASES, { tag: 'other' });
        const manifests = [{ ...descriptor, platform: { os: 'windows', architecture: 'amd64' } }];
        return bench.storeManifest(registry, bench.BASES, bench.INDEX, { manifests }, 'bad');
      },
    ],
    [
      'is of schema 1',
      'BASE-IMAGE-KIND',
      /it is application\/vnd.docker.distribution.manifest.v1/,
      (registry) =>
        bench.storeManifest(
          registry,
          bench.BASES,
          'application/vnd.docker.distribution.manifest.v1+prettyjws',
          { fsLayers: [] },
          'bad',
        ),
    ],
    [
      'has no configuration',
      'BASE-IMAGE-KIND',
      /no configuration to run it with/,
      (registry) =>
        bench.storeBase(registry, bench.BASES, { tag: 'bad', configType: 'application/vnd.oci.empty.v1+json' }),
    ],
    [
      'is something else than an image',
      'BASE-IMAGE-KIND',
      /it is application\/json/,
      (registry) => bench.storeManifest(registry, bench.BASES, 'application/json', {}, 'bad'),
    ],
    [
      'has a layer that nobody may copy',
      'BASE-IMAGE-KIND',
      /layer of application\/vnd.docker.image.rootfs.foreign/,
      (registry) =>
        bench.storeBase(registry, bench.BASES, {
          tag: 'bad',
          layers: [{ mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', bytes: Buffer.from('x') }],
        }),
    ],
    [
      'lost its configuration',
      'BASE-IMAGE-BROKEN',
      /configuration sha256:\w+ is not there/,
      async (registry) => {
        const { bytes } = await bench.storeBase(registry, bench.BASES, { tag: 'bad', env: ['PYTHON_VERSION=3.11.8'] });
        registry.forget(bench.BASES, JSON.parse(new TextDecoder().decode(bytes)).config.digest);
      },
    ],
    [
      'says of another number of layers than it has',
      'BASE-IMAGE-BROKEN',
      /2 layers, its configuration 1/,
      (registry) => bench.storeBase(registry, bench.BASES, { tag: 'bad', diffIds: 1 }),
    ],
    [
      'does not say which Python it has',
      'IMAGE-PYTHON-UNKNOWN',
      /does not say which Python/,
      (registry) => bench.storeBase(registry, bench.BASES, { tag: 'bad', env: [] }),
    ],
  ])('that %s ends with %s', async (_, code, message, store) => {
    const { registry, build, temp } = await scene();
    await store(registry);
    const error = await build({ base: bench.baseReference('bad') }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({ code, what: expect.stringMatching(message) });
    expect(await registry.tags(bench.APP)).toEqual([]);
    expect(bench.leftIn(temp)).toEqual([]);
  });

  it('that does not say which Python it has can be told by the project, and not otherwise contradicted', async () => {
    const { registry, build } = await scene();
    await bench.storeBase(registry, bench.BASES, { tag: 'silent', env: [] });
    expect((await build({ base: bench.baseReference('silent'), python: '3.11.4' })).python).toBe('3.11.4');
    await expect(build({ python: '3.12.1' })).rejects.toThrow(/has Python 3.11.9, and the setting says 3.12.1/);
  });

  it('whose bytes are not those of its digest is not copied', async () => {
    const { registry, build } = await scene();
    const hub = { registry: 'docker.io', repository: 'library/python' };
    const { bytes } = await bench.storeBase(registry, hub);
    const [layer] = JSON.parse(new TextDecoder().decode(bytes)).layers;
    registry.corrupt(hub, layer.digest, Buffer.alloc(layer.size));
    await expect(build({ base: bench.baseReference('3.11.9-slim', hub) })).rejects.toThrow(ProviderError);
    expect(await registry.tags(bench.APP)).toEqual([]);
  });
});

describe('a package', () => {
  it.each<[string, string, (dir: string) => void | Promise<void>]>([
    ['a symbolic link to a file', 'a symbolic link', (dir) => symlinkSync('/etc/hostname', join(dir, 'extra'))],
    ['a symbolic link to a folder', 'a symbolic link', (dir) => symlinkSync('/etc', join(dir, 'extra'))],
    ['a pipe', 'a named pipe', (dir) => void execFileSync('mkfifo', [join(dir, 'extra')])],
    ...(process.getuid?.() === 0
      ? [
          [
            'a device',
            'a device',
            (dir: string) => void execFileSync('mknod', [join(dir, 'extra'), 'c', '1', '3']),
          ] as [string, string, (dir: string) => void],
        ]
      : []),
  ])('with %s is refused', async (_, kind, add) => {
    const { registry, build, pkg, temp } = await scene();
    await add(pkg.dir);
    const error = await build().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(new RegExp(`extra in the package is ${kind}.*IMAGE-PACKAGE-KIND`));
    expect([await registry.tags(bench.APP), bench.leftIn(temp)]).toEqual([[], []]);
  });

  it('with a socket is refused', async () => {
    const { build, pkg } = await scene();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(pkg.dir, 'extra'), resolve));
    await expect(build()).rejects.toThrow(/extra in the package is a socket/);
    await new Promise((resolve) => server.close(resolve));
  });

  it.each<[string, RegExp, (dir: string) => void]>([
    [
      'a changed file',
      /artifacts\/rates.json was changed/,
      (dir) => writeFileSync(join(dir, 'artifacts/rates.json'), '{ "base": 999 }\n'),
    ],
    [
      'another length',
      /artifacts\/rates.json was changed/,
      (dir) => writeFileSync(join(dir, 'artifacts/rates.json'), 'x'),
    ],
    ['an added file', /extra.py was added/, (dir) => writeFileSync(join(dir, 'extra.py'), '')],
    ['a changed list', /package-files.json was changed/, (dir) => writeFileSync(join(dir, 'package-files.json'), '{}')],
  ])('with %s is not the one that was accepted', async (_, message, change) => {
    const { build, pkg, registry, temp } = await scene();
    change(pkg.dir);
    const error = await build().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateFailure);
    expect((error as GateFailure).message).toMatch(message);
    expect([await registry.tags(bench.APP), bench.leftIn(temp)]).toEqual([[], []]);
  });

  it('that was served is packed without what Haute noted there', async () => {
    const { build, pkg } = await scene();
    const before = await build();
    mkdirSync(join(pkg.dir, '.haute_cache'));
    writeFileSync(join(pkg.dir, '.haute_cache', 'notes'), 'x');
    expect((await build()).digest).toBe(before.digest);
  });

  it('may have long names, names of other alphabets, and files larger than what is read at once', async () => {
    const long = `artifacts/${'d'.repeat(90)}/${'f'.repeat(200)}.json`;
    const large = Buffer.alloc(3 * 1024 * 1024 + 7, 'tariff ');
    const files = { ...bench.FILES, [long]: 'long', 'artifacts/prämie.json': 'umlaut', 'artifacts/large.bin': large };
    const { registry, build } = await scene(files);
    const { manifest, pull } = await bench.readImage(registry, bench.APP, (await build()).digest);
    const root = folders.empty();
    execFileSync('tar', ['-xz', '-C', root], { input: await pull(manifest.layers[3] as never) });
    expect(bench.readText(root, 'app', long)).toBe('long');
    expect(bench.readText(root, 'app/artifacts/prämie.json')).toBe('umlaut');
    expect(bench.readText(root, 'app/artifacts/large.bin')).toBe(large.toString());
  });
});

describe('requirements', () => {
  it.each<[string, readonly string[], string, RegExp]>([
    [
      'only a source distribution',
      ['sourced==1.0'],
      'IMAGE-NO-WHEEL',
      /sourced==1.0 has no wheel for Python 3.11.9 on linux\/amd64 \(glibc\)/,
    ],
    ['only a wheel for another system', ['windowed==1.0'], 'IMAGE-NO-WHEEL', /windowed==1.0 has no wheel/],
    ['no such version', ['greeter==9.9'], 'IMAGE-REQUIREMENT-MISSING', /does not have greeter==9.9/],
    ['no such package', ['greeter==1.0', 'nobody==1.0'], 'IMAGE-REQUIREMENT-MISSING', /does not have nobody/],
  ])('with %s are told by name', async (_, requirements, code, message) => {
    const { root, tools, registry, temp } = await scene();
    execFileSync('tar', ['-czf', join(root, 'wheels', 'sourced-1.0.tar.gz'), '-C', root, 'uv.toml']);
    bench.writeWheel(join(root, 'wheels'), 'windowed', '1.0', { platform: 'win_amd64' });
    const pkg = bench.packageIn(folders.empty(), bench.FILES, requirements);
    const error = await assembleImage(bench.inputFor(pkg), tools).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({ code, what: expect.stringMatching(message) });
    if (code === 'IMAGE-NO-WHEEL') expect((error as ConfigError).message).toContain('`builder: docker`');
    expect([await registry.tags(bench.APP), bench.leftIn(temp)]).toEqual([[], []]);
  });

  it('that no index answers for are no fault of the user', async () => {
    const { root, pkg, tools } = await scene();
    writeFileSync(join(root, 'uv.toml'), 'index-url = "http://127.0.0.1:1/simple"\n');
    const offline = { ...tools, env: { ...tools.env, UV_HTTP_RETRIES: '0' } };
    const error = await assembleImage(bench.inputFor(pkg), offline).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).problem.code).toBe('IMAGE-INSTALL-FAILED');
  });

  it('are not installed without uv', async () => {
    const { tools, pkg } = await scene();
    const withoutUv = { ...tools, env: { PATH: folders.empty() } };
    await expect(assembleImage(bench.inputFor(pkg), withoutUv)).rejects.toThrow(
      /uv, which is not on this machine.*IMAGE-UV-MISSING/,
    );
  });
});

describe('a build that does not get to its end', () => {
  it('moves no tag, and leaves no file', async () => {
    const { registry, tools, pkg, temp } = await scene();
    const full = new ProviderError({ code: 'REGISTRY-FULL', what: 'the registry is full', fix: 'make room' });
    registry.pushBlob = async () => {
      throw full;
    };
    await expect(assembleImage(bench.inputFor(pkg), { ...tools, registry })).rejects.toBe(full);
    expect([await registry.tags(bench.APP), bench.leftIn(temp)]).toEqual([[], []]);
  });

  it('says what is wrong with its package, also where the registry fails as well', async () => {
    const { registry, tools, pkg } = await scene();
    writeFileSync(join(pkg.dir, 'extra.py'), '');
    const full = new ProviderError({ code: 'REGISTRY-FULL', what: 'the registry is full', fix: 'make room' });
    registry.pushBlob = async () => {
      throw full;
    };
    await expect(assembleImage(bench.inputFor(pkg), { ...tools, registry })).rejects.toThrow(/extra.py was added/);
  });

  it.each([
    ['comes to its end where the registry moves no tag of packages', 'REGISTRY-TAG-IMMUTABLE', true],
    ['fails where the registry refuses what they are found by for another reason', 'REGISTRY-LOGIN-REFUSED', false],
  ])('%s', async (_, code, ends) => {
    const { registry, build } = await scene();
    const push = registry.pushManifest.bind(registry);
    registry.pushManifest = async (...args) => {
      if (!args[2]?.startsWith('haute-deps-')) return push(...args);
      throw new ConfigError({ code, what: 'the registry refuses it', fix: 'ask its owner' });
    };
    const said = await build().then(
      () => undefined,
      (error: unknown) => error instanceof ConfigError && error.problems[0].code,
    );
    expect(said).toBe(ends ? undefined : code);
    expect(await registry.tags(bench.APP)).toEqual(ends ? ['abc1234'] : []);
  });

  it('stores everything that refers to the image before a tag is moved to it', async () => {
    const { registry, build } = await scene();
    const { digest, sbom, provenance } = await build({ tags: ['abc1234', 'v1'] });
    const order = registry.writes.filter((line) => line.startsWith('manifest')).map((line) => line.split(' ')[2]);
    expect(order).toEqual([expect.stringMatching(/^haute-deps-/), digest, sbom, provenance, 'abc1234', 'v1']);
  });

  it.each(['at once', 'while packages are installed', 'in the middle of an upload'])(
    'ends when it is stopped %s',
    async (when) => {
      const { registry, tools, pkg, temp } = await scene();
      const stop = new AbortController();
      if (when === 'at once') stop.abort();
      const push = registry.pushBlob.bind(registry);
      registry.pushBlob = async (...args) => {
        stop.abort();
        if (args[2].signal.aborted) throw new Interrupted();
        return push(...args);
      };
      const progress = (line: string) => {
        if (when === 'while packages are installed' && line.includes('installing')) stop.abort();
      };
      await expect(
        assembleImage(bench.inputFor(pkg), { ...tools, signal: stop.signal, progress }),
      ).rejects.toBeInstanceOf(Interrupted);
      expect([await registry.tags(bench.APP), bench.leftIn(temp)]).toEqual([[], []]);
    },
  );
});

describe('a release', () => {
  it('is found from the image that it is of', async () => {
    const { registry, build, pkg } = await scene();
    const image = await build();
    const { stored } = await bench.readImage(registry, bench.APP, image.digest);
    const release = newRelease({
      schema: 'haute.release/1',
      project: 'motor',
      model: 'motor',
      commit: null,
      target: 'container',
      artifact: { kind: 'image', name: 'registry.example/team/motor', digest: image.digest },
      packageDigest: pkg.digest,
      manifestDigest: pkg.manifestDigest,
      engine: pkg.engine,
    });
    const call = { signal: new AbortController().signal };
    const attached = await attachRelease(registry, bench.APP, stored.descriptor, release, call);
    const found = await registry.referrers(bench.APP, image.digest, 'application/vnd.haute.release.v1+json');
    expect(found).toMatchObject([{ digest: attached, annotations: { 'dev.haute.release': release.id } }]);
    const { manifest, pull } = await bench.readImage(registry, bench.APP, attached);
    expect(decodeRelease((await pull(manifest.layers[0] as never)).toString(), 'release')).toEqual(release);
  });
});
